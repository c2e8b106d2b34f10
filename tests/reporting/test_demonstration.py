"""The demonstration reads as the paper and the drawings say: every number here is a literal."""

import datetime
import os
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Max, Min, Q, Sum
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from commissioning.choices import PartnerLevel
from commissioning.holidays import england_bank_holidays
from commissioning.models import CommissioningUnit, Membership, Organisation, UnitPartner
from contracts.choices import Management, ReturnState, Risk
from contracts.models import (
    Contract,
    ContractFunding,
    ContractProvider,
    ContractRestriction,
    MonthlyReturn,
    MonthReview,
)
from contracts.queries.month_review import UnitMonth
from contracts.rules.concern import ConcernRules, MonthSaid, concern_note
from contracts.rules.jet import NOT_ASSESSED
from contracts.rules.procurement import route_error
from contracts.rules.returns import (
    View,
    due_date,
    expects_return,
    months_ending,
    narrative_reasons,
    view_is_current,
)
from reporting.demonstration.calendar import MONTHS, OCTOBER, SEPTEMBER, TODAY
from reporting.demonstration.named import UNDER_REVIEW
from reporting.demonstration.people import PASSWORD, PEOPLE
from reporting.demonstration.world import describe
from reporting.queries.history_of_contract import newest_entries
from reporting.queries.monthly_report import MonthlyReport
from tests.reporting.numbers import differences
from tests.world import client_for

#: Without it this module, run alone, would have no database of its own.
pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
UNIT = "lincolnshire-childrens"
NEIGHBOUR = "fenmarch-childrens"


@pytest.fixture
def unit(seeded) -> CommissioningUnit:
    return CommissioningUnit.objects.get(code=UNIT)


@pytest.fixture
def current(unit):
    return Contract.objects.filter(unit=unit).in_status("current", day=TODAY)


def person(name: str) -> User:
    return User.objects.get(name=name)


def returned(contract: Contract) -> dict[datetime.date, View]:
    """What was submitted or accepted, by month."""
    rows = MonthlyReturn.objects.that_count().filter(contract=contract)
    return {row.month: view(row) for row in rows}


def view(row: MonthlyReturn) -> View:
    return View(Risk(row.risk), NOT_ASSESSED if row.jet_score is None else row.jet_score)


def views_of(month: datetime.date, unit: CommissioningUnit) -> dict[str, View | None]:
    """The view of each contract that owes a return for the month, as seen today."""
    due = due_date(month, working_day=unit.return_working_day, holidays=england_bank_holidays())
    found: dict[str, View | None] = {}
    for contract in Contract.objects.filter(unit=unit).prefetch_related("returns"):
        if expects_return(
            month, start=contract.start, effective_end=contract.effective_end, returns_from=unit.first_return_month
        ):
            rows = {row.month: view(row) for row in contract.returns.all() if row.counts}
            counting = view_is_current(month, returned=rows.keys(), today=TODAY, due=due)
            found[contract.title] = rows[counting] if counting else None
    return found


def colours(views: dict[str, View | None]) -> Counter:
    return Counter(view.risk.value if view else "none" for view in views.values())


# The register


def test_the_paper_s_contracts_and_providers(current):
    assert current.count() == 228
    assert ContractProvider.objects.filter(contract__in=current).values("organisation").distinct().count() == 177
    assert Counter(current.values_list("management", flat=True)) == {"central": 208, "devolved": 20}


def test_the_register_beside_the_current_contracts(unit):
    contracts = Contract.objects.filter(unit=unit)
    assert contracts.in_status("being_procured", day=TODAY).count() == 11
    assert contracts.in_status("ended", day=TODAY).filter(effective_end__gte=datetime.date(2013, 11, 4)).count() == 26
    assert contracts.count() == 265
    providers = ContractProvider.objects.filter(contract__unit=unit).values("organisation").distinct()
    assert providers.count() == 177


