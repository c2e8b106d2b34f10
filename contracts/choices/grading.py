"""Of the assessment behind a grade: whose view, the balanced scorecard, the rating of the Procurement Act."""

from django.db.models import TextChoices


class Side(TextChoices):
    """Who is heard before the contract officer grades. The officer's own view is the return."""

    SERVICE_MANAGER = "service_manager", "Service manager"
    SUPPLIER = "supplier", "Supplier"


class Perspective(TextChoices):
    PERFORMANCE = "performance", "Performance"
    RISK = "risk", "Risk"
    QUALITY = "quality", "Quality"
    COST = "cost", "Cost"
    OUTCOMES = "outcomes", "Outcomes"


class Standing(TextChoices):
    STRONG = "strong", "Strong"
    SOUND = "sound", "Sound"
    WEAK = "weak", "Weak"


class ActRating(TextChoices):
    """The terms of the Procurement Regulations 2024 (SI 2024/692), regulation 39(5), letter for letter."""

    GOOD = "good", "Good"
    APPROACHING_TARGET = "approaching_target", "Approaching target"
    REQUIRES_IMPROVEMENT = "requires_improvement", "Requires improvement"
    INADEQUATE = "inadequate", "Inadequate"
    OTHER = "other", "Other"
