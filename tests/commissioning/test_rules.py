from datetime import date, timedelta
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.choices import IdentifierScheme, OrganisationKind
from commissioning.rules import (
    SCHEMES,
    doubtful_match,
    kind_of,
    long_date,
    name_without_form,
    normalised_name,
    period_error,
    periods_overlap,
    scheme_of_prefix,
    slug_of,
)

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2001, 12, 31))
OPEN_DAYS = st.none() | DAYS


def test_long_date():
    assert long_date(date(2015, 3, 31)) == "31 March 2015"
    assert long_date(date(2015, 12, 1)) == "1 December 2015"


def test_each_scheme_has_one_row():
    assert [row.scheme for row in SCHEMES] == list(IdentifierScheme)


@pytest.mark.parametrize(
    ("prefix", "scheme", "identifies"),
    [
        ("GB-COH", IdentifierScheme.COMPANY, True),
        ("gb-nhs ", IdentifierScheme.ODS, True),
        ("GB-CHC", IdentifierScheme.CHARITY, True),
        ("GB-LAE", IdentifierScheme.LOCAL_AUTHORITY, True),
        ("GB-PPON", IdentifierScheme.PPON, True),
        ("GB-CFS", IdentifierScheme.CFS, False),
    ],
)
def test_scheme_of_prefix(prefix, scheme, identifies):
    row = scheme_of_prefix(prefix)
    assert (row.scheme, row.identifies) == (scheme, identifies)


@pytest.mark.parametrize("prefix", ["", "GB-SRS", "COH"])
def test_no_scheme(prefix):
    assert scheme_of_prefix(prefix) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sovereign Group Limited", "SOVEREIGN GROUP LTD."),
        ("Topcoat Construction Limited", "Topcoat  Construction Ltd"),
        ("Axis Europe PLC", "Axis Europe Public Limited Company"),
        ("Marshland Families CIC", "Marshland Families Community Interest Company"),
        ("Marshland Families C.I.C.", "marshland families cic"),
        ("Kin & Kind Agency", "Kin and Kind Agency"),
        ("Griffiths &amp; Armour", "Griffiths & Armour"),
        ("Griffiths &amp;amp; Armour", "Griffiths and Armour"),
        ("Polaris Children&#39;s Services", "Polaris Childrens Services"),
        ("Polaris Children\u2019s Services", "Polaris Children's Services"),
        ("The Guinness Partnership Limited", "Guinness Partnership Ltd"),
        ("Lincolnshire Partnership NHS FT", "Lincolnshire Partnership NHS Foundation Trust"),
        ("A&E Elkins T/A Elkins Construction", "A&E Elkins TA Elkins Construction"),
        ("Senator Limited Trading As The Senator Group", "Senator Ltd t/a The Senator Group"),
        ("A. C Entertainment Technologies Ltd", "A.C. Entertainment Technologies Limited"),
        ("Karcher (U.K.) Limited", "K\u00e4rcher (UK) Ltd"),
        ("\u00a0 Lilys\tHomecare\n", "Lily's Homecare"),
    ],
)
def test_names_that_are_one_provider(one, other):
    assert normalised_name(one) == normalised_name(other) != ""
    assert doubtful_match(one, other) is False


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("The Rainbow Care Group", "rainbow care group"),
        ("The", "the"),
        ("Limitedness Ltd", "limitedness ltd"),
        ("", ""),
        (" - ", ""),
        ("Solutions 4", "solutions 4"),
    ],
)
def test_normalised_name(name, expected):
    assert normalised_name(name) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Axis Europe Limited", "Axis Europe plc"),
        ("Novus Property Solutions", "Novus Property Solutions Ltd"),
        ("Anglian Building Products", "Anglian Building Products Ltd"),
        ("The Royal School of the Deaf (Derby)", "Royal School for the Deaf Derby"),
        ("Marshland Familes CIC", "Marshland Families CIC"),
        ("Provider 12 Care Ltd", "Provider 12 Care plc"),
        ("Provider 012 Care Ltd", "Provider 12 Care Ltd"),
        ("Wilow House 12 Care", "Willow House 13 Care"),
        ("Willow Homes and Care", "Willow Homes and Care 2"),
    ],
)
def test_doubtful_names_are_put_to_a_person(one, other):
    assert normalised_name(one) != normalised_name(other)
    assert doubtful_match(one, other) is True
    assert doubtful_match(other, one) is True


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wolds Homecare", "Haven Outreach"),
        ("Mullen Property Services Ltd", "NHS PROPERTY SERVICES LIMITED"),
        ("Leicestershire County Council", "Lincolnshire County Council"),
        ("Cambridgeshire County Council", "Lincolnshire County Council"),
        ("Derby City Council", "Leicester City Council"),
        ("", "Wolds Homecare"),
        ("", ""),
        ("Ltd", "plc"),
        ("Provider 0012 Care Ltd", "Provider 0013 Care Ltd"),
        ("Provider 12 Care Ltd", "Provider 13 Care plc"),
        ("Care Home 12", "Care Home 112"),
        ("23rd Marshland Scout Group", "33rd Marshland Scout Group"),
    ],
)
def test_names_that_are_plainly_different(one, other):
    assert doubtful_match(one, other) is False


