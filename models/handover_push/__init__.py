"""Handovers that are posted to the system of the agency."""

from . import dunning_agency, dunning_handover