def test_all_were_let_under_the_law_of_their_day(unit):
    contracts = Contract.objects.filter(unit=unit)
    let = contracts.filter(provider_rows__isnull=False).distinct()
    assert Counter(let.values_list("procurement_regime", flat=True)) == {"pcr2006": 208, "grant": 48}
    assert not let.filter(start__gte=datetime.date(2015, 2, 26)).exists()
    assert all(route_error(row.procurement_regime, row.procurement_route) is None for row in contracts)
    assert not let.exclude(procurement_regime="grant").filter(procurement_route="unknown").exists()
    grants = let.filter(procurement_regime="grant")
    assert set(grants.values_list("providers__kind", flat=True)) == {"voluntary_sector"}
    assert grants.aggregate(most=Max("annual_value"))["most"] < 60_000


def test_service_areas(current):
    assert Counter(current.values_list("service_area__name", flat=True)) == {
        "Looked after children": 61,
        "Localities": 44,
        "Disability": 32,
        "SEN": 28,
        "Early years": 24,
        "School improvement": 15,
        "Children in need": 12,
        "Public health": 8,
        "Emotional health": 4,
    }


def test_the_framework_has_nine_providers(current):
    providers = current.annotate(providers_named=Count("provider_rows"))
    assert Counter(providers.values_list("providers_named", flat=True)) == {1: 227, 9: 1}
    assert providers.get(providers_named=9).title == "LAC & SEND placements"


def test_references(unit):
    contracts = Contract.objects.filter(unit=unit)
    assert contracts.get(reference="CS/0147").title == "CAMHS Tier 3"
    assert contracts.get(reference="CS/0093").title == "Short breaks for CWD"
    assert sorted(contracts.values_list("reference", flat=True)) == [f"CS/{number:04d}" for number in range(1, 266)]


def test_the_thirteen_services_under_review_end_from_march_to_september(current):
    found = {name: current.filter(title__istartswith=name) for name in UNDER_REVIEW}
    ends = {name: (rows.count(), *rows.aggregate(a=Min("effective_end"), z=Max("effective_end")).values())
            for name, rows in found.items()}  # fmt: skip
    march, june = datetime.date(2015, 3, 31), datetime.date(2015, 6, 30)
    august, september = datetime.date(2015, 8, 31), datetime.date(2015, 9, 30)
    assert ends == {
        "Leaving Care": (3, june, june),
        "CAMHS": (1, september, september),
        "Youth Housing": (6, march, march),
        "Domiciliary Care for CWD": (1, march, march),
        "Short breaks for CWD": (1, march, march),
        "Solutions 4": (1, september, september),
        "Outreach Support Service": (1, june, june),
        "Family Support": (7, september, september),
        "Adoption support": (1, august, august),
        "Locality commissioning": (2, march, september),
        "School Improvement Service": (1, august, august),
        "LAC & SEND Placements": (1, august, august),
        "Regional developments": (1, september, september),
    }
    assert current.filter(effective_end__lte=september).count() == 31


@pytest.mark.parametrize(
    ("title", "decide_by", "months"),
    [
        ("Short breaks for CWD", datetime.date(2014, 12, 31), 24),
        ("Domiciliary care for CWD", datetime.date(2014, 11, 30), 0),
        ("Youth Housing, Lincoln", datetime.date(2014, 12, 31), 24),
        ("Leaving Care, West", datetime.date(2015, 1, 31), 24),
        ("Outreach Support Service", datetime.date(2015, 1, 31), 12),
        ("Adoption support", datetime.date(2015, 2, 28), 24),
        ("CAMHS Tier 3", datetime.date(2015, 3, 31), 24),
        ("Family Support, Boston", datetime.date(2015, 3, 31), 24),
    ],
)
def test_decisions_fall_due_as_drawn(current, title, decide_by, months):
    contract = current.get(title=title)
    assert (contract.decide_by, contract.notice_by) == (decide_by, decide_by)
    assert contract.option_months - contract.exercised_months == months


def test_exercised_options_were_decided_before_today_and_in_time(unit):
    options = [
        (option, contract)
        for contract in Contract.objects.filter(unit=unit).prefetch_related("options")
        for option in contract.options.all()
        if option.exercised_on
    ]
    assert len(options) > 40
    assert all(contract.start < option.exercised_on < TODAY for option, contract in options)
    assert all(option.exercised_by == person("Jo Marsh") for option, _ in options)


# Money


def test_totals_to_the_penny(current):
    totals = current.aggregate(annual=Sum("annual_value"), whole_life=Sum("whole_life_value"))
    assert totals == {"annual": Decimal("32000000.00"), "whole_life": Decimal("134000000.00")}


