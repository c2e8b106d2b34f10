from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from commissioning.models import CommissioningUnit
from reporting.demonstration.calendar import TODAY
from reporting.demonstration.world import describe
from reporting.demonstration.writer import write


class Command(BaseCommand):
    help = "Loads the demonstration world: Lincolnshire's children's commissioning on 4 November 2014."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="Do nothing where there is a unit already.")

    def handle(self, *args: Any, **options: Any) -> None:
        if CommissioningUnit.objects.exists():
            if options["if_empty"]:
                self.stdout.write("The demonstration is loaded already: nothing was changed.")
                return
            raise CommandError("There is a commissioning unit already; the demonstration needs an empty database.")
        if settings.DEMO_TODAY != TODAY:
            raise CommandError(f"The demonstration lives on one day: set DEMO_TODAY={TODAY.isoformat()}.")
        world = describe()
        write(world)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # the first pages must not wait until the database counts by itself
        self.stdout.write(
            f"Loaded the demonstration: {len(world.contracts)} contracts of Lincolnshire, "
            f"{len(world.neighbours)} of its neighbour, 1 of Peterborough, "
            f"{sum(len(c.returns) for c in world.contracts):,} returns."
        )
