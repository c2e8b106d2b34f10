from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Brings the demonstration's database up to date, fills it where it is empty, and says who can sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        call_command("seed_demo", if_empty=True, stdout=self.stdout)
        self.stdout.write("\nSign in as (role, e-mail, password):")
        call_command("demo_sign_ins", stdout=self.stdout)