def test_partners_shares(current):
    shares = ContractFunding.objects.filter(contract__in=current)
    by_kind = {
        row["organisation__kind"]: (row["annual"], row["whole_life"])
        for row in shares.order_by()
        .values("organisation__kind")
        .annotate(annual=Sum("annual_amount"), whole_life=Sum("whole_life_amount"))
    }
    assert by_kind == {
        "council": (Decimal(25_100_000), Decimal(104_200_000)),
        "ccg": (Decimal(5_200_000), Decimal(22_600_000)),
        "public_health": (Decimal(1_100_000), Decimal(4_800_000)),
        "nhs_england_area_team": (Decimal(600_000), Decimal(2_400_000)),
    }
    assert not shares.filter(Q(annual_amount__lte=0) | Q(whole_life_amount__lte=0)).exists()


def test_the_shares_total_each_contract_s_values(unit):
    wrong = (
        Contract.objects.annotate(annual=Sum("funding__annual_amount"), whole=Sum("funding__whole_life_amount"))
        .exclude(annual=F("annual_value"), whole=F("whole_life_value"))
        .values_list("reference", flat=True)
    )
    assert list(wrong) == []
    connection.check_constraints()


def test_who_pays_for_how_many(current):
    by_ccg = current.filter(funding__organisation__kind="ccg").distinct()
    assert by_ccg.count() == 24
    assert current.annotate(payers=Count("funding")).filter(payers=1).count() == 204
    assert current.filter(funding__organisation__kind="nhs_england_area_team").distinct().count() == 3


def test_camhs_is_shared_as_drawn(current):
    camhs = current.get(title="CAMHS Tier 3")
    assert (camhs.annual_value, camhs.whole_life_value) == (6_400_000, 32_000_000)
    assert {row.organisation.name: row.annual_amount for row in camhs.funding.select_related("organisation")} == {
        "Lincolnshire County Council": 2_560_000,
        "Lincolnshire West CCG": 1_220_000,
        "Lincolnshire East CCG": 1_150_000,
        "South Lincolnshire CCG": 770_000,
        "South West Lincolnshire CCG": 700_000,
    }


# Returns


def test_october_is_in_from_181_of_228(unit, current):
    returns = MonthlyReturn.objects.filter(contract__in=current, month=OCTOBER)
    assert Counter(returns.values_list("state", flat=True)) == {"submitted": 181, "draft": 4, "sent_back": 1}
    assert Contract.objects.filter(unit=unit).expecting_return(OCTOBER, last_day=TODAY).count() == 228


def test_what_each_officer_has_left(current):
    to_come = current.exclude(returns__in=MonthlyReturn.objects.that_count().filter(month=OCTOBER))
    central = Q(management=Management.CENTRAL)
    assert to_come.count() == 47
    assert (to_come.filter(central, officer__name="Sam Fielding").count(), 12) == (5, len(_held("Sam Fielding")))
    assert (to_come.filter(central, officer__name="Kemi Obi").count(), 21) == (9, len(_held("Kemi Obi")))
    assert to_come.filter(management=Management.DEVOLVED).count() == 11
    assert set(to_come.filter(officer__name="Sam Fielding").values_list("title", flat=True)) == {
        "Short breaks for CWD",
        "Domiciliary care for CWD",
        "Leaving Care, East",
        "Family Support, East Lindsey",
        "Locality commissioning, West Lindsey",
    }


def _held(name: str):
    return Contract.objects.in_status("current", day=TODAY).filter(officer__name=name)


def test_domiciliary_care_is_begun(current):
    row = current.get(title="Domiciliary care for CWD").returns.get(month=OCTOBER)
    assert (row.state, row.saved_at.date()) == ("draft", datetime.date(2014, 11, 3))


def test_three_september_returns_never_came(unit, current):
    missing = current.filter(start__lte=datetime.date(2014, 9, 30)).exclude(
        returns__in=MonthlyReturn.objects.that_count().filter(month=SEPTEMBER)
    )
    assert missing.count() == 3
    assert Counter(missing.values_list("management", flat=True)) == {"central": 2, "devolved": 1}
    assert {max(returned(contract)) for contract in missing} == {datetime.date(2014, 8, 1)}


