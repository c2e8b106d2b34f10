"""The search: what is found, best first, in any spelling, and never beyond the person's sight."""

import datetime

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commissioning.choices import OrganisationKind, PartnerLevel
from commissioning.current_unit import SESSION_KEY
from commissioning.models import Organisation
from commissioning.services.organisations import add_organisation
from commissioning.services.partners import join_unit
from contracts.models import Contract
from contracts.services.restriction import restrict_contract
from reporting.queries.matching import has_words
from reporting.queries.search_spelling import like
from tests.world import LONG_AGO, make_contract, make_return, make_unit

QUERIES = 6
QUERIES_RESPELT = 9
"""Once for what was typed, once for the nearest spelling, and the spellings between them."""


@pytest.fixture
def register(world):
    """A contract for each way of fitting the word «respite», in the opposite order, and what must not be found."""
    respite_homes = add_organisation(name="Respite Homes Ltd", kind=OrganisationKind.COMPANY, by=None)
    world.contract(reference="E/5", title="Play", description="Includes respite for carers")
    world.contract(reference="D/4", title="Transport", providers=[respite_homes])
    world.contract(reference="C/3", title="Unrespited families")
    world.contract(reference="B/2", title="Respite care and a good deal more for families of the county")
    world.contract(reference="A/1", title="Respite care")
    world.contract(reference="RESPITE/10", title="Nursing")
    world.contract(reference="RESPITE", title="Advice")
    world.contract(reference="Z/9", title="Advocacy")
    make_contract(world.outsider_unit, reference="THEIRS/1", title="Respite care", providers=[world.provider])
    return world


def answer(world, text, who="commissioner", **params):
    return world.browser(who).get("/search/", {"q": text, **params})


def search(world, text, who="commissioner", **params):
    return answer(world, text, who, **params).context["search"]


def plain(text) -> str:
    return str(text).replace("<mark>", "").replace("</mark>", "")


def found(world, text, who="commissioner", **params):
    return [plain(hit.reference) for hit in search(world, text, who, **params).contracts]


def listed(world, text, kind, who="commissioner"):
    groups = {group.id: group for group in search(world, text, who).groups}
    return [(plain(hit.name), hit.beside) for hit in groups[kind].rows] if kind in groups else []


def test_best_first(register):
    assert found(register, "respite") == ["RESPITE", "RESPITE/10", "A/1", "B/2", "C/3", "D/4", "E/5"]


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("respite care", ["A/1", "B/2", "E/5"]),  # the last one says so of carers
        ("RESPITE CARE", ["A/1", "B/2", "E/5"]),
        ('"care and a good"', ["B/2"]),
        ('"respite families"', []),
        ("family respite", ["B/2", "C/3"]),  # one family, many families
        ("transporting", ["D/4"]),
        ("transport homes", ["D/4"]),  # one word of the title, one of the provider
        ("carer", ["E/5"]),
        ("z/", []),
        ("nothing of the kind", []),
        ("%", []),
        ("___", []),
        ("' OR 1=1 --", []),
        ('"', []),
        ("\\", []),
        ("²", []),
        ("x" * 500, []),
    ],
)
def test_what_is_found(register, text, references):
    assert found(register, text) == references


@pytest.mark.parametrize("text", ["cs/01", "CS-01", "cs01"])
def test_the_beginning_of_a_reference_finds_all_that_begin_so(world, text):
    for reference in ("CS/0147", "CS/0148", "CS/0247", "XCS/01"):
        world.contract(reference=reference)
    assert set(found(world, text)) >= {"CS/0147", "CS/0148"}
    assert set(found(world, text)[:2]) == {"CS/0147", "CS/0148"}
    assert "CS/0247" not in found(world, text)


@pytest.mark.parametrize("text", ["cs/0147", "CS-0147", " cs 0147 ", "Cs0147", "CS/01-47"])
def test_a_whole_reference_leads_straight_to_its_contract(world, text):
    contract = world.contract(reference="CS/0147")
    world.contract(reference="CS/01471")
    sent = answer(world, text)
    assert (sent.status_code, sent.url) == (302, contract.url_in_unit)


def test_a_reference_of_two_units_in_sight_is_listed_and_of_one_hidden_is_not(world):
    join_unit(unit=world.outsider_unit, organisation=world.ccg, level=PartnerLevel.FULL, joined_on=LONG_AGO, by=None)
    ours = world.contract(reference="CS/0147", title="Ours")
    make_contract(world.outsider_unit, reference="CS/0147", title="Theirs")
    assert answer(world, "cs/0147", "commissioner").url == ours.url_in_unit
    both = search(world, "cs/0147", "ccg_commissioner")
    assert sorted((plain(hit.title), hit.unit) for hit in both.contracts) == [
        ("Ours", "Children’s commissioning"),
        ("Theirs", "Borderland commissioning"),
    ]


def test_a_reference_without_a_number_is_a_word_too(register):
    assert answer(register, "respite").status_code == 200


