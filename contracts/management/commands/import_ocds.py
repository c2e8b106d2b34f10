from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from commissioning.models import CommissioningUnit
from contracts.ocds.files import releases_in
from contracts.ocds.values import Fault
from contracts.services.ocds import ImportReport, Outcome, import_releases


class Command(BaseCommand):
    help = (
        "Brings published contracts (OCDS 1.1 releases, release or record packages, or lines of these) onto a unit's "
        "register. What a release does not say is left unknown, for a person to complete. Running it again changes "
        "nothing; --verbosity 2 tells what became of each release."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--unit", required=True, help="the unit's code, as it stands in addresses")
        parser.add_argument("--by", metavar="EMAIL", help="the person in whose name the history records it")
        parser.add_argument("--dry-run", action="store_true", help="report, but keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_releases(
                unit=_unit(options["unit"]),
                releases=releases_in(options["file"]),
                source=options["file"].name,
                by=_person(options["by"]),
                dry_run=options["dry_run"],
            )
        except Fault as fault:
            raise CommandError(str(fault)) from None
        if options["verbosity"] > 1:
            self._each(report)
        if options["verbosity"] > 0:
            self._counts(report)
        if options["dry_run"]:
            self.stdout.write("A dry run: nothing was kept.")

    def _each(self, report: ImportReport) -> None:
        for release in report.releases:
            self.stdout.write(str(release))
        for name, known in report.likenesses:
            self.stdout.write(f"\u00ab{name}\u00bb was added and looks like \u00ab{known}\u00bb.")

    def _counts(self, report: ImportReport) -> None:
        counts = ", ".join(f"{report.count(outcome):,} {outcome}" for outcome in Outcome)
        self.stdout.write(f"Releases: {len(report.releases):,} read, {counts}.")
        self.stdout.write(
            f"Contracts: {report.contracts_created:,} created. Buyers: {report.buyers:,}. "
            f"Suppliers: {report.suppliers:,}. Organisations added: {report.organisations_added:,}, of which "
            f"{len(report.likenesses):,} look like another."
        )
        for reason, number in report.reasons().most_common():
            self.stdout.write(f"Skipped, {number:,}: {reason}")
        for about, number in report.unknown().most_common():
            self.stdout.write(f"Noted, {number:,}: {about}")


def _unit(code: str) -> CommissioningUnit:
    unit = CommissioningUnit.objects.filter(code=code).select_related("host").first()
    if unit is None:
        codes = ", ".join(CommissioningUnit.objects.values_list("code", flat=True)) or "none yet"
        raise CommandError(f"There is no unit \u00ab{code}\u00bb. Units: {codes}.")
    return unit


def _person(email: str | None) -> User | None:
    if email is None:
        return None
    person = User.objects.filter(email=User.objects.normalise(email)).first()
    if person is None:
        raise CommandError(f"Nobody signs in as {email}.")
    return person
