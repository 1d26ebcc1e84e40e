# Figures that tell whether it works: read from the ledger and the letters, for any day
# of the past two years, and stored nowhere.
from . import (
    dunning_insight_age,
    dunning_insight_agreement,
    dunning_insight_cash,
    dunning_insight_cost,
    dunning_insight_dispute,
    dunning_insight_letter,
    dunning_insight_month,
)