@pytest.mark.parametrize(
    ("text", "word", "references"),
    [
        ("resipte", "respite", ["RESPITE", "RESPITE/10", "A/1", "B/2", "C/3", "D/4", "E/5"]),
        ("Wilow", "willow", ["A/1", "Z/9"]),
        ("advocasy", "advocacy", ["Z/9"]),
        ("resipte advocasy", "respite advocacy", []),
        ("wilow advocasy", "willow advocacy", ["Z/9"]),
    ],
)
def test_a_word_misspelt_finds_its_nearest_spelling(register, text, word, references):
    result = search(register, text)
    assert {plain(hit.reference) for hit in result.contracts} >= set(references)
    assert bool(result.contracts) is bool(references)
    if references:
        assert result.words.text == word
        page = answer(register, text).content.decode()
        assert f"Nothing matches “{text}”" in page
        assert f"Found for “{word}”" in page


def test_providers_and_units_are_found_misspelt(register):
    assert listed(register, "Wilow homs", "providers") == [("Willow Homes Ltd", "7 contracts")]
    assert listed(register, "childrens", "units") == [("Children’s commissioning", "Live")]


def test_a_provider_counts_the_contracts_in_sight_and_leads_to_them(register):
    """Of Willow's contracts one is the neighbour's and one is restricted to the council."""
    hidden = register.contract(title="Prices", reference="H/1")
    restrict(register, hidden)
    own = search(register, "willow", "ccg_commissioner").groups[0]
    assert [(plain(hit.name), hit.beside) for hit in own.rows] == [("Willow Homes Ltd", "7 contracts")]
    assert [(plain(hit.name), hit.beside) for hit in search(register, "willow").groups[0].rows] == [
        ("Willow Homes Ltd", "8 contracts")
    ]
    page = register.browser("ccg_commissioner").get(own.rows[0].url).context["page"]
    assert (page.organisation, len(page.contracts)) == (register.provider, 7)


def test_the_register_names_no_provider_without_a_contract_in_sight(world):
    world.contract()
    for provider in (world.other_provider.pk, 999_999_999):
        page = world.browser("commissioner").get(f"/contracts/?provider={provider}")
        assert page.context["page"].tally.total == 0
        assert "Alder" not in page.content.decode()
        assert ("A provider", "?") in page.context["page"].panel.tags


def test_the_provider_stays_when_the_filter_is_changed(world):
    world.contract()
    page = world.browser("commissioner").get(f"/contracts/?provider={world.provider.pk}").content.decode()
    assert f'<input type="hidden" name="provider" value="{world.provider.pk}">' in page


def restrict(world, contract):
    restrict_contract(
        contract=contract,
        reason="Tender",
        named=[world.council],
        review_on=datetime.date(2015, 3, 31),
        by=world.people["commissioner"],
    )


WHO_SEES_NOT = ["ccg_commissioner", "observer", "provider_contact", "outsider"]


@pytest.mark.parametrize("who", WHO_SEES_NOT)
@pytest.mark.parametrize("text", ["SECRET/77", "submarines", "submarnies", "Periscope", "Periscpoe", "SECRET"])
def test_a_restricted_contract_is_nowhere(world, who, text):
    """Not in results, counts or spellings, nor by its provider: all of which find it for who may see it."""
    maker = add_organisation(name="Periscope Ltd", kind=OrganisationKind.COMPANY, by=None)
    secret = world.contract(reference="SECRET/77", title="Submarines", providers=[maker])
    world.contract(title="Play", providers=[world.provider])
    restrict(world, secret)
    sent = answer(world, text, who)
    assert sent.status_code == 200
    assert not sent.context["search"].is_anything
    assert sent.context["search"].words.text == text
    named = answer(world, text)
    assert named.status_code == 302 or named.context["search"].total == 1


def test_a_providers_contact_finds_own_contracts_alone(register):
    register.contract(reference="W/1", title="Respite at the other provider", providers=[register.other_provider])
    references = found(register, "respite", "provider_contact")
    assert set(references) == {"RESPITE", "RESPITE/10", "A/1", "B/2", "C/3", "E/5", "THEIRS/1"}
    assert listed(register, "alder", "providers", "provider_contact") == []
    assert listed(register, "commissioning", "units", "provider_contact") == []


def test_a_neighbour_finds_own_unit_alone(register):
    assert found(register, "respite", "outsider") == ["THEIRS/1"]
    assert listed(register, "commissioning", "units", "outsider") == [("Borderland commissioning", "Live")]
    assert listed(register, "commissioning", "units") == [("Children’s commissioning", "Live")]


# The page


