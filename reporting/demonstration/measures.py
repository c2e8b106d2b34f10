"""What the demonstration's contracts are measured by: invented, of the kind that such contracts have."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contracts.choices import KpiDirection, KpiFrequency, KpiUnit, Reporter

from .named import DISABILITY, EARLY_YEARS, EMOTIONAL, HEALTH, IN_NEED, LOCALITIES, LOOKED_AFTER, SCHOOLS, SEN


@dataclass(frozen=True)
class Measure:
    """A KPI as it is agreed; ``target`` is in its unit."""

    name: str
    target: int
    direction: KpiDirection = KpiDirection.AT_LEAST
    unit: KpiUnit = KpiUnit.PERCENT
    definition: str = ""
    frequency: KpiFrequency = KpiFrequency.MONTHLY
    reported_by: Reporter = Reporter.OFFICER

    def value(self, ahead: int) -> Decimal:
        """A reading so many units better than the target, or worse; a percentage stays one."""
        way = ahead if self.direction == KpiDirection.AT_LEAST else -ahead
        highest = 100 if self.unit == KpiUnit.PERCENT else 10_000
        return Decimal(min(max(self.target + way, 0), highest))


def _most(name: str, target: int, unit: KpiUnit = KpiUnit.PERCENT) -> Measure:
    return Measure(name, target, KpiDirection.AT_MOST, unit)


VACANCIES: Final = _most("Staff vacancy rate", 10)
CANCELLED: Final = _most("Sessions cancelled by the provider", 5)
SATISFIED: Final = Measure(
    "Families satisfied or very satisfied", 90, definition="Of those who answered the survey in the month."
)
DELIVERED: Final = Measure("Sessions delivered against sessions commissioned", 92)

BY_AREA: Final[dict[str, tuple[Measure, ...]]] = {
    LOOKED_AFTER: (
        Measure("Young people with an up-to-date plan", 92),
        Measure("Placements or tenancies kept for six months", 85),
        VACANCIES,
        Measure("Young people satisfied with their support", 85),
    ),
    LOCALITIES: (Measure("Families seen within 15 working days", 90), DELIVERED, CANCELLED, SATISFIED),
    DISABILITY: (DELIVERED, CANCELLED, VACANCIES, SATISFIED),
    SEN: (
        Measure("Advice returned within 6 weeks", 90),
        _most("Children waiting over 12 weeks", 15, KpiUnit.NUMBER),
        DELIVERED,
        SATISFIED,
    ),
    EARLY_YEARS: (
        Measure("Registered families seen in the quarter", 65),
        Measure("Places taken up", 80),
        CANCELLED,
        SATISFIED,
    ),
    SCHOOLS: (
        Measure("Schools visited as planned", 92),
        Measure("Schools satisfied with the advice", 85),
        CANCELLED,
        Measure("Reports sent within 10 working days", 90),
    ),
    IN_NEED: (
        Measure("Referrals seen within 10 working days", 90),
        Measure("Plans reviewed on time", 92),
        VACANCIES,
        SATISFIED,
    ),
    HEALTH: (
        Measure("Seen within 48 hours", 90),
        Measure("Planned endings of treatment", 70),
        _most("Appointments not attended", 12),
        SATISFIED,
    ),
    EMOTIONAL: (
        Measure("Seen within 4 weeks of referral", 90),
        _most("Appointments not attended", 10),
        Measure("Paired outcome measures showing improvement", 70),
        SATISFIED,
    ),
}
"""Weakest first: what falls short when a contract does badly."""

CAMHS: Final = (
    Measure(
        "ADHD assessments waiting over 12 weeks",
        10,
        KpiDirection.AT_MOST,
        KpiUnit.NUMBER,
        "Children on the list at the end of the month whose referral is more than 12 weeks old.",
    ),
    Measure(
        "Referral to first assessment within 6 weeks",
        95,
        definition="Of first assessments held in the month, those within 6 weeks of the referral.",
    ),
    Measure("Referral to treatment within 18 weeks", 95),
    Measure(
        "Appointments not attended",
        8,
        KpiDirection.AT_MOST,
        definition="Of appointments offered in the month, without notice of a day or more.",
    ),
    Measure("Paired outcome measures showing improvement", 70),
    Measure("Urgent referrals seen within 24 hours", 100),
)
CAMHS_VALUES: Final = (
    (34, 36, 38, 41, 44, 43, 40, 36, 30, 24, 21, 19),
    (85, 83, 81, 79, 78, 79, 81, 83, 86, 88, 89, 92),
    (94, 93, 91, 90, 90, 91, 92, 95, 95, 95, 95, 96),
    (8, 8, 11, 12, 11, 10, 8, 8, 8, 8, 8, 8),
    (71, 70, 68, 66, 66, 68, 71, 71, 72, 72, 73, 74),
    (100, 100, 98, 97, 98, 100, 100, 100, 100, 100, 100, 100),
)
"""November 2013 to October 2014, a line for each measure."""

SHORT_BREAKS: Final = (
    Measure(
        "Nights delivered against nights commissioned",
        95,
        definition="Overnight stays that took place, of those in the month’s schedule.",
    ),
    CANCELLED,
    VACANCIES,
    Measure("Parents and carers satisfied or very satisfied", 90),
    Measure("Children with a review in the last 6 months", 100),
    Measure("Children who chose an activity of their plan", 80, frequency=KpiFrequency.QUARTERLY),
    Measure("Staff with current moving and handling training", 90, frequency=KpiFrequency.QUARTERLY),
)
SHORT_BREAKS_VALUES: Final = (
    (96, 96, 97, 96, 96, 96, 96, 88, 89, 90, 92, 93),
    (4, 4, 3, 4, 4, 4, 4, 13, 11, 10, 9, 7),
    (9, 9, 8, 9, 9, 9, 9, 20, 19, 17, 16, 14),
    (92, 92, 93, 92, 92, 92, 92, 91, 91, 91, 91, 91),
    (100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100),
    (None, None, 82, None, None, 83, None, None, 82, None, None, 84),
    (None, None, 91, None, None, 92, None, None, 91, None, None, 93),
)
"""October 2013 to September 2014: October’s are begun only."""
SHORT_BREAKS_BEGUN: Final = (94, 6, None, 92, 100, None, None)
