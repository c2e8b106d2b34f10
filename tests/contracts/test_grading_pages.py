"""The pages behind a grade: views of it, the balanced scorecard and the Procurement Act's rating."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from contracts.choices import KpiPlan, Side
from contracts.models import GradeView, ScorecardLine, StatutoryRating
from contracts.services.grade_views import Heard, record_view
from contracts.services.statutory_rating import proposal_for
from tests.contracts.test_returns_page import checked, hidden, shown, summary, tree, words
from tests.kpi_world import make_kpi, make_reading
from tests.world import OCTOBER, make_return

SEPTEMBER = datetime.date(2014, 9, 1)
DAY = datetime.date(2014, 10, 30)


@pytest.fixture
def contract(world):
    contract = world.contract(title="Short breaks", service_manager=world.people["service_manager"])
    make_return(contract, jet=5)
    return contract


@pytest.fixture
def officer(world):
    return world.browser("contract_officer")


def section(answer, heading):
    [found] = [s for s in tree(answer).iter("section") if (h := s.find(".//h2")) is not None and heading in words(h)]
    return words(found)


# Views of the grade


def views_page(contract, month="2014-10"):
    return f"/contracts/{contract.slug}/grade/{month}/"


def say(browser, contract, side="supplier", version=0, **typed):
    posted = {f"{side}-{name}": value for name, value in typed.items()}
    return browser.post(views_page(contract), posted | {"save": side, f"{side}-version": version})


def test_the_officer_writes_down_both_sides_and_the_return_shows_who_disagrees(world, contract, officer):
    heard = {"stated_by": "R. Lowe", "stated_on": "30 October 2014"}
    assert say(officer, contract, score="7", comment="Better than that.", **heard).status_code == 302
    assert say(officer, contract, "service_manager", score="5", **heard).status_code == 302
    page = officer.get(f"/returns/2014-10/{contract.slug}/")
    assert "The supplier would give 7." in section(page, "Views of the grade")
    assert "Supplier7 Excellent2 higherBetter than that.R. Lowe, 30 October 2014, noted by" in shown(page)
    assert "The supplier would give 7." in section(officer.get(contract.url_in_unit), "Assessment, October 2014")


def test_the_providers_contact_states_its_own_view_and_reads_no_other(world, contract):
    record_view(
        contract=contract,
        month=OCTOBER,
        side=Side.SERVICE_MANAGER,
        heard=Heard(3, "They hide their waits.", "K. Obi", DAY),
        version=0,
        by=world.people["contract_officer"],
    )
    contact = world.browser("provider_contact")
    page = contact.get(views_page(contract))
    assert section(page, "The grade given").startswith("The grade given JET 5")
    assert "Service manager" not in shown(page)
    assert "hide their waits" not in page.content.decode()
    assert not [i for i in tree(page).iter("input") if i.get("name") == "supplier-stated_by"]
    assert say(contact, contract, "service_manager", score="9").status_code == 403
    assert say(contact, contract, score="6", comment="We agree but for one point.").status_code == 302
    view = GradeView.objects.get(side="supplier")
    assert (view.score, view.stated_by) == (6, "Willow Contact")
    text = contact.get(contract.url_in_unit).content.decode()
    assert "We agree but for one point." in text
    assert "hide their waits" not in text
    assert "Balanced scorecard" not in text


def test_a_provider_of_another_contract_finds_nothing(world):
    other = world.contract(providers=[world.other_provider])
    assert world.browser("provider_contact").get(views_page(other)).status_code == 404


def test_a_view_without_a_score_is_refused_and_kept(contract, officer):
    answer = say(officer, contract, comment="Long waits", stated_by="R. Lowe", stated_on="31 February 2014")
    assert summary(answer) == {("When: enter a real date, such as 31 March 2026", "#id_supplier-stated_on")}
    answer = say(officer, contract, comment="Long waits", stated_by="R. Lowe", stated_on="30 October 2014")
    assert summary(answer) == {("Choose a score from 1 to 9.", "#id_supplier-score")}
    assert "Long waits" in answer.content.decode()
    assert not GradeView.objects.exists()


def test_both_views_are_shown_where_two_people_meet(world, contract, officer):
    heard = {"stated_by": "R. Lowe", "stated_on": "30 October 2014"}
    say(world.browser("commissioner"), contract, score="7", **heard)
    answer = say(officer, contract, score="4", **heard)
    assert answer.status_code == 409
    assert "C. Commissioner saved this view at" in shown(answer)
    assert "Score74Different" in shown(answer)
    assert hidden(answer, "supplier-version") == {"1"}
    assert say(officer, contract, version=1, score="4", **heard).status_code == 302


# Both sides at once: what is typed for one outlives the saving of the other


BOTH = {
    "supplier-version": "0",
    "supplier-score": "7",
    "supplier-comment": "We are fully staffed.",
    "supplier-stated_by": "R. Lowe",
    "supplier-stated_on": "30 October 2014",
    "service_manager-version": "0",
    "service_manager-score": "4",
    "service_manager-comment": "Schools tell us otherwise.",
    "service_manager-stated_by": "K. Obi",
    "service_manager-stated_on": "31 February 2014",
}


def fields(answer):
    """What stands in the form, by name."""
    [form] = tree(answer).find(".//main").iter("form")
    found = {i.get("name"): i.get("value", "") for i in form.iter("input")}
    found |= {area.get("name"): words(area) for area in form.iter("textarea")}
    for select in form.iter("select"):
        found[select.get("name")] = next((o.get("value") for o in select.iter("option") if "selected" in o.attrib), "")
    return {name: value for name, value in found.items() if "-" in name}


def test_saving_one_side_keeps_what_is_typed_for_the_other(contract, officer):
    answer = officer.post(views_page(contract), BOTH | {"save": "supplier"})
    assert answer.status_code == 200
    assert "View of the October 2014 grade recorded: supplier." in words(tree(answer))
    assert fields(answer) == BOTH | {"supplier-version": "1"}
    assert "Not saved yet. What you typed here" in section(answer, "Service manager")
    assert "Not saved yet" not in section(answer, "Supplier")
    assert "govuk-error" not in answer.content.decode()
    assert [view.side for view in GradeView.objects.all()] == ["supplier"]
    right = fields(answer) | {"service_manager-stated_on": "31 October 2014"}
    assert officer.post(views_page(contract), right | {"save": "service_manager"}).status_code == 302
    assert set(GradeView.objects.values_list("side", "score")) == {("supplier", 7), ("service_manager", 4)}


def test_a_refusal_of_one_side_keeps_what_is_typed_for_the_other(contract, officer):
    answer = officer.post(views_page(contract), BOTH | {"supplier-score": "", "save": "supplier"})
    assert summary(answer) == {("Choose a score from 1 to 9.", "#id_supplier-score")}
    assert fields(answer) == BOTH | {"supplier-score": ""}
    answer = officer.post(views_page(contract), BOTH | {"save": "service_manager"})
    assert {where for _, where in summary(answer)} == {"#id_service_manager-stated_on"}
    assert fields(answer) == BOTH
    assert not GradeView.objects.exists()


def test_a_conflict_over_one_side_keeps_what_is_typed_for_the_other(world, contract, officer):
    say(world.browser("commissioner"), contract, score="8", stated_by="R. Lowe", stated_on="30 October 2014")
    answer = officer.post(views_page(contract), BOTH | {"save": "supplier"})
    assert answer.status_code == 409
    assert fields(answer) == BOTH | {"supplier-version": "1"}
    assert "C. Commissioner saved this view" in section(answer, "Supplier")
    assert "C. Commissioner" not in section(answer, "Service manager")


def test_a_side_that_somebody_saved_meanwhile_is_not_overwritten_later(world, contract, officer):
    heard = {"stated_by": "K. Obi", "stated_on": "30 October 2014"}
    say(world.browser("commissioner"), contract, "service_manager", score="8", **heard)
    answer = officer.post(views_page(contract), BOTH | {"save": "supplier"})
    assert fields(answer) == BOTH | {"supplier-version": "1"}
    right = fields(answer) | {"service_manager-stated_on": "31 October 2014", "save": "service_manager"}
    assert officer.post(views_page(contract), right).status_code == 409
    assert GradeView.objects.get(side="service_manager").score == 8


def test_a_side_as_it_was_opened_is_not_unsaved(contract, officer):
    heard = {"comment": "One.\r\nTwo.", "stated_by": "K. Obi", "stated_on": "30 October 2014"}
    say(officer, contract, "service_manager", score="4", **heard)
    opened = fields(officer.get(views_page(contract)))
    typed = {name: value for name, value in BOTH.items() if name.startswith("supplier")}
    kept = opened | {"service_manager-comment": heard["comment"]}
    answer = officer.post(views_page(contract), kept | typed | {"save": "supplier"})
    assert answer.status_code == 302


def test_the_provider_neither_sends_nor_reads_the_other_side(world, contract):
    answer = world.browser("provider_contact").post(views_page(contract), BOTH | {"save": "supplier"})
    assert answer.status_code == 302
    assert GradeView.objects.get().stated_by == "Willow Contact"
    refused = world.browser("provider_contact").post(
        views_page(contract), BOTH | {"supplier-score": "", "save": "supplier"}
    )
    assert "Schools tell us otherwise." not in refused.content.decode()


# Nothing to grade


@pytest.mark.parametrize("noun", ["grade", "scorecard"])
def test_a_month_for_which_nothing_is_asked_says_so(world, officer, noun):
    contract = world.contract(returns_from=datetime.date(2014, 11, 1))
    address = f"/contracts/{contract.slug}/{noun}/2014-10/"
    answer = officer.get(address)
    assert "No return is expected of this contract for October 2014." in shown(answer)
    assert "To the return" not in shown(answer)
    assert not list(tree(answer).find(".//main").iter("form"))
    links = {words(link) for link in tree(officer.get(contract.url_in_unit)).find(".//main").iter("a")}
    assert "Procurement Act rating" in links
    assert not links & {"Views of the grade", "Scorecard"}
    make_return(contract, jet=5)
    answer = officer.get(address)
    assert "No return is expected" not in shown(answer)
    assert "To the return" in shown(answer)


def test_a_view_for_which_nothing_is_asked_is_refused(world):
    contract = world.contract(returns_from=datetime.date(2014, 11, 1))
    with pytest.raises(ValidationError, match="No return is expected of this contract for October 2014"):
        record_view(
            contract=contract,
            month=OCTOBER,
            side=Side.SUPPLIER,
            heard=Heard(3, "", "K. Obi", DAY),
            version=0,
            by=world.people["contract_officer"],
        )


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        ("2013-03", "The contract starts on 1 April 2013: there is nothing to grade for March 2013."),
        ("2014-11", "November 2014 is not over: it can be graded from 1 December 2014."),
    ],
)
def test_a_month_with_nothing_to_grade_says_so(contract, officer, month, sentence):
    for page in (views_page(contract, month), f"/contracts/{contract.slug}/scorecard/{month}/"):
        answer = officer.get(page)
        assert sentence in shown(answer)
        assert "To the return" not in shown(answer)
        assert not list(tree(answer).find(".//main").iter("form"))


# The balanced scorecard


def scorecard(contract):
    return f"/contracts/{contract.slug}/scorecard/2014-10/"


def test_kpis_and_risk_propose_and_nothing_is_chosen(contract, officer):
    make_reading(make_kpi(contract), 90)
    answer = officer.get(scorecard(contract))
    assert checked(answer) == set()
    assert "KPIs: 0 of 1 met, 1 short: not improving, without a plan, which says “weak”." in shown(answer)
    assert "Risk is green, which says “strong”." in shown(answer)


def test_quality_against_cost_states_value_for_money(world, contract, officer):
    typed = {"quality": "sound", "quality_words": "Spec met.", "cost": "strong", "version": "0"}
    assert officer.post(scorecard(contract), typed).status_code == 302
    assert ScorecardLine.objects.count() == 2
    said = "Sound quality at a low cost: good value for money."
    assert said in section(officer.get(contract.url_in_unit), "Assessment")
    assert f"2 of 5 judged. {said}" in shown(officer.get(f"/returns/2014-10/{contract.slug}/"))
    again = officer.get(scorecard(contract))
    assert checked(again) == {("quality", "sound"), ("cost", "strong")}
    assert hidden(again, "version") == {"2"}


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({}, {("Judge at least one of the five before you save.", None)}),
        ({"outcomes_words": "Some"}, {("Choose strong, sound or weak.", "#id_outcomes_0")}),
        ({"cost": "sound", "cost_words": "x" * 601}, None),
    ],
)
def test_what_is_no_judgement_is_refused(contract, officer, typed, faults):
    answer = officer.post(scorecard(contract), typed | {"version": "0"})
    assert answer.status_code == 200
    assert faults is None or summary(answer) == faults
    assert "govuk-error-summary" in answer.content.decode()
    assert not ScorecardLine.objects.exists()


def test_another_persons_scorecard_is_not_overwritten(world, contract, officer):
    world.browser("commissioner").post(scorecard(contract), {"quality": "weak", "version": "0"})
    answer = officer.post(scorecard(contract), {"quality": "strong", "version": "0"})
    assert answer.status_code == 409
    assert "C. Commissioner saved this scorecard at" in shown(answer)
    assert "QualityWeakStrongDifferent" in shown(answer)
    assert ScorecardLine.objects.get().standing == "weak"
    assert officer.post(scorecard(contract), {"quality": "strong", "version": "1"}).status_code == 302


# The rating of the Procurement Act


def rating(contract, query=""):
    return f"/contracts/{contract.slug}/rating/{query}"


def rate(browser, contract, first="2014-04-01", last="2014-10-01", version=0, **typed):
    return browser.post(rating(contract), typed | {"from_month": first, "to_month": last, "version": version})


def test_the_newest_grade_of_the_period_proposes(contract, officer):
    make_return(contract, SEPTEMBER, jet=8)
    answer = officer.get(rating(contract, "?from_month=2014-04-01&to_month=2014-10-01"))
    assert "Proposed: Approaching target. From the grade of October 2014: 5 Effective." in shown(answer)
    assert "Voluntary: section 71" in shown(answer)
    earlier = officer.get(rating(contract, "?from_month=2014-04-01&to_month=2014-09-01"))
    assert "Proposed: Good. From the grade of September 2014: 8 Outstanding." in shown(earlier)
    assert "Outstanding" not in [words(label) for label in tree(earlier).iter("label")]


def test_the_kpis_decide_between_two_terms(contract, officer):
    make_return(contract, SEPTEMBER, jet=6)
    query = "?from_month=2014-09-01&to_month=2014-09-01"
    assert "Proposed: Approaching target." in shown(officer.get(rating(contract, query)))
    make_reading(make_kpi(contract), 97, SEPTEMBER, plan=KpiPlan.NONE)
    assert "Proposed: Good." in shown(officer.get(rating(contract, query)))


def test_a_rating_as_proposed_needs_no_reason_and_is_listed(world, contract, officer):
    assert rate(officer, contract, rating="approaching_target", reason="Not kept").status_code == 302
    row = StatutoryRating.objects.get()
    assert (row.rating, row.proposed, row.reason, row.is_statutory) == (
        "approaching_target",
        "approaching_target",
        "",
        False,
    )
    assert "April 2014 to October 2014Approaching targetVoluntary4 November 2014" in shown(
        officer.get(contract.url_in_unit)
    )


def test_another_rating_needs_a_reason_which_the_provider_does_not_read(world, contract, officer):
    refused = rate(officer, contract, rating="inadequate")
    assert summary(refused) == {
        ("The grades propose “Approaching target”. Say why the rating is another.", "#id_reason")
    }
    assert rate(officer, contract, rating="inadequate", reason="Two of three sites closed.").status_code == 302
    assert "The grades proposed “Approaching target”. Two of three sites closed." in shown(
        officer.get(contract.url_in_unit)
    )
    provider = world.browser("provider_contact").get(contract.url_in_unit)
    assert "April 2014 to October 2014Inadequate" in shown(provider)
    assert "Two of three sites" not in provider.content.decode()


@pytest.mark.parametrize(
    ("first", "last", "sentence", "field"),
    [
        ("2014-10-01", "2014-04-01", "The period ends before it begins.", "to_month"),
        (
            "2014-04-01",
            "2014-05-01",
            "Nothing was returned from April 2014 to May 2014: there is no grade to rate.",
            "from_month",
        ),
    ],
)
def test_a_period_that_cannot_be_rated_says_why(contract, officer, first, last, sentence, field):
    for answer in (
        officer.get(rating(contract, f"?from_month={first}&to_month={last}")),
        rate(officer, contract, first, last, rating="good"),
    ):
        assert summary(answer) == {(sentence, f"#id_{field}")}
    assert not StatutoryRating.objects.exists()


def has_summary(answer):
    return "govuk-error-summary" in answer.content.decode()


def test_a_period_without_a_grade_is_no_mistake_of_whoever_opens_the_page(world, officer):
    answer = officer.get(rating(world.contract()))
    assert "Nothing was returned from November 2013 to October 2014: there is no grade to rate." in shown(answer)
    assert "Show what the grades propose" in shown(answer)
    assert not has_summary(answer)


def test_a_contract_that_has_not_started_has_nothing_to_rate(world, officer):
    contract = world.contract(start=datetime.date(2015, 4, 1), initial_end=datetime.date(2018, 3, 31))
    for answer in (officer.get(rating(contract)), rate(officer, contract, rating="good")):
        assert "The contract starts on 1 April 2015: there is nothing to rate yet." in shown(answer)
        assert not has_summary(answer)
        assert not list(tree(answer).find(".//main").iter("form"))
    with pytest.raises(ValidationError, match="The contract starts on 1 April 2015"):
        proposal_for(contract, SEPTEMBER, OCTOBER)


def test_no_month_is_rated_twice(contract, officer):
    make_return(contract, SEPTEMBER, jet=8)
    assert rate(officer, contract, "2014-04-01", "2014-09-01", rating="good").status_code == 302
    sentence = "The months to September 2014 are rated already: begin with October 2014."
    answer = officer.get(rating(contract, "?from_month=2014-04-01&to_month=2014-10-01"))
    assert summary(answer) == {(sentence, "#id_from_month")}
    answer = rate(officer, contract, rating="inadequate", reason="Two of three sites closed.")
    assert summary(answer) == {(sentence, None)}
    assert "Two of three sites closed." in answer.content.decode()
    assert StatutoryRating.objects.count() == 1
    assert rate(officer, contract, "2014-10-01", rating="approaching_target").status_code == 302
    assert rate(officer, contract, "2014-05-01", "2014-09-01", version=1, rating="good").status_code == 302


def test_a_period_within_one_that_is_rated_is_refused(contract, officer):
    make_return(contract, SEPTEMBER, jet=8)
    rate(officer, contract, rating="approaching_target")
    answer = officer.get(rating(contract, "?from_month=2014-09-01&to_month=2014-09-01"))
    sentence = "The months from April 2014 to October 2014 are rated already: rate that period again, or another."
    assert summary(answer) == {(sentence, "#id_to_month")}


def test_where_every_month_is_rated_the_last_period_stands_there_again(contract, officer):
    rate(officer, contract, rating="approaching_target")
    answer = officer.get(rating(contract))
    assert "April 2014 to October 2014" in shown(answer)
    assert hidden(answer, "version") == {"1"}


def test_a_month_that_is_not_over_is_not_offered(contract, officer):
    answer = rate(officer, contract, "2014-04-01", "2014-11-01", rating="good")
    assert answer.status_code == 200
    assert "November 2014" not in [words(option) for option in tree(answer).iter("option")]
    assert not StatutoryRating.objects.exists()


def test_what_was_only_not_assessed_is_other(world, officer):
    contract = world.contract()
    make_return(contract, jet=None)
    assert "Proposed: Other." in shown(officer.get(rating(contract, "?from_month=2014-10-01&to_month=2014-10-01")))


def test_the_full_regime_with_published_kpis_owes_it(world, officer, settings):
    settings.DEMO_TODAY = datetime.date(2026, 4, 7)
    contract = world.contract(
        procurement_regime="pa2023_full", start=datetime.date(2025, 4, 1), initial_end=datetime.date(2028, 3, 31)
    )
    march = datetime.date(2026, 3, 1)
    make_return(contract, march, jet=7)
    make_kpi(contract, is_published=True, first_month=datetime.date(2025, 4, 1))
    answer = rate(officer, contract, "2025-04-01", "2026-03-01", rating="good")
    assert answer.status_code == 302
    assert StatutoryRating.objects.get().is_statutory
    assert "Section 71 of the Procurement Act 2023. Next due by 31 March 2027" in shown(
        officer.get(contract.url_in_unit)
    )


def test_a_rating_given_meanwhile_is_shown(world, contract, officer):
    rate(world.browser("commissioner"), contract, rating="other", reason="Too new.")
    answer = rate(officer, contract, rating="approaching_target")
    assert answer.status_code == 409
    assert "C. Commissioner rated this period at" in shown(answer)
    assert "RatingOtherApproaching targetDifferent" in shown(answer)
    assert rate(officer, contract, version=1, rating="approaching_target").status_code == 302


# History, and what it costs


def test_the_history_says_what_was_judged(world, contract, officer):
    say(officer, contract, score="7", comment="Better.", stated_by="R. Lowe", stated_on="30 October 2014")
    officer.post(scorecard(contract), {"quality": "sound", "version": "0"})
    officer.post(scorecard(contract), {"quality": "weak", "quality_words": "Less.", "version": "1"})
    rate(officer, contract, rating="inadequate", reason="Sites closed.")
    text = section(officer.get(contract.url_in_unit), "History")
    for said in (
        "October 2014: the supplier would give 7, said by R. Lowe",
        "October 2014: quality sound",
        "October 2014: quality sound to weak",
        "April 2014 to October 2014: Inadequate, proposed was Approaching target",
    ):
        assert said in text


def test_who_may_record_is_who_manages_the_contract(world, contract):
    for who in ("finance", "auditor", "observer", "board_secretary"):
        assert world.browser(who).get(views_page(contract)).status_code == 403
        assert "Procurement Act rating" not in section(world.browser(who).get(contract.url_in_unit), "Assessment")
