# What happened with a debtor, newest first. This room only knows what the ledger tells;
# each room adds the events of its own records.
from . import res_partner
