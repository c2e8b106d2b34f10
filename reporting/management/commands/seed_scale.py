import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from accounts.models import User
from commissioning.models import Organisation
from reporting.scale.names import TODAY
from reporting.scale.writer import Size, write

_COUNTED = "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass"


class Command(BaseCommand):
    help = "Fills an empty database with an invented England of any size, the same every time, to measure by."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--units", type=int, default=153, help="Commissioning units (153).")
        parser.add_argument("--contracts", type=int, default=40_000, help="Contracts of all units (40000).")
        parser.add_argument("--months", type=int, default=36, help="Months of returns, the newest included (36).")

    def handle(self, *args: Any, **options: Any) -> None:
        size = Size(options["units"], options["contracts"], options["months"])
        if size.units < 1 or size.contracts < 2 * size.units or not 3 <= size.months <= 120:
            raise CommandError("At least one unit, two contracts for each unit, and 3 to 120 months.")
        if User.objects.exists() or Organisation.objects.exists():
            raise CommandError("There are people or organisations here; this world needs an empty database.")
        began = time.monotonic()
        self._write(size)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as a server in use has done long since: statistics and visibility maps
            counts = [self._count(cursor, f"contracts_{name}") for name in ("contract", "monthlyreturn", "kpireading")]
        self.stdout.write(
            "Wrote {units} units with {:,} contracts, {:,} returns and {:,} readings in {took:.0f} s. "
            "It lives on {today}: set DEMO_TODAY.".format(
                *counts, units=size.units, took=time.monotonic() - began, today=TODAY.isoformat()
            )
        )

    def _write(self, size: Size) -> None:
        try:
            write(size)
        except DatabaseError as error:
            if "session_replication_role" not in str(error):
                raise
            raise CommandError("The database role must be allowed to set session_replication_role.") from error

    def _count(self, cursor: Any, table: str) -> int:
        cursor.execute(_COUNTED, [table])
        return int(cursor.fetchone()[0])
