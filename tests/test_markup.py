"""Every page as HTML: whole, headed, labelled, captioned, free of inline code, its queries bounded."""

import itertools
import re
from functools import cache
from xml.etree import ElementTree

import html5lib
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commissioning.choices import OrganisationKind
from commissioning.services.organisations import add_organisation
from contracts.models import Contract
from tests.permissions.addresses import names
from tests.permissions.test_matrix import MATRIX, WHO
from tests.world import make_return

#: Answers that are no pages: files, and those without a body.
NO_PAGES = {
    "health",
    "keep_signed_in",
    "register_export",
    "register_view_export",
    "calibration_export",
    "register_import_template",
    "return_grid_template",
    "register_import_faults",
    "service_reviews_export",
    "document",
    "providers_export",
    "monthly_report_export",
}
#: The most queries that a page asks, sign-in and frame included.
MOST_QUERIES = 30
CHANGED_REVIEW = {"title": "Youth housing", "opened_on": "1 October 2014", "version": "0"}
DECISION = {"sourcing": "contract", "decided_on": "3 November 2014", "decision_words": "The executive"}
OPTION = {"title": "Another", "horizon": "short", "is_recommended": "on"}
CONTROLS = {"input", "select", "textarea"}
UNLABELLED_INPUTS = {"hidden", "submit", "button"}
RISK_WORDS = re.compile(r"\b(red|amber|green|not returned|no current view|no view)\b", re.IGNORECASE)


def pages():
    """Every page that somebody may look at, with the first person who may."""
    for name, (shown, _) in sorted(MATRIX.items()):
        if "." in shown and name not in NO_PAGES:
            yield name, WHO[shown.index(".")]


PAGES = list(pages())