@given(name=st.text() | st.text(alphabet="Thelimtd &.;/'aCIc plp"))
def test_normalising_twice_changes_nothing(name):
    once = normalised_name(name)
    assert normalised_name(once) == once
    assert name_without_form(once) == name_without_form(name)


@given(one=st.text(), other=st.text())
def test_doubt_does_not_depend_on_the_order(one, other):
    assert doubtful_match(one, other) == doubtful_match(other, one)


@pytest.mark.parametrize(
    ("start", "end", "error"),
    [
        (date(2015, 4, 1), date(2015, 3, 31), "The end, 31 March 2015, is before the start, 1 April 2015."),
        (date(2015, 4, 1), date(2015, 4, 1), None),
        (None, date(2015, 4, 1), None),
        (date(2015, 4, 1), None, None),
        (None, None, None),
    ],
)
def test_period_error(start, end, error):
    assert period_error(start, end) == error


@given(a_start=OPEN_DAYS, a_end=OPEN_DAYS, b_start=OPEN_DAYS, b_end=OPEN_DAYS)
def test_periods_overlap_when_a_day_lies_in_both(a_start, a_end, b_start, b_end):
    if period_error(a_start, a_end) or period_error(b_start, b_end):
        return
    first, last = date(1999, 12, 1), date(2002, 1, 31)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))

    def holds(start, end, day):
        return (start or first) <= day <= (end or last)

    shared = any(holds(a_start, a_end, day) and holds(b_start, b_end, day) for day in days)
    assert periods_overlap(a_start, a_end, b_start, b_end) is shared


@pytest.mark.parametrize(
    ("reference", "slug"),
    [
        ("CS/0147", "CS-0147"),
        ("cs/0147", "CS-0147"),
        (" CS / 0147 ", "CS-0147"),
        ("CS-0147", "CS-0147"),
        ("CS.01_47(b)", "CS-01-47-B"),
        ("R\u00e9f 7", "REF-7"),
        ("///", "REF-759DDDFB"),
    ],
)
def test_slug_of(reference, slug):
    assert slug_of(reference) == slug


@given(reference=st.text())
def test_a_slug_is_never_empty_and_safe_in_an_address(reference):
    slug = slug_of(reference)
    assert slug
    assert slug == quote(slug, safe="") == slug.upper() == slug_of(slug)
    assert "." not in slug


@pytest.mark.parametrize(
    ("name", "proofs", "kind"),
    [
        ("Wolds Homecare", {}, OrganisationKind.OTHER),
        ("Wolds Homecare Limited", {}, OrganisationKind.COMPANY),
        ("Limited Edition Arts", {}, OrganisationKind.OTHER),
        ("Wolds Families C.I.C.", {}, OrganisationKind.COMPANY),
        ("Wolds Families CIO", {}, OrganisationKind.VOLUNTARY_SECTOR),
        ("Fens Partnership NHS Foundation Trust", {}, OrganisationKind.NHS_TRUST),
        ("Wolds Homecare", {"schemes": {IdentifierScheme.COMPANY}}, OrganisationKind.COMPANY),
        (
            "Wolds Homecare Ltd",
            {"schemes": {IdentifierScheme.COMPANY, IdentifierScheme.CHARITY}},
            OrganisationKind.VOLUNTARY_SECTOR,
        ),
        ("Wolds Homecare Ltd", {"is_voluntary": True}, OrganisationKind.VOLUNTARY_SECTOR),
    ],
)
def test_the_kind_is_only_what_is_proved(name, proofs, kind):
    assert kind_of(name, **proofs) is kind
