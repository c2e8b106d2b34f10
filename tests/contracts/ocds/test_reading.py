from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.choices import ProcurementRoute
from contracts.ocds.reading import read_release
from contracts.ocds.values import Fault
from tests.contracts.ocds.releases import award, awarded, real, release


def only(published):
    (draft,) = read_release(published).drafts
    return draft


def abouts(draft):
    return [note.about for note in draft.notes]


def test_an_award():
    draft = only(real("award-domestic-abuse-support"))
    assert draft.award == "ocds-b5fd17-070f4662-2e9c-40b0-8fa4-4b435f3ccae4-1"
    assert draft.title == "Domestic Abuse Independent Advocate (IDVA) and Programme of Therapeutic Response"
    assert (draft.start, draft.end) == (date(2025, 4, 1), date(2028, 3, 31))
    assert draft.value == Decimal("1018044.14")
    assert [supplier.name for supplier in draft.suppliers] == ["One YMCA"]
    assert draft.buyer.name == "The Police and Crime Commissioner for Bedfordshire,"
    assert draft.notes == ()


def test_nought_pounds_is_an_unknown_value():
    draft = only(real("award-placements-12-schools"))
    assert draft.value is None
    assert abouts(draft) == ["the published value is \u00a30"]


def test_a_tender_tells_what_is_planned_in_words_only():
    draft = only(real("tender-windows"))
    assert (draft.award, draft.start, draft.end, draft.value, draft.suppliers) == ("", None, None, None, ())
    assert draft.description.endswith("Planned: from 24 February 2025 to 31 March 2025, \u00a3100,000.00.")
    assert draft.route is ProcurementRoute.OPEN


def test_a_planning_release():
    draft = only(real("planning-intermediate-care-beds"))
    assert draft.award == ""
    assert draft.description.endswith("\n\nPlanned: \u00a315,000,000.00.")
    assert draft.buyer.name == "NHS North West London Integrated Care Board"


def test_the_awards_own_description_follows_the_tenders():
    assert only(awarded(award(description="Two years."))).description == "For families.\n\nTwo years."
    assert only(awarded(award(description="For families."))).description == "For families."


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"contractPeriod": None}, (date(2024, 9, 1), date(2025, 8, 31))),
        ({"contractPeriod": {"startDate": "2025-10-01"}}, (date(2025, 10, 1), None)),
        (
            {"contractPeriod": {"startDate": "2025-10-01", "endDate": "2025-09-01"}},
            (date(2024, 9, 1), date(2025, 8, 31)),
        ),
        ({"contractPeriod": {"startDate": "9999-12-31"}}, (date(2024, 9, 1), date(2025, 8, 31))),
    ],
)
def test_days_of_the_award_go_before_those_of_the_tender(parts, expected):
    tender = {"title": "x", "contractPeriod": {"startDate": "2024-09-01", "endDate": "2025-08-31"}}
    draft = only(awarded(award(**parts), tender=tender))
    assert (draft.start, draft.end) == expected


def test_days_that_contradict_each_other_are_unknown_and_told():
    draft = only(awarded(award(contractPeriod={"startDate": "2025-10-01", "endDate": "2025-09-01"})))
    assert (draft.start, draft.end) == (None, None)
    assert [str(note) for note in draft.notes] == ["The end, 1 September 2025, is before the start, 1 October 2025."]


def test_a_contract_section_tells_its_own_days_and_value():
    published = awarded(
        award(value=None),
        contracts=[
            {
                "id": "C1",
                "awardID": "A1",
                "value": {"amount": 900},
                "period": {"startDate": "2025-05-01"},
                "title": "Breaks",
            }
        ],
    )
    draft = only(published)
    assert (draft.value, draft.start, draft.end, draft.title) == (Decimal("900"), date(2025, 5, 1), None, "Breaks")


def test_a_value_that_is_null_on_the_award_is_read_from_the_contract():
    published = awarded(award(value={"amount": None}), contracts=[{"awardID": "A1", "value": {"amount": 900}}])
    assert only(published).value == Decimal("900")


def test_several_contracts_of_one_award_decide_nothing():
    contracts = [{"awardID": "A1", "value": {"amount": amount}} for amount in (1, 2)]
    draft = only(awarded(award(value=None), contracts=contracts))
    assert draft.value is None
    assert abouts(draft) == ["no value is published"]


def test_a_contract_without_its_award_listed():
    draft = only(release(contracts=[{"id": "C1", "awardID": "A9", "value": {"amount": 5}}]))
    assert (draft.award, draft.value, draft.adds_a_contract) == ("A9", Decimal("5"), True)


