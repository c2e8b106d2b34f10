"""Of key performance indicators and outcomes."""

from django.db.models import TextChoices


class KpiUnit(TextChoices):
    """A percentage may be worked out from a part and a whole; the others are typed."""

    PERCENT = "percent", "Per cent"
    NUMBER = "number", "Number"
    DAYS = "days", "Days"
    WEEKS = "weeks", "Weeks"
    POUNDS = "pounds", "Pounds"
    SCORE = "score", "Score"


class KpiDirection(TextChoices):
    AT_LEAST = "at_least", "At least"
    AT_MOST = "at_most", "At most"
    BETWEEN = "between", "Between"


class KpiFrequency(TextChoices):
    """Quarters, halves and years are of the financial year, which begins in April."""

    MONTHLY = "monthly", "Every month"
    QUARTERLY = "quarterly", "Every quarter"
    HALF_YEARLY = "half_yearly", "Twice a year"
    YEARLY = "yearly", "Once a year"


class Reporter(TextChoices):
    OFFICER = "officer", "Contract officer"
    PROVIDER = "provider", "Provider"


class KpiStanding(TextChoices):
    """A reading against its target, the tolerance taken off."""

    ABOVE = "above", "Better than target"
    ON = "on", "On target"
    BELOW = "below", "Short of target"


class KpiPlan(TextChoices):
    """What the provider does about a KPI that is short of its target, as the KPI column of JET asks."""

    NONE = "none", "No plan"
    WILLING = "willing", "Wants to improve, no plan yet"
    IN_PLACE = "in_place", "Plan in place"


class OutcomeTerm(TextChoices):
    SHORT = "short", "Short term"
    MEDIUM = "medium", "Medium term"
    LONG = "long", "Long term"


class OutcomeEffect(TextChoices):
    POSITIVE = "positive", "Positive"
    NEUTRAL = "neutral", "Neutral"
    NEGATIVE = "negative", "Negative"


class OutcomeState(TextChoices):
    """What a provider proposes is no outcome of the contract until the contract's officer agrees it."""

    PROPOSED = "proposed", "Proposed by the provider"
    AGREED = "agreed", "Agreed"
    DECLINED = "declined", "Declined"
