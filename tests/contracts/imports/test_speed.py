"""A register's size changes how long an import takes, never how many queries it makes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contracts.models import Contract, ImportState
from contracts.services.register_import import check_register, confirm_register, receive_register
from contracts.services.register_writes import apply_register

FIRST_CHECK = 18
PROGRESS = 20
STATISTICS = 1
FIRST_APPLY = 20
SECOND_CHECK = 23
SECOND_APPLY = 18


def register(world, count, title):
    officer, deputy = world.people["contract_officer"].email, world.people["commissioner"].email
    lines = [
        "Reference,Title,Service area,Providers,Contract officer,Deputies,Annual value,Whole-life value,"
        "Partner funding,Starts,Ends,Extension options (months),Extensions exercised"
    ]
    lines += [
        f"CS/{number:05d},{title} {number},{'Disability' if number % 2 else 'Localities'},"
        f"{'Willow Homes Ltd' if number % 3 else 'Heron Care CIC'},{officer},{deputy},£100.00,300,"
        f"{world.council.name}: £60; £180 | {world.ccg.name}: £40; £120,01/04/2013,31 March 2016,12 | 12,15/12/2015"
        for number in range(count)
    ]
    return "\n".join(lines).encode()


def counted(work):
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def imported(world, count, title):
    """The queries of the check and of the import."""
    by = world.people["commissioner"]
    one = receive_register(unit=world.unit, name="r.csv", content=register(world, count, title), by=by)
    check = counted(lambda: check_register(register_import_id=one.pk))
    one.refresh_from_db()
    confirm_register(register_import=one, by=by)
    apply = counted(lambda: apply_register(register_import_id=one.pk))
    one.refresh_from_db()
    assert one.state == ImportState.APPLIED
    return check, apply


@pytest.mark.parametrize(("count", "progress", "statistics"), [(20, 0, 0), (2000, PROGRESS, STATISTICS)])
def test_queries_are_the_same_for_twenty_rows_and_for_two_thousand(world, count, progress, statistics):
    assert imported(world, count, "Service") == (FIRST_CHECK + progress, FIRST_APPLY + statistics)
    assert Contract.objects.count() == count
    assert imported(world, count, "Renamed") == (SECOND_CHECK + progress, SECOND_APPLY + statistics)
    assert Contract.objects.filter(title__startswith="Renamed", version=2).count() == count
