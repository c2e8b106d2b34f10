from django.db.models import TextChoices


class ViewPage(TextChoices):
    """The lists whose address may be kept under a name."""

    REGISTER = "register", "Contracts"
    REVIEW = "review", "Monthly review"
