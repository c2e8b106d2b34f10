"""Values and who pays: invented contract by contract, so that the totals are the paper's to the penny."""

from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple

from contracts.choices import Risk

from .assessment import Assessed
from .money import (
    AMBER_ANNUAL,
    ANNUAL,
    AREA_TEAM_WHOLE_LIFE,
    CCGS_WHOLE_LIFE,
    PUBLIC_HEALTH_WHOLE_LIFE,
    RED_ANNUAL,
    WHOLE_LIFE,
    share_out,
)
from .named import HEALTH
from .people import AREA_TEAM, CCGS, COUNCIL, PUBLIC_HEALTH
from .register import COUNTYWIDE, EQUIPMENT, SENSORY, SERVICES, Draft

CAMHS: Final = "CAMHS Tier 3"
CAMHS_WHOLE_LIFE: Final = 32_000_000
CAMHS_YEARS: Final = 5
CAMHS_CCGS: Final = (1_220_000, 1_150_000, 770_000, 700_000)
"""A year, in the order of CCGS: West, East, South, South West."""
THERAPY: Final = "Speech and Language Therapy"

SENSORY_PART_FUNDED: Final = 5
SIZES: Final = (1.0, 1.3, 1.7, 2.3, 3.1, 4.2, 5.5, 7.0, 9.0)
"""Small contracts are many and large ones few: these grow by about a third a step."""
LIKELY: Final = (18, 18, 16, 14, 12, 9, 6, 4, 3)


class Plan(NamedTuple):
    """One kind of part-funded service: pounds a year of the whole and of each partner's part, for each contract."""

    annual: int
    ccgs: int
    public_health: int = 0
    area_team: int = 0


PLANS: Final = {
    THERAPY: Plan(520_000, 400_000),
    **dict.fromkeys(COUNTYWIDE, Plan(340_000, 80_000, area_team=200_000)),
    **dict.fromkeys(SERVICES[HEALTH], Plan(190_000, 30_000, public_health=137_500)),
    EQUIPMENT: Plan(112_000, 56_000),
    SENSORY: Plan(60_000, 28_800),
}


class Share(NamedTuple):
    """Whole pounds that one body pays."""

    body: str
    annual: int
    whole_life: int


class Value(NamedTuple):
    annual: int
    whole_life: int
    shares: tuple[Share, ...]


def value_contracts(rng: Random, rows: Sequence[Assessed]) -> list[Value]:
    """In the order of the contracts."""
    annual = _annual_values(rng, rows)
    whole_life = _whole_life_values(rows, annual)
    partners = _partners(rows)
    return [
        _value(annual[number], whole_life[number], partners.get(row.draft.title, ())) for number, row in enumerate(rows)
    ]


def council_only(annual: int, whole_life: int) -> Value:
    return _value(annual, whole_life, ())


def _value(annual: int, whole_life: int, partners: tuple[Share, ...]) -> Value:
    """The council pays what the partners do not."""
    council = Share(
        COUNCIL,
        annual - sum(share.annual for share in partners),
        whole_life - sum(share.whole_life for share in partners),
    )
    return Value(annual, whole_life, (council, *partners))


def plan_of(draft: Draft) -> Plan | None:
    return PLANS.get(draft.title) or PLANS.get(draft.service)


def _part_funded(rows: Sequence[Assessed]) -> list[Draft]:
    """The 23 contracts besides CAMHS that health bodies pay a part of."""
    sensory = [row.draft for row in rows if row.draft.service == SENSORY]
    council_pays_all = [draft.title for draft in sensory[SENSORY_PART_FUNDED:]]
    return [row.draft for row in rows if plan_of(row.draft) and row.draft.title not in council_pays_all]


def _annual_values(rng: Random, rows: Sequence[Assessed]) -> list[int]:
    """Laid down by name or plan; the rest shares what is left of its colour's total."""
    values = [_fixed(row.draft) for row in rows]
    totals = {Risk.RED: RED_ANNUAL, Risk.AMBER: AMBER_ANNUAL, Risk.GREEN: ANNUAL - RED_ANNUAL - AMBER_ANNUAL}
    for colour, total in totals.items():
        same = [number for number, row in enumerate(rows) if (row.risk_now or Risk.GREEN) == colour]
        left = total - sum(values[number] or 0 for number in same)
        open_values = [number for number in same if values[number] is None]
        if open_values:
            sizes = rng.choices(SIZES, weights=LIKELY, k=len(open_values))
            for number, value in zip(open_values, share_out(left, sizes), strict=True):
                values[number] = value
    return [value or 0 for value in values]


def _fixed(draft: Draft) -> int | None:
    plan = plan_of(draft)
    return plan.annual if plan else draft.annual


def _whole_life_values(rows: Sequence[Assessed], annual: Sequence[int]) -> list[int]:
    """In proportion to a year's value and the years with every option; CAMHS as the dashboard was drawn."""
    others = [number for number, row in enumerate(rows) if row.draft.title != CAMHS]
    weights = [annual[number] * rows[number].draft.term.years for number in others]
    shares = share_out(WHOLE_LIFE - CAMHS_WHOLE_LIFE, weights)
    values = [CAMHS_WHOLE_LIFE] * len(rows)
    for number, value in zip(others, shares, strict=True):
        values[number] = value
    return values


def _partners(rows: Sequence[Assessed]) -> dict[str, tuple[Share, ...]]:
    """The health bodies' shares by contract title."""
    drafts = _part_funded(rows)
    plans = [plan for draft in drafts if (plan := plan_of(draft))]
    camhs = [Share(ccg, part, part * CAMHS_YEARS) for ccg, part in zip(CCGS, CAMHS_CCGS, strict=True)]
    ccg_lives = share_out(
        CCGS_WHOLE_LIFE - sum(share.whole_life for share in camhs), [plan.ccgs for plan in plans], step=1
    )
    health_lives = share_out(PUBLIC_HEALTH_WHOLE_LIFE, [plan.public_health for plan in plans], step=1)
    area_lives = share_out(AREA_TEAM_WHOLE_LIFE, [plan.area_team for plan in plans], step=1)
    shares = {CAMHS: tuple(camhs)}
    for draft, plan, ccg_life, health_life, area_life in zip(
        drafts, plans, ccg_lives, health_lives, area_lives, strict=True
    ):
        parts = [Share(PUBLIC_HEALTH, plan.public_health, health_life), Share(AREA_TEAM, plan.area_team, area_life)]
        shares[draft.title] = (*_among_ccgs(plan.ccgs, ccg_life), *(part for part in parts if part.annual))
    return shares


def _among_ccgs(annual: int, whole_life: int) -> list[Share]:
    """As they share CAMHS."""
    years = share_out(annual, CAMHS_CCGS, step=1)
    lives = share_out(whole_life, CAMHS_CCGS, step=1)
    return [Share(ccg, year, life) for ccg, year, life in zip(CCGS, years, lives, strict=True)]
