"""What officers wrote. About services, never about a child."""

from datetime import date
from random import Random
from typing import Final

from contracts.choices import Risk

from .calendar import OCTOBER, SEPTEMBER
from .ratings import Rating

WRITTEN: Final[dict[tuple[str, date], str]] = {
    (
        "Short breaks for CWD",
        SEPTEMBER,
    ): "Three night posts still empty. Provider covers with agency staff; two weekends cancelled. Families told late.",
    ("CAMHS Tier 3", OCTOBER): "Waits down for the sixth month; two posts still empty.",
    (
        "Youth Housing, Lincoln",
        OCTOBER,
    ): "Lease of one house not renewed. Six places lost from 1 November, no replacement.",
    ("LAC & SEND placements", OCTOBER): "Two of the nine providers suspended new places after inspection.",
    ("Adoption support", OCTOBER): "Waiting time doubled since August; the only therapist left.",
    (
        "Domiciliary care for CWD",
        SEPTEMBER,
    ): "Nine missed visits. Provider handed back the coastal round without a plan.",
    ("Leaving Care, East", SEPTEMBER): "Advisers carry 32 young people each against 22 agreed.",
    ("Speech and Language Therapy", OCTOBER): "School waits back within 12 weeks for the first time this year.",
}
"""By title and month."""

STARTED: Final = (
    "Waiting for the provider's figures.",
    "To check with the service manager:",
    "Visit on the 29th,",
)
"""What stands in a return that is not finished."""

RED: Final = (
    "Recovery plan missed for another month; escalated to the contract management board.",
    "Staffing below the agreed level on most shifts. Formal warning letter sent.",
    "Provider cannot say how it will deliver the rest of the year's hours.",
    "Service suspended in two places; cover arranged at our cost.",
    "Most indicators under target and the action plan is late.",
    "Turnover of managers again. Weekly calls with the provider's director.",
)
AMBER: Final = (
    "Two vacancies, cover in place. Plan due next month.",
    "Attendance below target; provider is trying evening sessions.",
    "Data came late and incomplete. Officer visits on the 20th.",
    "Waiting list longer than agreed, plan on course.",
    "Premises move delayed; sessions held in the library meanwhile.",
    "Referrals down by a fifth. Provider is meeting schools.",
    "One outcome measure short of target; improvement actions agreed.",
    "Complaint about late cancellations upheld, new rota from Monday.",
)
WORSE: Final = (
    "Slipped this month: two indicators fell below target.",
    "Manager left without a handover; figures not yet trusted.",
    "Fewer sessions than commissioned. Explanation asked for.",
    "Provider reports a shortfall in its own budget.",
)
BETTER: Final = (
    "New manager settled in; all sessions delivered.",
    "Vacancies filled and waiting list cleared.",
    "Action plan finished a month early.",
    "Better feedback from families, and figures bear it out.",
    "Outcomes above target for the quarter.",
)
STEADY: Final = (
    "No change: targets met, no concerns raised at the monthly meeting.",
    "Steady. Annual visit done, nothing to follow up.",
    "As last month; the quarter's figures come with the next return.",
    "Runs as specified. Feedback from schools remains good.",
    "All indicators on target again.",
)


def narrative(rng: Random, now: Rating, before: Rating | None, *, needed: bool) -> str:
    """A sentence where the rules ask for one; green contracts without change say nothing, as officers do."""
    if not needed:
        return ""
    return rng.choice(_pool(now, before))


def _pool(now: Rating, before: Rating | None) -> tuple[str, ...]:
    if now.risk == Risk.RED:
        return RED
    fell = before is not None and (now.jet or 0) < (before.jet or 0)
    rose = before is not None and (now.jet or 0) > (before.jet or 0)
    if now.risk == Risk.AMBER:
        return WORSE if fell else AMBER
    if fell:
        return WORSE
    return BETTER if rose or (before is not None and before.risk != now.risk) else STEADY