def test_several_awards_are_several_contracts():
    tender = {"title": "Short breaks", "contractPeriod": {"startDate": "2024-09-01"}}
    awards = [award("A1", relatedLots=["2"]), award("A2", contractPeriod=None), award("A3", title="Respite")]
    drafts = read_release(awarded(*awards, tender=tender)).drafts
    assert [(draft.award, draft.title) for draft in drafts] == [
        ("A1", "Short breaks (lot 2)"),
        ("A2", "Short breaks (award A2)"),
        ("A3", "Respite"),
    ]
    assert drafts[1].start is None  # the tender's days are those of no one award among several


def test_cancelled_awards_are_left_out():
    read = read_release(awarded(award("A1"), award("A2", status="cancelled")))
    assert [draft.award for draft in read.drafts] == ["A1"]
    assert [note.about for note in read.notes] == ["an award is cancelled or unsuccessful"]


@pytest.mark.parametrize(
    "part", [{"amendments": [{"id": "1"}]}, {"amendment": {}}, {"documents": [], "status": "active"}]
)
def test_an_award_that_only_lists_amendments_makes_no_contract(part):
    assert only(awarded({"id": "A1", **part})).adds_a_contract is False


def test_an_award_without_an_id_is_numbered():
    assert [draft.award for draft in read_release(awarded(award(None), award("A2"))).drafts] == ["1", "A2"]


def test_a_release_without_an_id_gets_one_from_its_content():
    nameless = release(id=None)
    assert read_release(nameless).id == read_release(dict(reversed(nameless.items()))).id
    assert read_release(nameless).id != read_release(release(id=None, language="en")).id
    assert read_release(nameless).id.startswith("content-")


def test_a_terminated_contract_is_told():
    draft = only(awarded(contracts=[{"awardID": "A1", "status": "terminated"}]))
    assert abouts(draft) == ["the release says that the contract was terminated: give notice on the register"]


def test_no_title():
    assert only(release(tender={"description": "x"})).title == "Title not published"


def test_a_buyer_by_role_alone():
    parties = [{"id": "1", "name": "Wolds", "roles": ["supplier"]}, {"id": "2", "name": "Fens", "roles": ["buyer"]}]
    assert only(release(buyer=None, parties=parties)).buyer.name == "Fens"


@pytest.mark.parametrize(
    ("published", "reason"),
    [
        ({}, "it has no ocid"),
        ({"ocid": "x" * 121}, "its ocid is longer than 120 characters"),
        (release(date=""), "it has no date, so that it cannot be put in order"),
        (release(date="soon"), "\u00absoon\u00bb is not a date."),
        (release(tender=None), "it has no tender, award or contract"),
        (release(tender={"status": "withdrawn"}), "the procurement is withdrawn"),
        (awarded(award(status="unsuccessful")), "its awards are cancelled or unsuccessful"),
        (release(tender=[]), "its \u00abtender\u00bb is not an object"),
        (release(awards={}), "its \u00abawards\u00bb is not a list of objects"),
        (release(awards=[None]), "its \u00abawards\u00bb is not a list of objects"),
    ],
)
def test_a_release_that_tells_of_no_contract_says_why(published, reason):
    with pytest.raises(Fault) as raised:
        read_release(published)
    assert str(raised.value) == reason


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = ("tender", "awards", "contracts", "buyer", "parties", "planning", "id", "date")
INNER = (
    "id",
    "title",
    "status",
    "value",
    "amount",
    "suppliers",
    "contractPeriod",
    "startDate",
    "relatedLots",
    "legalBasis",
)


def read_or_refused(published):
    """The drafts, or none where the release is refused with a reason; any other error fails the test."""
    try:
        return read_release(published).drafts
    except Fault as fault:
        reason = str(fault)
    assert reason
    return ()


@given(st.dictionaries(st.sampled_from(KEYS), JSON | st.dictionaries(st.sampled_from(INNER), JSON)))
def test_whatever_is_published_is_read_or_refused_with_a_reason(parts):
    drafts = read_or_refused({"ocid": "ocds-b5fd17-1", "date": "2025-01-01", **parts})
    assert all(draft.title for draft in drafts)


@given(
    st.lists(st.dictionaries(st.sampled_from(INNER), JSON), max_size=3), st.dictionaries(st.sampled_from(INNER), JSON)
)
def test_whatever_stands_in_an_award_is_read_or_refused(awards, tender):
    drafts = read_or_refused(release(awards=awards, tender=tender))
    assert len(drafts) <= max(len(awards), 1)
