from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from commissioning.services.reference_lists import import_reference_lists


class Command(BaseCommand):
    help = (
        "Loads councils, clinical commissioning groups, integrated care boards and NHS trusts from the public lists "
        "in commissioning/data. Running it again changes only what the lists changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """No arguments: the lists come with the product."""

    def handle(self, *args: Any, **options: Any) -> None:
        summary = import_reference_lists(by=None)
        self.stdout.write(
            f"Organisations: {summary.created:,} created, {summary.changed:,} changed, {summary.unchanged:,} unchanged."
        )
        self.stdout.write(
            f"{summary.left_out:,} rows were left out: commissioning hubs and reporting entities are no bodies of "
            "their own."
        )
        for conflict in summary.conflicts:
            self.stdout.write(self.style.WARNING(conflict))
