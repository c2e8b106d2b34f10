import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.ocds.text import mended, one_line, shortened
from tests.contracts.ocds.releases import every_real, real


@pytest.mark.parametrize(
    ("published", "meant"),
    [
        ("One.rnrnTwo", "One.\n\nTwo"),
        ("Scheme:rnGalliford Try, as one.rnrnMore", "Scheme:\nGalliford Try, as one.\n\nMore"),
        ("AwardedrnrnrnIs a Recurrent", "Awarded\n\nIs a Recurrent"),
        ("067685.rn      rn      QIP131", "067685.\n\nQIP131"),
        ("Lot 2 - Compact sweepersrnLot 3 - Chassisrnrn", "Lot 2 - Compact sweepers\nLot 3 - Chassis"),
        ("Acoustic Barrierrnrnrnx", "Acoustic Barrier\n\nx"),
        ("the turnrnrnLearn rnrnMore", "the turn\n\nLearn\n\nMore"),
        ("infrastructurern rnhttps://example.org", "infrastructure\n\nhttps://example.org"),
        ("violence rn- Build resilience rnrnThe Contract", "violence\n- Build resilience\n\nThe Contract"),
        ("accept bids rnsubmitted this way.rnrnx", "accept bids\nsubmitted this way.\n\nx"),
        ("by 12:00rn Time and 2025rn x.rnrny", "by 12:00\nTime and 2025\nx.\n\ny"),
        ("accessible to:rn\u2022tChildrenrn\u2022tVictimsrnrn", "accessible to:\n\u2022 Children\n\u2022 Victims"),
        ("Objectives:rn1.tReview the.rnrnii.tto make", "Objectives:\n1. Review the.\n\nii. to make"),
        ("www.housingprocurement.com  rn", "www.housingprocurement.com"),
    ],
)
def test_lost_line_breaks_are_found(published, meant):
    assert mended(published) == meant


@pytest.mark.parametrize(
    "text",
    [
        "A modern return to the Northern barn.",
        "Modern slavery, NorthernPowerhouse",
        "The RN and the rnib",
        "No artefact here: modern.rnx",
        "A real break,\nso rnrn is left alone",
        "Ask the RNIB at www.rnib.org.uk",
        "Caf\u00e9 na\u00efve \u00c0 la carte \u00c3a",
        "a < b and c > d & e",
        "https://example.org/?a=1&copy=2&lt=3",
    ],
)
def test_text_without_artefacts_stays(text):
    assert mended(text) == text


def test_words_and_addresses_in_a_text_with_artefacts_stay():
    text = "ModernSlavery and NorthernPowerhouse, see www.rnib.org.uk or governors.rnrnConcern"
    assert mended(text) == "ModernSlavery and NorthernPowerhouse, see www.rnib.org.uk or governors.\n\nConcern"


@pytest.mark.parametrize(
    ("published", "meant"),
    [
        ("St Bede&apos;s &amp; St John&#39;s", "St Bede's & St John's"),
        ("Griffiths &amp;amp; Armour", "Griffiths & Armour"),
        ("Tags <b>bold</b> &lt;p&gt;new&lt;/p&gt;<ul><li>one</li></ul>", "Tags bold\nnew\n\n\u2022 one"),
        ("\u00c2\u00a34.5m and \u00e2\u20ac\u00a2 one \u00e2\u0080\u0093 two", "\u00a34.5m and \u2022 one \u2013 two"),
        ("Acusorb\u00c2\u00ae 0.2\u00c2\u00b5s", "Acusorb\u00ae 0.2\u00b5s"),
        ("a\x00b\x07c\u00a0d  e\r\nf", "abc d e\nf"),
        ("", ""),
    ],
)
def test_entities_tags_letters_and_controls(published, meant):
    assert mended(published) == meant


def test_a_real_description_reads_well():
    text = mended(real("award-domestic-abuse-support")["tender"]["description"])
    assert text.split("\n")[1:5] == [
        "The service will be accessible to:",
        "\u2022 Children and young people, and adults aged 18 years and over, who have been referred through an "
        "appropriate referral pathway.",
        "\u2022 Victims inclusive of all protected characteristics, irrespective of age, sexual orientation, sex, "
        "disability, gender reassignment, pregnancy or maternity, race, religion or belief, marriage, or civil "
        "partnership.",
        "\u2022 Deliver services for victims' resident in Bedfordshire.",
    ]


def test_no_artefact_is_left_in_the_real_releases():
    texts = [mended(release["tender"]["description"]) for release in every_real()]
    artefacts = ("rnrn", ".rn", ":rn", "\u00e2\u20ac", "\u00c2\u00a3", "&apos;", "&amp;", "\u2022t")
    assert [text for text in texts for artefact in artefacts if artefact in text] == []
    assert any("rnrn" in release["tender"]["description"] for release in every_real())


@given(st.text() | st.text(alphabet="rnRN .:tA\u2022\u00c2\u00a3&;1\n"))
def test_what_is_mended_can_be_stored_and_is_tidy(text):
    clean = mended(text)
    assert "\x00" not in clean
    assert clean == clean.strip()
    clean.encode("utf-8")


@given(st.lists(st.sampled_from(["modern", "return", "a", "Barrier", "menu", "northern", "St"]), min_size=1))
def test_nothing_but_line_breaks_is_taken_out(words):
    published = "x.rnrn" + "rnrn".join(words) + ".rnrnY"
    assert "".join(mended(published).split()) == f"x.{''.join(words)}.Y"


def test_one_line_and_shortened():
    assert one_line(" Home\nto&nbsp;School ") == "Home to School"
    assert shortened("Home to School transport", 24) == "Home to School transport"
    assert shortened("Home to School transport", 23) == "Home to School\u2026"
    assert shortened("x" * 30, 10) == "x" * 9 + "\u2026"


@given(st.text(), st.integers(2, 40))
def test_shortened_is_never_longer(text, most):
    assert len(shortened(text, most)) <= most
