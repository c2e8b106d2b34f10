"""Of attention in proportion to value and risk."""

from django.db.models import TextChoices


class MonitoringFrequency(TextChoices):
    """How often a contract is looked at in full. Risk and JET are returned every month whatever this says."""

    MONTHLY = "monthly", "Every month"
    QUARTERLY = "quarterly", "Every quarter"
    HALF_YEARLY = "half_yearly", "Twice a year"


class MeetingPattern(TextChoices):
    """How often the contract management board meets."""

    MONTHLY = "monthly", "Every month"
    QUARTERLY = "quarterly", "Every quarter"
    HALF_YEARLY = "half_yearly", "Twice a year"
    YEARLY = "yearly", "Once a year"
    AS_NEEDED = "as_needed", "When needed"
