from . import portal, portal_arrangement
