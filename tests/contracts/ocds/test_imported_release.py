"""What an import remembers of the releases it read, over separate runs in any order."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations

import pytest
import time_machine

from accounts.acts import act
from contracts.models import Contract, ImportedRelease
from contracts.services.ocds import Outcome, import_releases
from tests.contracts.ocds.releases import award, awarded, release

CREATED, CHANGED, UNCHANGED, SKIPPED = Outcome
FIRST, SECOND, THIRD = (f"2025-0{month}-01T09:00:00Z" for month in (2, 3, 4))


@pytest.fixture
def unit(world):
    Contract.objects.filter(unit=world.unit).delete()
    return world.unit


def read(unit, *releases, **options):
    """Each in a run of its own."""
    reports = [import_releases(unit=unit, releases=[one], source="test.json", by=None, **options) for one in releases]
    return [report.releases[0].outcome for report in reports]


def said(published, amount=None, **parts):
    return awarded(award(value=amount and {"amount": amount}, **parts), date=published)


def tender(published, title="Short breaks"):
    return release(date=published, tender={"title": title, "description": "", "status": "active"})


def register(unit):
    contracts = Contract.objects.filter(unit=unit).order_by("pk")
    return [
        (row.title, row.whole_life_value, row.initial_end, [known.name for known in row.providers.all()])
        for row in contracts
    ]


def remembered(unit):
    rows = ImportedRelease.objects.filter(contract__unit=unit).order_by("award_id")
    return [(row.award_id, row.released_at.month) for row in rows]


ORDERS = list(permutations(range(3)))


@pytest.mark.parametrize("order", ORDERS)
def test_a_third_release_that_says_what_the_first_said_prevails(unit, order):
    releases = [
        said(FIRST, 100),
        said(SECOND, 200, title="Respite", suppliers=[{"name": "Haven Ltd"}]),
        said(THIRD, 100),
    ]
    read(unit, *(releases[number] for number in order))
    assert register(unit) == [("Short breaks", Decimal(100), date(2027, 3, 31), ["Wolds Homecare Ltd"])]
    assert remembered(unit) == [("A1", 4)]


@pytest.mark.parametrize("order", ORDERS)
def test_of_each_field_the_last_to_speak_prevails(unit, order):
    silent = {"suppliers": [], "contractPeriod": None}
    releases = [said(FIRST, 100), said(SECOND, 200, **silent), said(THIRD, None, title="Respite", **silent)]
    read(unit, *(releases[number] for number in order))
    assert register(unit) == [("Respite", Decimal(200), date(2027, 3, 31), ["Wolds Homecare Ltd"])]
    assert remembered(unit) == [("A1", 4)]


@pytest.mark.parametrize("order", ORDERS)
def test_an_award_outranks_what_its_tender_says_before_or_after(unit, order):
    releases = [tender(FIRST, "Before"), said(SECOND, 100, title="Awarded"), tender(THIRD, "After")]
    read(unit, *(releases[number] for number in order))
    assert [row[:2] for row in register(unit)] == [("Awarded", Decimal(100))]
    assert ("A1", 3) in remembered(unit)


@pytest.mark.parametrize("published", list(permutations(["a 1", "b 2", "c 3"])))
def test_of_one_moment_the_identifier_decides(unit, published):
    for identity in published:
        read(unit, awarded(award(value={"amount": int(identity[-1])}), date=FIRST, id=identity))
    assert [row[1] for row in register(unit)] == [Decimal(3)]


def test_a_release_that_changes_nothing_is_remembered(unit):
    """So that one published before it, and read after it, changes nothing either."""
    assert read(unit, said(FIRST, 100), said(THIRD, 100), said(SECOND, 200)) == [CREATED, UNCHANGED, UNCHANGED]
    assert Contract.objects.get(unit=unit).version == 1


def test_the_same_release_is_not_written_again(unit):
    with time_machine.travel("2025-12-01T10:00:00Z"):
        read(unit, said(FIRST, 100))
    with time_machine.travel("2025-12-02T11:00:00Z"):
        read(unit, said(FIRST, 100))
    assert ImportedRelease.objects.get().read_at.hour == 10


def test_what_is_remembered(unit):
    read(unit, said(FIRST, 100))
    row = ImportedRelease.objects.get()
    assert (row.contract, row.ocid, row.award_id) == (Contract.objects.get(unit=unit), "ocds-b5fd17-0001", "A1")
    assert (row.release_id, row.released_at) == (
        f"ocds-b5fd17-0001 {FIRST}", datetime(2025, 2, 1, 9, tzinfo=UTC)
    )  # fmt: skip
    assert sorted(row.said) == [
        "buyer",
        "description",
        "initial_end",
        "providers",
        "start",
        "title",
        "whole_life_value",
    ]


def test_within_an_outer_act_nothing_is_lost(unit):
    with act("Registers brought together", by=None):
        read(unit, said(FIRST, 100), awarded(ocid="ocds-b5fd17-2", date=THIRD), said(THIRD, 100))
        read(unit, said(SECOND, 200))
    assert [row[1] for row in register(unit)] == [Decimal(100), Decimal(1200)]
    assert read(unit, said("2025-03-15T09:00:00Z", 300)) == [UNCHANGED]
    assert read(unit, said("2025-05-15T09:00:00Z", 300)) == [CHANGED]


def test_a_dry_run_and_a_release_that_fails_are_not_remembered(unit):
    read(unit, said(FIRST, 100), dry_run=True)
    assert remembered(unit) == []
    read(unit, said(FIRST, 100))
    assert read(unit, said(SECOND, contractPeriod={"endDate": "2020-01-01"})) == [SKIPPED]
    assert remembered(unit) == [("A1", 2)]


# Beside a person


def test_a_release_that_agrees_with_a_correction_is_the_last_word(unit):
    """The third says again what the first did: something new, for the second had said otherwise."""
    read(unit, said(FIRST, 100))
    Contract.objects.filter(unit=unit).update(whole_life_value=200)
    assert read(unit, said(SECOND, 200), said(THIRD, 100)) == [UNCHANGED, CHANGED]
    assert Contract.objects.get(unit=unit).whole_life_value == Decimal(100)


@pytest.mark.parametrize("silent_first", [False, True])
def test_a_correction_outlives_a_release_that_is_silent(unit, silent_first):
    read(unit, said(FIRST, 100))
    Contract.objects.filter(unit=unit).update(whole_life_value=150)
    releases = [said(SECOND), said(THIRD, 100)]
    assert read(unit, *(reversed(releases) if silent_first else releases)) == [UNCHANGED, UNCHANGED]
    assert Contract.objects.get(unit=unit).whole_life_value == Decimal(150)


def test_what_a_person_completed_gives_way_to_the_first_release_that_knows(unit):
    read(unit, said(FIRST))
    Contract.objects.filter(unit=unit).update(whole_life_value=150)
    assert read(unit, said(SECOND, 100)) == [CHANGED]
    assert Contract.objects.get(unit=unit).whole_life_value == Decimal(100)


def test_what_a_person_completed_does_not_give_way_to_an_earlier_release(unit):
    read(unit, said(SECOND))
    Contract.objects.filter(unit=unit).update(whole_life_value=150)
    assert read(unit, said(FIRST, 100)) == [UNCHANGED]
    assert Contract.objects.get(unit=unit).whole_life_value == Decimal(150)


@pytest.mark.parametrize("order", ORDERS)
def test_of_a_contract_typed_by_hand_only_unknown_fields_are_filled_at_first(unit, world, order):
    world.contract(
        title="Typed", initial_end=None, whole_life_value=Decimal(900), providers=[], ocid="ocds-b5fd17-0001"
    )
    releases = [tender(FIRST, "Tendered"), said(SECOND, title="Tendered"), said(THIRD, 100, title="Tendered")]
    read(unit, *(releases[number] for number in order))
    assert register(unit) == [("Typed", Decimal(900), date(2027, 3, 31), ["Wolds Homecare Ltd"])]
    assert read(unit, said("2025-05-01T09:00:00Z", 110, title="Tendered")) == [CHANGED]
    assert register(unit)[0][:2] == ("Typed", Decimal(110))


def test_a_contract_given_another_process_starts_afresh(unit):
    read(unit, said(FIRST, 100))
    Contract.objects.filter(unit=unit).update(ocid="ocds-b5fd17-2")
    read(unit, awarded(award(value={"amount": 5}), ocid="ocds-b5fd17-2", date=SECOND))
    assert [row[1] for row in register(unit)] == [Decimal(100)]
    assert ImportedRelease.objects.count() == 2


# Identifiers as nobody should publish them


def test_identifiers_lose_what_no_database_keeps(unit):
    assert read(unit, awarded(award("A\ud800\u0000"), id="r\udfff\u0000")) == [CREATED]
    row = ImportedRelease.objects.get()
    assert (row.award_id, row.release_id) == ("A", "r")


def test_an_endless_identifier_of_an_award_is_refused_in_words(unit):
    report = import_releases(unit=unit, releases=[awarded(award("A" * 256))], source="test.json", by=None)
    assert report.reasons() == {"the identifier of an award is longer than 255 characters": 1}
    assert read(unit, awarded(award("A" * 255))) == [CREATED]
