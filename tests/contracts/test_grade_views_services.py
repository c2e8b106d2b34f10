"""The views of a grade: who states and who writes down, what is refused, and who disagrees."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.services.conflict import Conflict
from commissioning.services.stand_ins import give_stand_in
from contracts.choices import Side
from contracts.models import GradeView
from contracts.queries.grade_views import disagreement, grade_month, side_lines, side_of, views_of
from contracts.rules.grade_views import agreement_words, disagreement_words, grading_fault
from contracts.rules.jet import NOT_ASSESSED
from contracts.services.grade_views import Heard, record_view
from tests.world import OCTOBER, TODAY, make_person, make_return

DAY = datetime.date(2014, 10, 30)
AT_A_MEETING = Heard(4, " Waits are long. ", "R. Lowe", DAY)


@pytest.fixture
def contract(world):
    return world.contract(service_manager=world.people["service_manager"])


def record(contract, by, side=Side.SUPPLIER, heard=AT_A_MEETING, version=0, month=OCTOBER):
    return record_view(contract=contract, month=month, side=side, heard=heard, version=version, by=by)


# Who


def test_the_officer_writes_down_what_was_said(world, contract):
    view = record(contract, world.people["contract_officer"])
    assert (view.side, view.score, view.comment, view.stated_by, view.stated_on, view.version) == (
        "supplier",
        4,
        "Waits are long.",
        "R. Lowe",
        DAY,
        1,
    )
    assert view.recorded_by == world.people["contract_officer"]


@pytest.mark.parametrize(
    ("who", "side", "name"),
    [
        ("service_manager", Side.SERVICE_MANAGER, "Council Service manager"),
        ("provider_contact", Side.SUPPLIER, "Willow Contact"),
    ],
)
def test_a_side_that_speaks_signs_with_its_own_name_and_day(world, contract, who, side, name):
    assert side_of(world.people[who], contract) == side
    view = record(contract, world.people[who], side)
    assert (view.stated_by, view.stated_on) == (name, TODAY)


def test_a_stand_in_speaks_for_the_service_manager(world, contract):
    absent, stand_in = world.people["service_manager"], make_person("Sub Stitute", world.council, "service_manager")
    give_stand_in(absent=absent, stand_in=stand_in, since=TODAY, until=TODAY, by=absent)
    view = record(contract, stand_in, Side.SERVICE_MANAGER)
    assert view.stated_by == "Sub Stitute for Council Service manager"


def test_what_a_side_stated_itself_only_that_side_changes(world, contract):
    record(contract, world.people["provider_contact"], heard=Heard(7))
    with pytest.raises(ValidationError, match=r"Willow Contact stated this on 4 November 2014\. Only the supplier can"):
        record(contract, world.people["contract_officer"], version=1)
    colleague = make_person("Willow Second", world.provider, "provider_contact")
    assert record(contract, colleague, heard=Heard(6), version=1).score == 6


def test_what_was_written_down_may_be_put_right(world, contract):
    record(contract, world.people["contract_officer"])
    assert record(contract, world.people["commissioner"], heard=Heard(5, "", "R. Lowe", DAY), version=1).version == 2


@pytest.mark.parametrize(
    ("who", "sides"),
    [
        ("contract_officer", {"service_manager", "supplier"}),
        ("service_manager", {"service_manager", "supplier"}),
        ("commissioner", {"service_manager", "supplier"}),
        ("provider_contact", {"supplier"}),
    ],
)
def test_the_sides_that_a_person_reads_and_writes(world, contract, who, sides):
    user = world.people[who]
    of, scope = grade_month(user, contract, OCTOBER), scope_of(user)
    assert of.is_open_to(scope, Permission.VIEW_CONTRACTS)
    assert set(of.sides(scope)) == sides


# What is refused


@pytest.mark.parametrize(
    ("heard", "faults"),
    [
        (Heard(None, "", "", None), {"score", "stated_by", "stated_on"}),
        (Heard(10, "", "R. Lowe", DAY), {"score"}),
        (Heard(0, "", "R. Lowe", DAY), {"score"}),
        (Heard(4, "x" * 1001, "R. Lowe", DAY), {"comment"}),
        (Heard(4, "", "R" * 121, DAY), {"stated_by"}),
        (Heard(4, "", "R. Lowe", TODAY + datetime.timedelta(days=1)), {"stated_on"}),
        (Heard(4, "", "R. Lowe", datetime.date(2014, 9, 30)), {"stated_on"}),
    ],
)
def test_faults_stand_beside_their_fields(world, contract, heard, faults):
    with pytest.raises(ValidationError) as refused:
        record(contract, world.people["contract_officer"], heard=heard)
    assert set(refused.value.message_dict) == faults
    assert not GradeView.objects.exists()


@pytest.mark.parametrize(
    ("month", "words"),
    [
        (datetime.date(2013, 3, 1), "The contract starts on 1 April 2013: there is nothing to grade for March 2013."),
        (datetime.date(2014, 11, 1), "November 2014 is not over: it can be graded from 1 December 2014."),
    ],
)
def test_a_month_without_anything_to_grade_is_refused_in_words(world, contract, month, words):
    with pytest.raises(ValidationError) as refused:
        record(contract, world.people["contract_officer"], month=month)
    assert refused.value.messages == [words]


def test_a_contract_that_has_ended_or_whose_start_is_not_known_is_not_graded():
    ended = {"start": datetime.date(2012, 4, 1), "effective_end": datetime.date(2014, 9, 30), "today": TODAY}
    assert grading_fault(OCTOBER, **ended) == (
        "The contract ended on 30 September 2014: there is nothing to grade for October 2014."
    )
    assert grading_fault(datetime.date(2014, 9, 1), **ended) == ""
    assert grading_fault(OCTOBER, start=None, effective_end=None, today=TODAY).startswith("It is not known when")


def test_a_newer_view_is_not_overwritten(world, contract):
    record(contract, world.people["contract_officer"])
    with pytest.raises(Conflict) as met:
        record(contract, world.people["commissioner"], heard=Heard(9, "", "R. Lowe", DAY))
    assert met.value.current.score == 4


# Who disagrees


@pytest.mark.parametrize(
    ("score", "grade", "words"),
    [(5, 5, "Agrees"), (4, 5, "1 lower"), (8, 5, "3 higher"), (5, None, "")],
)
def test_whether_a_view_agrees_follows_from_the_grade(score, grade, words):
    assert agreement_words(score, grade) == words


@pytest.mark.parametrize(
    ("views", "grade", "words"),
    [
        ([("service manager", 4), ("supplier", 6)], 5, "The service manager would give 4, the supplier 6."),
        ([("service manager", 5), ("supplier", 6)], 5, "The supplier would give 6."),
        ([("service manager", 5)], 5, ""),
        ([("supplier", 6)], None, ""),
        ([], 5, ""),
    ],
)
def test_disagreement_in_a_sentence(views, grade, words):
    assert disagreement_words(views, grade) == words


@pytest.mark.parametrize("count", [1, 30])
def test_views_of_many_contracts_are_one_query(world, contract, django_assert_num_queries, count):
    others = [world.contract() for _ in range(count - 1)]
    for each in [contract, *others]:
        record(each, world.people["commissioner"])
    record(contract, world.people["commissioner"], Side.SERVICE_MANAGER, Heard(6, "", "K. Obi", DAY))
    pks = [contract.pk, *(each.pk for each in others)]
    with django_assert_num_queries(1):
        found = views_of(pks, OCTOBER)
        assert len(found) == count
        assert disagreement(found[contract.pk], 5) == "The service manager would give 6, the supplier 4."
        assert disagreement(found[contract.pk], NOT_ASSESSED) == ""


def test_a_side_not_heard_has_its_line_too(world, contract):
    make_return(contract, jet=5)
    record(contract, world.people["contract_officer"])
    first, second = side_lines(views_of([contract.pk], OCTOBER)[contract.pk], jet=5, month=OCTOBER)
    assert (first.side, first.view, first.score_words, first.agreement, first.differs) == (
        "service_manager",
        None,
        "",
        "",
        False,
    )
    assert (second.score_words, second.agreement, second.differs, second.noted_by) == (
        "4 Satisfactory",
        "1 lower",
        True,
        "Council Contract officer",
    )