def test_every_other_month_is_whole(unit):
    """But for the one that the list of concern shows as not returned: Adoption support, August."""
    missing = []
    for contract in Contract.objects.filter(unit=unit).prefetch_related("returns"):
        months = {row.month for row in contract.returns.all()}
        missing += [
            (contract.title, month)
            for month in MONTHS[:-2]
            if month not in months
            and expects_return(
                month, start=contract.start, effective_end=contract.effective_end, returns_from=unit.first_return_month
            )
        ]
    assert missing == [("Adoption support", datetime.date(2014, 8, 1))]
    assert MonthlyReturn.objects.filter(contract__unit=unit).aggregate(Min("month"), Max("month")) == {
        "month__min": datetime.date(2012, 11, 1),
        "month__max": datetime.date(2014, 10, 1),
    }


def test_colours_of_october_and_their_movement(unit):
    assert colours(views_of(OCTOBER, unit)) == {"red": 9, "amber": 43, "green": 173, "none": 3}
    assert colours(views_of(SEPTEMBER, unit)) == {"red": 7, "amber": 46, "green": 172, "none": 3}


def test_value_by_risk(unit):
    views = views_of(OCTOBER, unit)
    totals: Counter = Counter()
    for contract in Contract.objects.filter(unit=unit, title__in=views):
        found = views[contract.title]
        totals[found.risk.value if found and found.risk != Risk.GREEN else "green or none"] += contract.annual_value
    assert totals == {"red": 2_900_000, "amber": 9_600_000, "green or none": 19_500_000}


def test_jet_columns(unit):
    def columns(month):
        return Counter(view.jet for view in views_of(month, unit).values() if view)

    assert columns(OCTOBER) == {2: 1, 3: 6, 4: 22, 5: 31, 6: 78, 7: 62, 8: 21, 9: 4}
    assert columns(SEPTEMBER) == {2: 1, 3: 4, 4: 25, 5: 34, 6: 77, 7: 60, 8: 20, 9: 4}


# The list of concern: letters by month, November 2013 to October 2014; «-» not returned.

CONCERN = {
    "Youth Housing, Lincoln": ("aaaaaggaaaar", 4, 3, "Newly red"),
    "LAC & SEND placements": ("ggggaaaaaaar", 5, 3, "Newly red"),
    "Adoption support": ("ggggaaaaa-ar", 5, 4, "Newly red"),
    "Domiciliary care for CWD": ("ggaaaaarrrr-", 3, 2, "No current view"),
    "Outreach Support Service": ("aarrrraarrrr", 3, 3, "Red 4 months"),
    "Solutions 4": ("aaaaaaaarrrr", 3, 3, "Red 4 months"),
    "Leaving Care, East": ("gggggaaaarr-", 4, 3, "No current view"),
    "Family Support, Boston": ("aaaaarraaarr", 3, 3, "Red 2 months"),
    "Locality commissioning, South Holland": ("rrrraaaaaarr", 4, 4, "Red 2 months"),
    "CAMHS Tier 3": ("aarrrraaaaaa", 4, 5, "Improving"),
    "Short breaks for CWD": ("ggggggaaaaa-", 5, 5, "No current view"),
    "Speech and Language Therapy": ("rrrraaaaaaag", 5, 6, "Leaves this list"),
}
"""Three have October still to come, which the dashboard says of them: their scores are those of September."""


def _concern_row(contract: Contract):
    """The row of the list by the unit's rules; None off the list. A return still to come is not owed yet."""
    rows = returned(contract)
    history = [
        MonthSaid(month, rows.get(month), is_owed=month != OCTOBER and contract.expects_return(month))
        for month in months_ending(OCTOBER, 12)
    ]
    note = concern_note(history, ConcernRules())
    if note is None:
        return None
    letters = "".join(said.view.risk.value[0] if said.view else "-" for said in history)
    known = [said.view for said in history if said.view]
    return letters, known[-2].jet, known[-1].jet, note


def test_the_list_of_concern_is_exactly_the_twelve(current):
    rows = {contract.title: row for contract in current if (row := _concern_row(contract))}
    assert rows == CONCERN


