"""Service reviews: opened, changed by several people, appraised, decided and opened again."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from commissioning.services.conflict import Conflict
from contracts.choices import ElementState, ReviewElementKind
from contracts.models import ReviewOption, ServiceReview
from contracts.services.review_options import add_option, change_option
from contracts.services.service_reviews import (
    change_review,
    decide_sourcing,
    open_review,
    reopen_decision,
    set_element,
)
from tests.review_world import BEGUN, DETAILS, OPTION, make_review
from tests.world import TODAY, make_contract

TOMORROW = TODAY + datetime.timedelta(days=1)
FORM = {
    "title": "Leaving care",
    "opened_on": "12 September 2014",
    "ends_on": "31/3/2015",
    "planned_months": "36",
    "planned_options": "12 and 12",
    "is_on_forward_plan": "on",
}


def faults(call, **details):
    with pytest.raises(ValidationError) as refused:
        call(**details)
    return refused.value.message_dict


def decide(review, world, **changed):
    details = {
        "review": review,
        "sourcing": "in_house",
        "on": TODAY,
        "words": "Executive, minute 12",
        "version": review.version,
        "by": world.people["commissioner"],
    } | changed
    return decide_sourcing(**details)


def settle(review, by):
    for element in review.elements.all():
        set_element(element=element, state="done", on=TODAY, document=None, words="", version=element.version, by=by)


# Opened and changed


def test_a_review_opens_with_its_five_elements_in_their_order(world):
    review = make_review(world)
    assert [(e.kind, e.state) for e in review.elements.all()] == [
        (kind, ElementState.NOT_STARTED) for kind in ReviewElementKind
    ]


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"opened_on": TOMORROW}, {"opened_on": ["A review is recorded once it has begun; this day lies ahead."]}),
        ({"planned_months": None}, {"planned_months": ["Give the first term before its options."]}),
        ({"planned_options": [12, 0]}, {"planned_options": ["An option lasts at least 1 month."]}),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(world, changed, wrong):
    by = world.people["commissioner"]
    assert faults(open_review, unit=world.unit, details=DETAILS | changed, contracts=[], by=by) == wrong
    assert ServiceReview.objects.count() == 0


def test_a_contract_of_another_unit_is_refused(world):
    theirs = make_contract(world.outsider_unit)
    by = world.people["commissioner"]
    assert faults(open_review, unit=world.unit, details=DETAILS, contracts=[theirs], by=by) == {
        "contracts": ["Choose contracts of this unit."]
    }


def test_one_service_is_not_reviewed_twice_from_one_day(world):
    review, by = make_review(world), world.people["commissioner"]
    settle(review, by)
    review.refresh_from_db()
    decide(review, world)
    assert faults(open_review, unit=world.unit, details=DETAILS, contracts=[], by=by) == {
        "__all__": ["A review of this service was opened on this day already."]
    }


def test_the_second_of_two_people_is_told(world):
    review, by = make_review(world), world.people["commissioner"]
    change_review(review=review, details=DETAILS | {"title": "Theirs"}, contracts=[], version=1, by=by)
    with pytest.raises(Conflict):
        change_review(review=review, details=DETAILS | {"title": "Mine"}, contracts=[], version=1, by=by)


def test_the_form_opens_a_review_with_the_paper_s_length(world):
    world.contract(reference="CS/0147")
    world.contract(reference="CS/0148")
    typed = FORM | {"contracts": "cs/0147, CS/0148", "lead": "Council Contract officer", "version": "0"}
    answer = world.browser("commissioner").post("/service-reviews/new/", typed)
    review = ServiceReview.objects.get()
    assert answer.headers["Location"] == f"/service-reviews/{review.pk}/"
    assert review.planned_length.words == "3 years, with options of 12 and 12 months: 5 years in all"
    assert (review.lead, review.contracts.count()) == (world.people["contract_officer"], 2)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, "Give the name of the service."),
        ({"ends_on": "31 February 2015"}, "Service ends: enter a real date"),
        ({"planned_months": "three"}, "Planned first term in months: give whole months from 1 to 600"),
        ({"planned_options": "twelve"}, "Give whole months for each option"),
        ({"contracts": "CS/9999"}, "No contract of this unit that you may see has the reference CS/9999."),
        ({"lead": "Nobody Known"}, "Nobody of the unit’s partners is called «Nobody Known»."),
        ({"planned_months": "", "planned_options": "12"}, "Give the first term before its options."),
    ],
)
def test_bad_input_is_said_on_the_field_and_nothing_typed_is_lost(world, typed, sentence):
    page = world.browser("commissioner").post(
        "/service-reviews/new/", FORM | {"why": "Kept words", "version": "0"} | typed
    )
    text = page.content.decode()
    assert (page.status_code, ServiceReview.objects.count()) == (200, 0)
    assert sentence in text
    assert "Kept words" in text


def test_a_conflict_shows_both_and_saves_when_seen(world):
    review, by = make_review(world), world.people["commissioner"]
    change_review(review=review, details=DETAILS | {"title": "Theirs"}, contracts=[], version=1, by=by)
    browser = world.browser("commissioner")
    page = browser.post(f"/service-reviews/{review.pk}/change/", FORM | {"title": "Mine", "version": "1"})
    rows = [(row.label, row.theirs, row.mine) for row in page.context["both"]]
    assert (page.status_code, rows[0]) == (409, ("Service", "Theirs", "Mine"))
    again = page.context["form"].data
    browser.post(f"/service-reviews/{review.pk}/change/", again.dict())
    review.refresh_from_db()
    assert review.title == "Mine"


# Elements


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"state": "done"}, {"on": ["Give the day on which it was done."]}),
        (
            {"state": "done", "on": TOMORROW},
            {"on": ["This day lies ahead: an element is done on a day that has come."]},
        ),
        ({"state": "not_needed"}, {"words": ["Say why it is not needed."]}),
    ],
)
def test_an_element_is_whole_or_refused(world, changed, wrong):
    element = make_review(world).elements.first()
    details = {"state": "under_way", "on": None, "document": None, "words": "", "version": 1} | changed
    assert faults(set_element, element=element, by=world.people["commissioner"], **details) == wrong


def test_an_element_planned_for_a_day_to_come_is_kept(world):
    element = make_review(world).elements.first()
    by = world.people["commissioner"]
    set_element(element=element, state="under_way", on=TOMORROW, document=None, words="", version=1, by=by)
    element.refresh_from_db()
    assert (element.state, element.on, element.version) == ("under_way", TOMORROW, 2)
    with pytest.raises(Conflict):
        set_element(element=element, state="under_way", on=None, document=None, words="", version=1, by=by)


# Options


def test_a_second_recommended_option_is_asked_about_and_then_takes_the_place(world):
    review = make_review(world)
    browser, address = world.browser("commissioner"), f"/service-reviews/{review.pk}/options/new/"
    typed = {"title": "Let anew", "horizon": "short", "is_recommended": "on", "version": "0"}
    asked = browser.post(address, typed)
    assert asked.status_code == 200
    assert "“Extend the contract” is recommended already" in asked.content.decode()
    assert review.options.count() == 1
    browser.post(address, typed | {"confirm": "yes"})
    recommended = review.options.filter(is_recommended=True).values_list("title", flat=True)
    assert list(recommended) == ["Let anew"]


def test_each_horizon_has_a_recommendation_of_its_own(world):
    review, by = make_review(world), world.people["commissioner"]
    add_option(review=review, details=OPTION | {"title": "Procure together", "horizon": "long"}, by=by)
    assert review.options.filter(is_recommended=True).count() == 2


def test_a_recommendation_does_not_move_unasked(world):
    review, by = make_review(world), world.people["commissioner"]
    other = add_option(review=review, details=OPTION | {"title": "New", "is_recommended": False}, by=by)
    wrong = faults(change_option, option=other, details=OPTION | {"title": "New"}, version=1, by=by)
    assert wrong == {"is_recommended": ["For the short term “Extend the contract” is recommended already."]}
    with pytest.raises(Conflict):
        change_option(option=other, details=OPTION, version=0, by=by)


def test_an_option_is_removed_only_by_a_post(world):
    review = make_review(world)
    address = f"/service-reviews/{review.pk}/options/{review.options.get().pk}/remove/"
    browser = world.browser("commissioner")
    browser.get(address)
    assert review.options.count() == 1
    browser.post(address)
    assert ReviewOption.objects.count() == 0


def test_an_option_of_another_review_is_not_found(world):
    review, other = make_review(world), make_review(world, title="Youth housing")
    address = f"/service-reviews/{other.pk}/options/{review.options.get().pk}/"
    assert world.browser("commissioner").get(address).status_code == 404


# The decision


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"on": TOMORROW}, {"decided_on": ["A decision is recorded once it has been taken; this day lies ahead."]}),
        (
            {"on": BEGUN - datetime.timedelta(days=1)},
            {"decided_on": ["The review began on 12 September 2014: it cannot be decided before."]},
        ),
        ({"words": "  "}, {"decision_words": ["Say who decided, and why."]}),
    ],
)
def test_a_decision_has_its_day_and_who_took_it(world, changed, wrong):
    review = make_review(world)
    settle(review, world.people["commissioner"])
    assert faults(decide, review=review, world=world, **changed) == wrong


def test_a_decision_with_gaps_is_asked_about(world):
    review = make_review(world, with_option=False)
    browser, address = world.browser("commissioner"), f"/service-reviews/{review.pk}/decide/"
    typed = {"sourcing": "contract", "decided_on": "4 November 2014", "decision_words": "Executive", "version": "1"}
    asked = browser.post(address, typed)
    assert asked.context["asks"] == [
        "Review of current services: not started.",
        "Consultation and engagement with key stakeholders: not started.",
        "Financial review: not started.",
        "Options appraisal: not started.",
        "No option is written down.",
    ]
    review.refresh_from_db()
    assert review.decided_on is None
    browser.post(address, typed | {"confirm": "yes"})
    review.refresh_from_db()
    assert (review.sourcing, review.decided_on) == ("contract", TODAY)


def test_without_a_day_nothing_is_decided(world):
    review = make_review(world)
    typed = {"sourcing": "grant", "decided_on": "", "decision_words": "Executive", "version": "1", "confirm": "yes"}
    page = world.browser("commissioner").post(f"/service-reviews/{review.pk}/decide/", typed).content.decode()
    review.refresh_from_db()
    assert ("Give the day of the decision." in page, review.decided_on) == (True, None)


def test_a_decision_is_reopened_with_a_reason_and_decided_again(world):
    review, by = make_review(world), world.people["commissioner"]
    settle(review, by)
    review = decide(review, world)
    assert "decided_on" in faults(decide, review=review, world=world)
    assert faults(reopen_decision, review=review, reason=" ", version=review.version, by=by) == {
        "reason": ["Say why the decision is reopened."]
    }
    browser = world.browser("commissioner")
    browser.post(f"/service-reviews/{review.pk}/reopen/", {"reason": "Called in", "version": str(review.version)})
    review.refresh_from_db()
    assert (review.sourcing, review.decided_on, review.decision_words) == ("", None, "")
    assert decide(review, world, sourcing="none").get_sourcing_display() == "Not at all"


def test_two_who_decide_at_once_are_told(world):
    review = make_review(world)
    settle(review, world.people["commissioner"])
    decide(review, world)
    with pytest.raises(Conflict):
        decide(review, world)


def test_a_service_under_review_is_not_reviewed_twice_at_once(world):
    by = world.people["commissioner"]
    review = make_review(world)
    again = {"unit": world.unit, "details": DETAILS | {"opened_on": TODAY}, "contracts": [], "by": by}
    wrong = faults(open_review, **again)
    assert wrong == {"title": ["This service is under review since 12 September 2014: go on with that review."]}
    settle(review, by)
    review.refresh_from_db()
    decide(review, world)
    assert open_review(**again).pk != review.pk
