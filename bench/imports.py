"""New contracts imported with all our checks and their history, against a stock import without any check.

Both read the same rows, write them, and are taken back, with what the database checks only at the end checked before
that. Ours is everything from the file to the register: reading, the check with its preview, the confirmation, the
writing. The stock import writes at once; the preview that it would show first costs it the same again, and is left out.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Final

import tablib
from django.db import connection, transaction

from accounts.models import User
from bench.databases import copied
from bench.inside import inside, person
from bench.measure import side_by_side
from bench.rows import Goal, Row
from bench.stock_import import StockContracts
from bench.worlds import World
from commissioning.models import CommissioningUnit, Organisation
from contracts.choices import Management, ProcurementRegime, ProcurementRoute
from contracts.models import ImportState, RegisterImport
from contracts.services.register_import import check_register, confirm_register, receive_register
from contracts.services.register_writes import apply_register
from reporting.scale.names import commissioner, unit_code

#: So many contracts at this size; no other size has an import. The stock import takes a quarter of an hour for three
#: rounds of 10,000. Both grow with their rows, but ours begins with what it reads and ends with statistics whatever
#: their number: with more rows the ratio only falls.
COUNTS: Final = {"M": 2_000, "smoke": 50}
TO_STOCK: Final = {"M": Goal(0.10)}
ROUNDS: Final = 3
"""At most."""
Line = dict[str, str]

#: The columns whose headings are ours, by the stock resource's own.
FIELDS: Final = {
    "Managed": "management",
    "Procurement regime": "procurement_regime",
    "Procurement route": "procurement_route",
    "Annual value": "annual_value",
    "Whole-life value": "whole_life_value",
    "Starts": "start",
    "Ends": "initial_end",
    "Notice period (months)": "notice_months",
}


def rows(worlds: Sequence[World], *, rounds: int) -> Iterator[Row]:
    for world in worlds:
        if count := COUNTS.get(world.size.code):
            with copied(world) as copy, inside(copy):
                yield _measured(world, count, rounds=min(rounds, ROUNDS))


def _measured(world: World, count: int, *, rounds: int) -> Row:
    by = person(commissioner(1))
    unit = CommissioningUnit.objects.get(code=unit_code(1))
    lines = list(new_contracts(count, unit))
    ours, stock = as_csv(lines), as_dataset(lines, unit)
    taken = side_by_side(
        {
            "ours": taken_back(lambda: imported(ours, unit=unit, by=by)),
            "stock": taken_back(lambda: imported_by_stock(stock, by=by)),
        },
        rounds=rounds,
        warm_up=0,
    )
    what = f"Import of {count:,} contracts, with all checks"
    of = {"against": "stock import without", "size": world.size.code}
    return Row.ratio(taken["ours"], taken["stock"], what=what, goal=TO_STOCK.get(world.size.code), **of)


def new_contracts(count: int, unit: CommissioningUnit) -> Iterator[Line]:
    """As a unit would bring them: by its own people and areas, with providers that are known."""
    areas = list(unit.service_areas.order_by("pk").values_list("name", flat=True))
    known = Organisation.objects.filter(provider_rows__isnull=False).order_by("pk").distinct()
    providers = list(known.values_list("name", flat=True)[:1_000])
    people = list(
        User.objects.filter(memberships__organisation=unit.host).order_by("pk").values_list("email", flat=True)
    )
    for number in range(count):
        start = date(2024, 4, 1).replace(month=1 + number % 12)
        yield {
            "Reference": f"NEW/{number:05}",
            "Title": f"Short breaks for families, part {number}",
            "Description": "Overnight and day breaks, let in lots.",
            "Service area": areas[number % len(areas)],
            "Providers": providers[number % len(providers)],
            "Contract officer": people[number % len(people)],
            "Deputies": people[(number + 1) % len(people)],
            "Service manager": people[(number + 2) % len(people)],
            "Managed": Management.CENTRAL.value,
            "Procurement regime": ProcurementRegime.PCR2015.value,
            "Procurement route": ProcurementRoute.OPEN.value,
            "Annual value": f"{1_000 + number}.00",
            "Whole-life value": f"{3_000 + 3 * number}.00",
            "Starts": start.isoformat(),
            "Ends": start.replace(year=2030).isoformat(),
            "Notice period (months)": str(3 + number % 4),
        }


def as_csv(lines: Sequence[Line]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(lines[0]))
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()


def as_dataset(lines: Sequence[Line], unit: CommissioningUnit) -> tablib.Dataset:
    return tablib.Dataset(
        *([unit.code, *line.values()] for line in lines),
        headers=["Unit", *(FIELDS.get(heading, heading) for heading in lines[0])],
    )


def imported(content: bytes, *, unit: CommissioningUnit, by: User) -> None:
    """From the upload to the register. Raises RuntimeError where not all of it is written."""
    one = receive_register(unit=unit, name="new.csv", content=content, by=by)
    check_register(register_import_id=one.pk)
    one.refresh_from_db()
    confirm_register(register_import=one, by=by)
    apply_register(register_import_id=one.pk)
    written = RegisterImport.objects.get(pk=one.pk)
    if written.state != ImportState.APPLIED or written.to_create != written.rows_total:
        raise RuntimeError(f"The import ended as {written.state}: {written.to_create} of {written.rows_total}.")


def imported_by_stock(dataset: tablib.Dataset, *, by: User) -> None:
    """Raises RuntimeError where a row is not written."""
    result = StockContracts(by=by).import_data(dataset, dry_run=False)
    if result.totals["new"] != len(dataset):
        raise RuntimeError(f"The stock import wrote {result.totals}: {result.row_errors()[:1]}")


def taken_back(run: Callable[[], Any]) -> Callable[[], None]:
    def run_and_take_back() -> None:
        with transaction.atomic():
            run()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)

    return run_and_take_back
