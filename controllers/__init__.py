from . import portal, portal_arrangement, portal_dispute
