"""Of service reviews."""

from django.db.models import TextChoices


class ReviewElementKind(TextChoices):
    """The elements of a service review, in their order (Lincolnshire County Council, 12 September 2014)."""

    CURRENT_SERVICE = "current_service", "Review of current services"
    CONSULTATION = "consultation", "Consultation and engagement with key stakeholders"
    FINANCE = "finance", "Financial review"
    OPTIONS = "options", "Options appraisal"
    APPROVAL = "approval", "Political approval process"


class ElementState(TextChoices):
    NOT_STARTED = "not_started", "Not started"
    UNDER_WAY = "under_way", "Under way"
    DONE = "done", "Done"
    NOT_NEEDED = "not_needed", "Not needed"


class Horizon(TextChoices):
    SHORT = "short", "Short term"
    LONG = "long", "Long term"


class Sourcing(TextChoices):
    """How the service will be provided: right sourcing, not only outsourcing."""

    IN_HOUSE = "in_house", "In-house"
    GRANT = "grant", "Grant"
    CONTRACT = "contract", "Contract"
    JOINT = "joint", "Jointly with another commissioner"
    NONE = "none", "Not at all"