def test_words_are_marked_and_nothing_is_trusted(world):
    world.contract(title="<b>Respite</b> & care", description="x " * 200 + "some <i>counselling</i> " + "y " * 200)
    page = answer(world, "respite").content.decode()
    assert "&lt;b&gt;<mark>Respite</mark>&lt;/b&gt; &amp; care" in page
    page = answer(world, "counselling").content.decode()
    assert "some &lt;i&gt;<mark>counselling</mark>&lt;/i&gt;" in page
    assert "… x x" in page
    world.contract(title="Play", description="Nothing of the word.", reference="ABC/1")
    assert search(world, "play willow").contracts[0].about == ""
    page = answer(world, "<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in page
    assert "matches “&lt;script&gt;alert(1)&lt;/script&gt;”" in page


def test_risk_and_status_stand_beside_each_contract(world):
    make_return(world.contract(title="Respite care", reference="R/1"), risk="red", jet=3)
    world.contract(title="Respite to come", start=datetime.date(2015, 4, 1))
    hits = search(world, "respite").contracts
    assert [hit.status for hit in hits] == ["Current", "Being procured"]
    assert "Red" in hits[0].risk
    assert (hits[1].risk, hits[1].risk_note) == ("", "No return expected for October")


def test_twenty_a_page(world):
    for number in range(45):
        world.contract(title=f"Respite {number:02}", reference=f"N/{number:02}")
    assert len(found(world, "respite")) == 20
    assert len(found(world, "respite", page="3")) == 5
    everything = [ref for page in "123" for ref in found(world, "respite", page=page)]
    assert len(set(everything)) == 45
    assert search(world, "respite", page="2").showing == "21 to 40 of 45, best fit first"
    for odd in ("99", "0", "-1", "x", "9" * 30):
        assert len(found(world, "respite", page=odd)) in (5, 20)
    assert 'href="?q=respite&amp;page=2"' in answer(world, "respite").content.decode()


def test_the_same_contracts_in_the_register(register):
    for text in ("respite", "resipte", "willow", "family respite"):
        result = search(register, text)
        url, words = result.register_link
        page = register.browser("commissioner").get(url).context["page"]
        assert page.tally.total == result.total == result.here
        assert words == "Show these in the register"


def test_the_register_shows_the_unit_that_the_person_works_in(world):
    second = make_unit("Second unit", "second", world.council)
    world.contract(title="Respite one")
    make_contract(second, title="Respite two", providers=[world.provider])
    browser = world.browser("commissioner")
    assert browser.get("/search/?q=respite").context["search"].register_link[1] == "Show these in the register"
    session = browser.session
    session[SESSION_KEY] = second.pk
    session.save()
    result = browser.get("/search/?q=respite").context["search"]
    assert (result.total, result.register_link[1]) == (2, "Show the 1 of Second unit in the register")
    provider = browser.get("/search/?q=willow").context["search"].groups[0].rows[0]
    assert (provider.beside, provider.below) == ("1 contract", "1 contract in units that you do not work in now")


def test_an_empty_search_tells_what_to_type(world):
    for text in ("", "   "):
        page = answer(world, text).content.decode()
        assert "<h1>Search</h1>" in page
        assert "autofocus" in page


def test_nothing_found_gives_advice_in_words_that_tell_nothing(world):
    page = answer(world, "submarine").content.decode()
    assert "No contract, provider or unit that you may see matches “submarine”." in page
    assert "Check the spelling" in page


def test_a_search_that_was_cut_says_so(world):
    assert "Only “" in answer(world, "respite " * 60).content.decode()
    assert "Only “" not in answer(world, "respite").content.decode()


def test_a_null_character_is_refused(world):
    assert world.browser("commissioner").get("/search/?q=%00").status_code == 400


@pytest.mark.parametrize(("text", "number"), [("service", QUERIES), ("sevrice", QUERIES_RESPELT)])
def test_as_many_queries_for_thirty_as_for_one(world, text, number):
    browser = world.browser("commissioner")
    asked = []
    for contracts in (1, 29):
        for _ in range(contracts):
            make_return(world.contract(title="Service of a kind", options=[12]))
        browser.get("/search/", {"q": text})
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/search/", {"q": text}).context["search"].total
        asked.append(len(queries))
    assert asked == [number, number]


def test_each_part_of_the_condition_can_be_answered_by_an_index(world):
    """One part that no index serves would have every contract of England read for each search."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Contract.objects.filter(has_words("respite CS/0147")).order_by().explain()
    for index in ("contract_words_english", "contract_words_trigram", "contract_bare_reference"):
        assert index in plan
    assert "Seq Scan on contracts_contract " not in plan


def test_spellings_are_looked_up_by_trigrams(world):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "contract_words_trigram" in Contract.objects.filter(like("title", ["resipte"])).order_by().explain()
        assert "organisation_upper_trigram" in Organisation.objects.filter(like("name", ["wilow"])).order_by().explain()


def test_no_page_loads_the_words_and_no_history_keeps_them(world):
    contract = world.contract()
    with CaptureQueriesContext(connection) as queries:
        Contract.objects.get(pk=contract.pk)
    assert '"words"' not in queries[0]["sql"]
    assert "words" not in {field.column for field in apps.get_model("contracts.ContractEvent")._meta.fields}