def test_only_two_of_sam_s_may_be_returned_unchanged(current):
    may = []
    for contract in current.filter(officer__name="Sam Fielding"):
        rows = returned(contract)
        if OCTOBER not in rows:
            before = [rows.get(month) for month in (SEPTEMBER, datetime.date(2014, 8, 1))]
            if not narrative_reasons(before[0].risk, before[0].jet, before):
                may.append(contract.title)
    assert sorted(may) == ["Family Support, East Lindsey", "Locality commissioning, West Lindsey"]


def test_every_return_that_needs_a_sentence_has_one(unit):
    silent = []
    for contract in Contract.objects.filter(unit=unit).prefetch_related("returns"):
        rows = {row.month: row for row in contract.returns.all() if row.counts}
        for month, row in rows.items():
            earlier = months_ending(month, 3)[1::-1]
            previous = [view(rows[before]) if before in rows else None for before in earlier]
            if not row.narrative and narrative_reasons(view(row).risk, view(row).jet, previous):
                silent.append((contract.title, month))
    assert silent == []


def test_some_older_returns_were_not_assessed(unit):
    rows = MonthlyReturn.objects.filter(contract__unit=unit, jet_score=None)
    assert rows.count() == 14
    assert not rows.filter(Q(not_assessed_reason="") | Q(month__gte=datetime.date(2013, 11, 1))).exists()


def test_nothing_happens_after_the_demonstration_s_morning(unit):
    nine = datetime.datetime(2014, 11, 4, 9, 10, tzinfo=datetime.UTC)
    late = Q(saved_at__gte=nine) | Q(submitted_at__gte=nine) | Q(reviewed_at__gte=nine)
    assert not MonthlyReturn.objects.filter(late).exists()
    for row in MonthlyReturn.objects.filter(state="accepted").iterator():
        month_over = datetime.datetime(row.month.year, row.month.month, 28, tzinfo=datetime.UTC)
        assert month_over < row.submitted_at < row.reviewed_at


def test_all_before_october_is_accepted_by_the_commissioner(unit):
    rows = MonthlyReturn.objects.filter(contract__unit=unit, month__lt=OCTOBER)
    assert set(rows.values_list("state", "reviewed_by__name")) == {("accepted", "Jo Marsh")}


# History


def test_history_tells_who_did_what_and_when(current):
    camhs = current.get(title="CAMHS Tier 3")
    events = camhs.returns.get(month=SEPTEMBER).events.order_by("pgh_id")
    told = [(event.state, event.pgh_context.metadata["act"], event.pgh_context.metadata["actor_name"])
            for event in events]  # fmt: skip
    assert told == [
        ("submitted", "Return submitted", "Sam Fielding"),
        ("accepted", "Return accepted", "Jo Marsh"),
    ]
    assert [event.pgh_created_at for event in events] == [events[1].submitted_at, events[1].reviewed_at]


def test_an_entry_of_the_loading_shows_the_day_it_is_dated(current):
    camhs = current.get(title="CAMHS Tier 3")
    entries = newest_entries(camhs, count=200)
    assert len({entry.at.date() for entry in entries}) > 12
    assert [entry.at for entry in entries] == sorted((entry.at for entry in entries), reverse=True)


# The dashboard and the register


@pytest.mark.parametrize("month", ["", "2014-09", "2012-11"])
@pytest.mark.parametrize("name", ["Jo Marsh", "Dinah Marlow", "Leah Marsden"])
def test_every_number_of_the_dashboard_opens_as_many_rows(seeded, name, month):
    different, links = differences(client_for(person(name)), month)
    assert different == []
    assert links >= 7


def test_no_event_is_dated_after_the_demonstration_s_morning(unit):
    nine = datetime.datetime(2014, 11, 4, 9, 10, tzinfo=datetime.UTC)
    for name in ("contractevent", "contractfundingevent", "contractproviderevent", "monthlyreturnevent",
                 "extensionoptionevent", "contractrestrictionevent"):  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*), max(pgh_created_at) FROM contracts_{name}")  # noqa: S608
            count, latest = cursor.fetchone()
        assert count > 0, name
        assert latest < nine, name


