"""Two people at once, with contracts as everywhere."""

from commissioning.services.conflict import Conflict

__all__ = ["Conflict"]
