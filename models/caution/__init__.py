"""What else to know before a letter goes out: bills of the debtor, bounced mails."""

from . import dunning_notice