def test_events_follow_one_another_in_time(unit):
    """As the history of a page lists them: by date and by the order of writing the same."""
    for contract in Contract.objects.filter(unit=unit).prefetch_related("events", "options__events"):
        for rows in (contract.events.all(), *(option.events.all() for option in contract.options.all())):
            dates = [row.pgh_created_at for row in sorted(rows, key=lambda row: row.pgh_id)]
            assert dates == sorted(dates), contract


# Bodies, people, sight


def test_bodies_of_the_papers_carry_no_invented_rating(unit):
    """Real bodies commission and pay; whoever is graded or measured is invented. Of the trust of the other paper
    nothing is said but what stands there.
    """
    graded = Organisation.objects.filter(
        Q(provider_rows__contract__returns__isnull=False) | Q(provider_rows__contract__kpis__isnull=False)
    )
    assert not graded.filter(is_invented=False).exists()
    assert set(Organisation.objects.filter(is_invented=False).values_list("name", flat=True)) == {
        "Lincolnshire County Council",
        "Lincolnshire East CCG",
        "Lincolnshire West CCG",
        "South Lincolnshire CCG",
        "South West Lincolnshire CCG",
        "NHS England Leicestershire and Lincolnshire Area Team",
        "Public health, Lincolnshire County Council",
        "Lincolnshire Partnership NHS Foundation Trust",
        "Lincolnshire Community Health Services NHS Trust",
        "Peterborough City Council",
        "Cambridgeshire and Peterborough CCG",
        "Cambridgeshire and Peterborough NHS Foundation Trust",
    }


def test_partners(unit):
    assert set(UnitPartner.objects.filter(unit=unit).values_list("organisation__name", "level")) == {
        ("Lincolnshire County Council", PartnerLevel.HOST),
        ("Lincolnshire East CCG", PartnerLevel.FULL),
        ("Lincolnshire West CCG", PartnerLevel.FULL),
        ("South Lincolnshire CCG", PartnerLevel.FULL),
        ("South West Lincolnshire CCG", PartnerLevel.FULL),
        ("NHS England Leicestershire and Lincolnshire Area Team", PartnerLevel.OBSERVER),
    }


def test_every_sign_in_works_and_every_role_has_one(seeded):
    said = StringIO()
    call_command("demo_sign_ins", stdout=said)
    lines = [line.split("  ") for line in said.getvalue().splitlines()]
    assert {len(line) for line in lines} == {3}
    held = set()
    for _, email, password in lines:
        user = authenticate(email=email, password=password)
        assert user is not None, email
        held |= set(Membership.objects.filter(user=user).values_list("role", flat=True))
    assert held == {
        "commissioner",
        "contract_officer",
        "board_secretary",
        "service_manager",
        "finance",
        "clinical_lead",
        "auditor",
        "provider_contact",
        "organisation_administrator",
    }
    assert [line[0] for line in lines[:2]] == ["Commissioner", "Contract officer"]
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == len(PEOPLE) == User.objects.count()
    assert all(user.email.endswith(".example") for user in User.objects.all())
    assert len(PASSWORD) >= 12


@pytest.mark.parametrize(
    ("name", "contracts"),
    [
        ("Jo Marsh", 265),
        ("Dinah Marlow", 265),
        ("Alan Whitby", 264),
        ("Grace Dunmore", 264),
        ("Mark Selby", 264),
        ("Leah Marsden", 2),
        ("Ivy Thorpe", 0),
        ("Owen Hale", 5),
        ("Ruth Ames", 1),
    ],
)
def test_what_each_may_see(seeded, name, contracts):
    assert Contract.objects.visible_to(person(name)).count() == contracts


def test_the_restricted_contract(unit):
    restriction = ContractRestriction.objects.get()
    contract = restriction.contract
    assert contract.is_restricted
    assert contract.status_on(TODAY) == "being_procured"
    assert set(restriction.named.values_list("name", flat=True)) == {
        "Lincolnshire County Council",
        "Lincolnshire West CCG",
    }
    assert restriction.review_on == datetime.date(2015, 2, 3)
    assert restriction.reason
    assert contract in Contract.objects.visible_to(person("Dinah Marlow"), Permission.EDIT_CONTRACTS)


