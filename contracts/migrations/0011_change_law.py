"""The grounds for changing a contract and the duties that follow, as a lawyer will correct them."""

from dataclasses import asdict

from django.db import migrations

from contracts.rules.change_law import DUTIES, GROUNDS


def seed(apps, schema_editor):
    ground, rule = (apps.get_model("contracts", name) for name in ("ChangeGround", "DutyRule"))
    ground.objects.bulk_create([ground(**asdict(row)) for row in GROUNDS])
    rule.objects.bulk_create([rule(**asdict(row)) for row in DUTIES])


def clear(apps, schema_editor):
    """Only what nothing refers to: a ground or a rule that a contract uses keeps the migration where it is."""
    for name in ("DutyRule", "ChangeGround"):
        apps.get_model("contracts", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("contracts", "0010_conditions_of_duties")]

    operations = [migrations.RunPython(seed, clear)]