def parse(markup: str) -> ElementTree.Element:
    """The document; markup that a browser would have to guess at raises."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(markup)


def text_of(element) -> str:
    return " ".join("".join(element.itertext()).split())


def parents_of(root):
    return {child: parent for parent in root.iter() for child in parent}


def read(places, name, who, address=None):
    answer = places.world.browser(who).get(address or places.address(name))
    assert answer.status_code == 200, name
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer.content.decode()


@cache
def extra_pages():
    """Pages after something went wrong or half way, which nobody reaches by an address alone: (name, who, post)."""
    return [
        ("contract_add", "commissioner", {"reference": "", "provider_0": "Willow Home", "annual_value": "much"}),
        ("contract_change", "commissioner", {"version": "0", "opened": "{}"}),
        ("contract_option", "commissioner", {"exercised_on": "31 February 2014"}),
        ("contract_notice", "commissioner", {}),
        ("contract_extend", "commissioner", {"on": "soon", "months": "0"}),
        ("contract_vary_value", "commissioner", {"annual_value": "much"}),
        ("contract_vary_term", "commissioner", {}),
        ("contract_end", "commissioner", {}),
        (
            "contract_end",
            "commissioner",
            {
                "on": "3 November 2014",
                "notice_kind": "agreement",
                "given_by": "mutual",
                "last_day": "31 December 2014",
                "reason": "Both agree.",
            },
        ),
        ("contract_recommission", "commissioner", {"followed_by": "nothing"}),
        ("contract_decommission", "commissioner", {}),
        ("contract_novate", "commissioner", {"to_provider": "Alder"}),
        ("duty", "commissioner", {"state": "not_needed", "version": "1"}),
        ("duty", "commissioner", {"state": "done", "done_on": "4 November 2014", "version": "7"}),
        ("duty_add", "commissioner", {}),
        ("contract_restrict", "commissioner", {"reason": ""}),
        ("contract_lift", "commissioner", {}),
        ("plan_add", "contract_officer", {"title": "", "agreed_on": "31 February 2014"}),
        (
            "plan_change",
            "contract_officer",
            {"title": "W", "version": "7", "concern": "other", "agreed_on": "1 May 2014"},
        ),
        ("plan_close", "contract_officer", {"closed_on": "1 January 2099", "closing_words": "Done", "version": "1"}),
        ("plan_step_add", "contract_officer", {}),
        ("plan_step", "contract_officer", {"state": "done", "version": "1"}),
        (
            "plan_step_change",
            "contract_officer",
            {"text": "Ask", "owner": "Us", "due_on": "1 May 2015", "version": 7},
        ),
        ("plan_step_evidence", "provider_contact", {"text": " "}),
        ("performance_notice_add", "contract_officer", {}),
        ("performance_notice_meeting", "contract_officer", {"outcome": "plan", "version": "1"}),
        ("performance_notice_close", "contract_officer", {"closing_words": "Met", "version": "1"}),
        ("partner_add", "commissioner", {"level": "full", "joined_on": "4 November 2014", "reason": "Agreed"}),
        ("partner_level", "commissioner", {"level": "observer", "reason": "Agreed"}),
        ("partner_leave", "commissioner", {}),
        ("person_add", "organisation_administrator", {}),
        ("person", "organisation_administrator", {}),
        ("role_end", "organisation_administrator", {"until": "soon"}),
        ("person_leave", "organisation_administrator", {}),
        ("return", "contract_officer", {"action": "submit"}),
        ("kpi_add", "contract_officer", {"target": "much", "upper": "7"}),
        ("kpi_change", "contract_officer", {"version": "0", "name": " "}),
        ("kpi_target", "contract_officer", {"from_month": "September 2014", "target": "90"}),
        ("kpi_close", "contract_officer", {"last_month": "soon", "version": "7"}),
        ("outcome_add", "provider_contact", {}),
        ("outcome_change", "contract_officer", {}),
        ("outcome_decide", "contract_officer", {"decision": "decline", "version": "1"}),
        ("grade_views", "contract_officer", {"save": "supplier", "supplier-version": "0"}),
        ("grade_views", "provider_contact", {"save": "supplier", "supplier-version": "7", "supplier-score": "4"}),
        ("scorecard", "contract_officer", {"version": "0", "quality_words": "Good"}),
        ("statutory_rating", "contract_officer", {"version": "0", "rating": "inadequate"}),
        ("month_close", "commissioner", {"stands": "0.0"}),
        ("month_meeting", "commissioner", {"version": "0", "held_on": "31 February 2014"}),
        ("month_meeting", "commissioner", {"version": "7", "held_on": "5 November 2014"}),
        ("review_action_add", "commissioner", {}),
        ("review_rules", "commissioner", {"version": "0"}),
        ("service_review_add", "commissioner", {"title": ""}),
        ("service_review_change", "commissioner", CHANGED_REVIEW),
        ("service_review_decide", "commissioner", {}),
        ("service_review_decide", "commissioner", DECISION | {"version": "1"}),
        ("service_review_decide", "commissioner", DECISION | {"version": "0"}),
        ("service_review_reopen", "commissioner", {}),
        ("review_element", "commissioner", {"state": "done", "version": "1"}),
        ("review_element", "commissioner", {"state": "under_way", "version": "0"}),
        ("review_option_add", "commissioner", {}),
        ("review_option_add", "commissioner", OPTION | {"version": "0"}),
        ("review_option_change", "commissioner", OPTION | {"version": "0"}),
        ("contract_document_add", "contract_officer", {}),
        ("review_document_add", "commissioner", {}),
        ("document_remove", "commissioner", {}),
        ("register_import", "commissioner", {}),
        ("saved_view_add", "commissioner", {"name": " "}),
        ("review_view_add", "commissioner", {"name": " "}),
        ("saved_view_change", "contract_officer", {"version": "1"}),
        ("account_login", "anonymous", {"login": "x", "password": ""}),
        ("account_reset_password", "anonymous", {"email": "x"}),
        ("account_change_password", "finance", {"oldpassword": "wrong"}),
    ]


def check(markup: str) -> None:
    root = parse(markup)
    check_head(root)
    check_ids(root)
    check_controls(root)
    check_tables(root)
    check_nothing_inline(root, markup)
    check_risk_in_words(root)


def check_head(root) -> None:
    assert root.get("lang") == "en-GB"
    title = root.find("head/title").text
    assert re.fullmatch(r"\S.* - Joint Commissioning", " ".join(title.split()))
    headings = [text_of(heading) for heading in root.iter("h1")]
    assert len(headings) == 1
    assert headings[0]
    assert len(list(root.iter("main"))) == 1
    found = (str(element.tag) for element in root.find(".//main").iter())
    levels = [int(tag[1]) for tag in found if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels


def check_ids(root) -> None:
    ids = [element.get("id") for element in root.iter() if element.get("id") is not None]
    assert sorted(ids) == sorted(set(ids))
    assert all(ids)
    wanted = set()
    for element in root.iter():
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            wanted |= set((element.get(attribute) or "").split())
        href = element.get("href") or ""
        if href.startswith("#") and len(href) > 1:
            wanted.add(href[1:])
    assert wanted - set(ids) == set()


def check_controls(root) -> None:
    parents = parents_of(root)
    labelled = {label.get("for") for label in root.iter("label") if text_of(label)}
    for control in (element for element in root.iter() if element.tag in CONTROLS):
        if control.get("type") in UNLABELLED_INPUTS:
            continue
        named = control.get("aria-label") or control.get("aria-labelledby") or control.get("id") in labelled
        assert named or inside_a_label(control, parents), ElementTree.tostring(control)
    for control in (element for element in root.iter() if element.tag in ("button", "a")):
        named = text_of(control) or control.get("aria-label") or control.find(".//svg[@aria-label]") is not None
        assert named, ElementTree.tostring(control)
    for group in root.iter("fieldset"):
        assert group.find("legend") is not None
        assert text_of(group.find("legend"))


def inside_a_label(control, parents) -> bool:
    while control in parents:
        control = parents[control]
        if control.tag == "label":
            return bool(text_of(control))
    return False


def check_tables(root) -> None:
    for table in root.iter("table"):
        caption = table.find("caption")
        assert caption is not None, ElementTree.tostring(table)[:300]
        assert text_of(caption)
        scopes = [heading.get("scope") for heading in table.iter("th")]
        assert scopes
        assert set(scopes) <= {"col", "row", "colgroup", "rowgroup"}


def check_nothing_inline(root, markup: str) -> None:
    """What the Content-Security-Policy would refuse anyway."""
    assert not list(root.iter("style"))
    assert all(script.get("src") and not text_of(script) for script in root.iter("script"))
    for element in root.iter():
        inline = [name for name in element.keys() if name == "style" or str(name).startswith("on")]  # noqa: SIM118
        assert inline == [], ElementTree.tostring(element)[:200]
        assert not (element.get("href") or "").startswith("javascript:")
    assert "http://" not in re.sub(r"http://www\.w3\.org\S+", "", markup)


def check_risk_in_words(root) -> None:
    """A mark has its word beside it, visible or for screen readers alone, or in its own label."""
    parents = parents_of(root)
    for mark in root.iter("svg"):
        if "jc-mark" not in (mark.get("class") or "").split():
            continue
        around = mark
        for _ in range(3):
            around = parents.get(around, around)
        words = f"{mark.get('aria-label') or ''} {text_of(around)}"
        assert RISK_WORDS.search(words), ElementTree.tostring(around)[:400]


# The tests


def test_every_page_is_looked_at():
    assert {name for name, _ in PAGES} | NO_PAGES == {
        name for name in names() if "." in MATRIX[name][0] or name in NO_PAGES
    }


@pytest.mark.parametrize(("name", "who"), PAGES, ids=[name for name, _ in PAGES])
def test_every_page_is_sound(places, name, who):
    check(read(places, name, who))


@pytest.mark.parametrize(("name", "who", "typed"), extra_pages(), ids=[name for name, _, _ in extra_pages()])
def test_a_page_with_faults_is_sound_and_says_so_in_its_title(places, name, who, typed):
    answer = places.world.browser(who).post(places.address(name), typed)
    assert answer.status_code in (200, 409)
    page = answer.content.decode()
    check(page)
    form = answer.context.get("form")
    if form is not None and form.errors:
        assert "<title>Error: " in page
        assert "govuk-error-summary" in page


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_pages_of_refusal_are_sound(world, status, settings, rf):
    from django.views import defaults

    views = {
        400: lambda request: defaults.bad_request(request, Exception()),
        403: lambda request: defaults.permission_denied(request, Exception()),
        404: lambda request: defaults.page_not_found(request, Exception()),
        500: defaults.server_error,
    }
    answer = views[status](rf.get("/"))
    assert answer.status_code == status
    check(answer.content.decode())


def test_the_found_and_the_checked_partner_pages_are_sound(places):
    check(read(places, "partner_find", "commissioner", "/units/mercia-children/partners/find/?q=borderland"))


@pytest.mark.parametrize(("name", "who"), PAGES, ids=[name for name, _ in PAGES])
def test_a_page_asks_as_many_queries_for_thirty_contracts_as_for_few(places, name, who):
    world = places.world
    browser, address = world.browser(who), places.address(name)
    add_contracts(world, 3)
    browser.get(address)
    few = queries(browser, address)
    add_contracts(world, 30)
    many = queries(browser, address)
    assert many == few
    assert few <= MOST_QUERIES


def queries(browser, address) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def add_contracts(world, number: int) -> None:
    """Red, amber and green ones in turn, each with an option, a return and an organisation beside it."""
    before = Contract.objects.count()
    for n in range(number):
        contract = world.contract(options=[12], service_manager=world.people["service_manager"])
        make_return(contract, risk=("red", "amber", "green")[n % 3])
        add_organisation(name=f"Body {number} {n}", kind=OrganisationKind.COUNCIL, by=None)
    assert Contract.objects.count() == before + number
