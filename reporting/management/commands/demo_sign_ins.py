from typing import Any

from django.core.management.base import BaseCommand

from reporting.demonstration.people import PASSWORD, PEOPLE


class Command(BaseCommand):
    help = "Says who can sign in to the demonstration: role, e-mail and password, two spaces apart."

    def handle(self, *args: Any, **options: Any) -> None:
        for person in PEOPLE:
            if person.shown_as:
                self.stdout.write(f"{person.shown_as}  {person.email}  {PASSWORD}")
