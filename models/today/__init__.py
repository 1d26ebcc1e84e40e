# What waits for somebody today: the start screen. This room only knows how a card is
# counted; which cards there are is told by the rooms where the work is.
from . import dunning_today
