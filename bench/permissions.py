"""How many rows say who may see what, and how many are written when a partner joins a unit or leaves it."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.db import transaction

from accounts import clock
from bench.inside import inside
from bench.rows import Goal, Row
from bench.worlds import World
from commissioning.choices import PartnerLevel
from commissioning.models import (
    CommissioningUnit,
    CommissioningUnitGroupObjectPermission,
    Organisation,
    OrganisationRole,
)
from commissioning.services.partners import join_unit, leave_unit
from contracts.models import Contract, ContractGroupObjectPermission
from reporting.scale.names import unit_code

ROWS_A_CONTRACT: Final = Goal(
    0.3,
    "Each thing that a role may do is a row of its own: some eighteen for each of a unit’s six partners, thirty for a"
    " restricted contract. Fewer would need rows that name a role, which django-guardian does not have.",
)
ROWS_A_UNIT: Final = Goal(
    3,
    "A full partner’s seven roles may do twenty things on the unit between them, a row each. The number follows from"
    " what roles may do, never from how many contracts there are.",
)


def rows(worlds: Sequence[World], *, rounds: int) -> Iterator[Row]:
    """Counted once: a count does not vary from round to round."""
    for world in worlds:
        size = world.size.code
        with inside(world):
            held = permission_rows() / Contract.objects.count()
            joining, leaving = rows_written()
        yield Row(what="Permission rows", size=size, figure=held, unit="a contract", goal=ROWS_A_CONTRACT)
        yield Row(what="Rows written as a partner joins", size=size, figure=joining, unit="a unit", goal=ROWS_A_UNIT)
        yield Row(what="Rows taken away as it leaves", size=size, figure=leaving, unit="a unit", goal=ROWS_A_UNIT)


def permission_rows() -> int:
    """On units, and on single contracts where they are restricted."""
    return sum(
        table.objects.count() for table in (CommissioningUnitGroupObjectPermission, ContractGroupObjectPermission)
    )


def rows_written() -> tuple[int, int]:
    """(joining, leaving) of a full partner of the first unit; what is tried is taken back."""
    unit = CommissioningUnit.objects.get(code=unit_code(1))
    at_work = OrganisationRole.objects.values("organisation")
    newcomer = Organisation.objects.filter(pk__in=at_work).exclude(partnerships__unit=unit).order_by("pk")[:1].get()
    before = permission_rows()
    with transaction.atomic():
        today = clock.today()
        partner = join_unit(unit=unit, organisation=newcomer, level=PartnerLevel.FULL, joined_on=today, by=None)
        joined = permission_rows()
        leave_unit(partner=partner, on=today, by=None)
        left = permission_rows()
        transaction.set_rollback(True)
    return joined - before, joined - left