def test_the_neighbour_shares_nothing(unit):
    neighbour = CommissioningUnit.objects.get(code=NEIGHBOUR)
    reviewers = MonthlyReturn.objects.filter(contract__unit=neighbour).exclude(reviewed_by=None)
    assert set(reviewers.values_list("reviewed_by__name", flat=True)) == {"Owen Hale"}
    assert neighbour.host.is_invented
    assert set(neighbour.contracts.values_list("reference", flat=True)) >= {"CS/0147"}
    ours = Organisation.objects.filter(Q(provider_rows__contract__unit=unit) | Q(funding_rows__contract__unit=unit))
    theirs = Organisation.objects.filter(
        Q(provider_rows__contract__unit=neighbour) | Q(funding_rows__contract__unit=neighbour)
    )
    assert not set(ours) & set(theirs)
    assert not Contract.objects.visible_to(person("Jo Marsh")).filter(unit=neighbour).exists()
    assert not Contract.objects.visible_to(person("Owen Hale")).filter(unit=unit).exists()


# The command


def test_the_command_says_what_it_loaded(seeded):
    assert seeded == (
        "Loaded the demonstration: 265 contracts of Lincolnshire, 5 of its neighbour, 1 of Peterborough, "
        f"{MonthlyReturn.objects.filter(contract__unit__code=UNIT).count():,} returns.\n"
    )


def test_a_second_load_changes_nothing(seeded):
    said = StringIO()
    before = Contract.objects.count(), MonthlyReturn.objects.count(), User.objects.count()
    call_command("seed_demo", "--if-empty", stdout=said)
    assert said.getvalue() == "The demonstration is loaded already: nothing was changed.\n"
    with pytest.raises(CommandError, match="needs an empty database"):
        call_command("seed_demo", stdout=said)
    assert (Contract.objects.count(), MonthlyReturn.objects.count(), User.objects.count()) == before


def test_another_day_is_refused(seeded, settings):
    CommissioningUnit.objects.exists()
    with transaction.atomic():
        settings.DEMO_TODAY = datetime.date(2026, 1, 1)
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE commissioning_commissioningunit CASCADE")
        with pytest.raises(CommandError, match="set DEMO_TODAY=2014-11-04"):
            call_command("seed_demo", stdout=StringIO())
        transaction.set_rollback(True)


def test_the_world_is_the_same_every_time():
    """Also in another process, where text hashes differ."""
    digest = "import hashlib; from reporting.demonstration.world import describe; "
    digest += "print(hashlib.sha256(repr(describe()).encode()).hexdigest())"
    environment = os.environ | {"DEBUG": "true", "DJANGO_SETTINGS_MODULE": "config.settings"}
    digests = {
        subprocess.run(
            [sys.executable, "-c", digest],
            cwd=ROOT,
            env=environment | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
    assert describe() == describe()


def test_every_month_up_to_september_was_reviewed_and_closed_on_the_day_of_its_review(seeded):
    reviews = list(MonthReview.objects.order_by("month"))
    assert [review.month for review in reviews] == list(MONTHS[:-1])
    assert {review.unit.code for review in reviews} == {UNIT}
    assert reviews[-1].held_on == datetime.date(2014, 10, 13)
    assert all(timezone.localtime(review.closed_at).date() == review.held_on for review in reviews)
    accepted = MonthlyReturn.objects.filter(contract__unit__code=UNIT, month__lt=OCTOBER)
    assert not accepted.exclude(state=ReturnState.ACCEPTED).exists()


def test_the_monthly_report_adds_up_to_the_paper_s_numbers(unit):
    """Its table, its areas and its strip, beside the dashboard's colours."""
    of = UnitMonth(unit, OCTOBER)
    report = MonthlyReport(user=User.objects.get(email="jo.marsh@lincolnshire.example"), of=of)
    facts = {label: (value, words) for label, value, words in report.strip}
    assert facts["Contracts"] == ("228", "208 centrally managed, 20 devolved")
    assert facts["Providers"] == ("177", "")
    assert facts["Value a year"] == ("£32.0m", "£134.0m whole life, partner funding included")
    assert {code: report.count(risk=code) for code in ("red", "amber", "green")} == {
        "red": 9,
        "amber": 43,
        "green": 173,
    }
    assert sum(all_of_it for _, _, all_of_it in report.table) == 228
    assert sum(area.contracts for area in report.areas) == 228
    assert report.page.coverage.startswith("181 of 228 returned")
