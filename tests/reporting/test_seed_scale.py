"""The world of scale: the same every time, whole, and with the grants and the history that the services would leave."""

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Count, F, Q, Sum
from pghistory.models import Context, Event

from accounts.grants import grants_on
from accounts.models import User
from accounts.permissions import Permission
from commissioning.models import CommissioningUnit, Organisation, UnitPartner
from commissioning.rules import normalised_name, slug_of
from commissioning.services.grants import grant_partner
from contracts.choices import ReturnState
from contracts.models import Contract, ContractFunding, Kpi, KpiReading, MonthlyReturn, PlanStep, ReviewAction
from contracts.services.restriction import regrant
from governance.models import MeetingAction
from reporting.scale import names
from reporting.scale.writer import Size, write

SIZE = Size(units=3, contracts=600, months=5)
_FOREIGN_KEYS = """
    SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, f.attname
    FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1]
    WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
"""


@pytest.fixture(scope="module")
def england(django_db_setup, django_db_blocker):
    """Written once for the tests that only read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        write(SIZE)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def scale(england, db, settings):
    settings.DEMO_TODAY = names.TODAY


def test_there_is_as_much_as_was_asked_for(scale):
    assert CommissioningUnit.objects.count() == SIZE.units
    assert Contract.objects.count() == SIZE.contracts
    assert Contract.objects.filter(unit__code=names.unit_code(1)).count() == SIZE.first_unit == 200
    assert MonthlyReturn.objects.values("month").distinct().count() == SIZE.months
    returned = MonthlyReturn.objects.filter(state=ReturnState.ACCEPTED, month="2026-07-01").count()
    assert 0.85 * SIZE.contracts < returned < SIZE.contracts
    assert Organisation.objects.count() == SIZE.units + SIZE.partners + SIZE.providers


def test_a_county_is_the_same_in_every_size():
    assert [Size(u, c, 36).first_unit for u, c in ((1, 228), (20, 5_000), (153, 40_000))] == [228, 228, 228]
    assert Size(153, 40_000, 36).units + Size(153, 40_000, 36).partners == 500


def test_it_has_something_of_everything_that_pages_show(scale):
    empty = {
        model.__name__
        for model in apps.get_models()
        if model._meta.app_label in {"commissioning", "governance", "contracts", "reporting"}
        and not issubclass(model, Event)
        and not model.objects.exists()
    }
    assert empty == {
        "OrganisationIdentifier", "OrganisationSuccession", "ImportedRelease", "RegisterImport", "ImportedRow",
        "ProviderQuestion", "StatutoryRating", "Document", "ReviewRules",
    }  # fmt: skip
    assert Kpi.objects.values("contract").distinct().count() == SIZE.contracts // 4
    assert KpiReading.objects.exists()
    assert PlanStep.objects.overdue_now(names.TODAY).exists()
    assert MeetingAction.objects.filter(done_on=None).exists()
    assert ReviewAction.objects.open().exists()


def test_no_row_points_to_nothing(scale):
    with connection.cursor() as cursor:
        cursor.execute(_FOREIGN_KEYS)
        keys = cursor.fetchall()
        astray = []
        for table, column, target, key in keys:
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM {table} t WHERE t."{column}" IS NOT NULL'  # noqa: S608
                f' AND NOT EXISTS (SELECT FROM {target} o WHERE o."{key}" = t."{column}"))'
            )
            if cursor.fetchone()[0]:
                astray.append((table, column))
    assert len(keys) > 100
    assert astray == []


def test_what_triggers_would_have_kept_is_kept(scale):
    wrong = Contract.objects.annotate(
        granted=Sum("options__months", default=0),
        used=Sum("options__months", filter=Q(options__exercised_on__isnull=False), default=0),
    ).exclude(option_months=F("granted"), exercised_months=F("used"))
    assert not wrong.exists()
    assert Contract.objects.filter(exercised_months__gt=0).exists()
    shares = ContractFunding.objects.values("contract").annotate(
        year=Sum("annual_amount"), whole=Sum("whole_life_amount")
    )
    assert shares.exists()
    assert not shares.exclude(year=F("contract__annual_value"), whole=F("contract__whole_life_value")).exists()


def test_grants_are_exactly_those_of_the_services(scale):
    units = {unit: grants_on(unit) for unit in CommissioningUnit.objects.all()}
    hidden = {contract: grants_on(contract) for contract in Contract.objects.filter(is_restricted=True)}
    assert all(units.values())
    assert all(hidden.values())
    for partner in UnitPartner.objects.select_related("unit", "organisation"):
        grant_partner(unit=partner.unit, organisation=partner.organisation, level=partner.level)
        regrant(unit=partner.unit, organisation=partner.organisation, level=partner.level)
    assert {unit: grants_on(unit) for unit in units} == units
    assert {contract: grants_on(contract) for contract in hidden} == hidden


def test_each_of_the_three_sees_what_is_theirs(scale):
    officer, partner, national = (
        User.objects.get(email=email) for email in (names.ONE_UNIT, names.MANY_UNITS, names.NATIONAL)
    )
    open_to_all = Contract.objects.filter(is_restricted=False)
    assert 0 < Contract.objects.visible_to(officer).filter(is_restricted=True).count() == open_to_hidden(1)
    assert set(Contract.objects.visible_to(officer).filter(is_restricted=False)) == set(open_to_all.filter(unit=1))
    assert set(Contract.objects.visible_to(national)) == set(open_to_all)
    assert set(Contract.objects.visible_to(partner)) == set(open_to_all)
    assert Contract.objects.visible_to(national, Permission.RETURN_CONTRACTS).count() == 0
    assert 29 <= Contract.objects.filter(officer=officer).count() <= 30
    contact = User.objects.get(email=names.provider_contact(11))
    assert Contract.objects.visible_to(contact).exists()
    assert {
        c.providers.filter(pk=SIZE.units + SIZE.partners + 11).exists() for c in Contract.objects.visible_to(contact)
    } == {True}


def open_to_hidden(unit):
    return Contract.objects.filter(unit=unit, is_restricted=True).count()


def test_each_row_has_its_history_and_each_event_its_act(scale):
    missing = [
        model.__name__
        for model in apps.get_models()
        if issubclass(model, Event)
        and getattr(model, "pgh_tracked_model", None)
        and model.pgh_tracked_model.objects.count() != model.objects.filter(pgh_label="insert").count()
    ]
    assert missing == ["ChangeGroundEvent", "DutyRuleEvent"] or missing == []
    events = apps.get_model("contracts.MonthlyReturnEvent").objects
    assert events.filter(pgh_label="update").count() == MonthlyReturn.objects.filter(state="accepted").count()
    acts = Context.objects.values("metadata__act").annotate(n=Count("pk"))
    assert {"Return submitted", "Return accepted", "Contract added"} <= {row["metadata__act"] for row in acts}


def test_names_and_addresses_follow_the_rules(scale):
    assert all(o.normalised_name == normalised_name(o.name) for o in Organisation.objects.all())
    assert all(c.slug == slug_of(c.reference) for c in Contract.objects.all())
