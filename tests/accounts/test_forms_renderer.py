"""Forms come out in GOV.UK markup, each part joined to its control by id."""

from datetime import date

import html5lib
import pytest
from django import forms
from django.template.loader import render_to_string

from accounts.forms_renderer import LongDateField


class ReviewForm(forms.Form):
    title = forms.CharField(help_text="As in the register", widget=forms.TextInput(attrs={"placeholder": "Title"}))
    narrative = forms.CharField(widget=forms.Textarea, max_length=20, required=False)
    review_on = LongDateField(label="Review on")
    regime = forms.ChoiceField(choices=[("psr", "PSR"), ("none", "None")], required=False)
    risk = forms.ChoiceField(widget=forms.RadioSelect, choices=[("red", "Red")], help_text="As agreed")
    partners = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, choices=[("1", "Council"), ("2", "CCG")], required=False
    )
    is_checked = forms.BooleanField(label="I have checked")
    register = forms.FileField(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def tree(markup: str):
    return html5lib.HTMLParser(namespaceHTMLElements=False, strict=True).parseFragment(f"<div>{markup}</div>")


def by_id(form: forms.Form) -> dict:
    return {element.get("id"): element for element in tree(str(form)).iter() if element.get("id")}


EMPTY = {"narrative": "", "review_on": "31/02/2015"}


def test_each_control_has_its_class():
    elements = by_id(ReviewForm())
    classes = {name: elements[f"id_{name}"].get("class") for name in ("title", "narrative", "review_on", "regime")}
    assert classes == {
        "title": "govuk-input",
        "narrative": "govuk-textarea govuk-js-character-count",
        "review_on": "govuk-input govuk-input--width-10",
        "regime": "govuk-select",
    }
    assert elements["id_risk_0"].get("class") == "govuk-radios__input"
    assert [elements[f"id_partners_{n}"].get("class") for n in (0, 1)] == ["govuk-checkboxes__input"] * 2
    assert elements["id_is_checked"].get("class") == "govuk-checkboxes__input"
    assert elements["id_register"].get("class") == "govuk-file-upload"
    assert elements["id_version"].get("class") is None


def test_a_wrong_field_is_marked_and_says_why():
    elements = by_id(ReviewForm(EMPTY))
    assert elements["id_title"].get("class") == "govuk-input govuk-input--error"
    assert elements["id_title"].get("aria-describedby") == "id_title_helptext id_title_error"
    assert "".join(elements["id_title_error"].itertext()) == "Error: Fill in “Title”"
    said = "".join(elements["id_review_on_error"].itertext())
    assert said == "Error: Review on: enter a real date, such as 31 March 2026"


def test_everything_that_describes_a_control_is_on_the_page():
    for form in (ReviewForm(), ReviewForm(EMPTY)):
        elements = by_id(form)
        named = [
            name
            for element in tree(str(form)).iter()
            for name in [*(element.get("aria-describedby") or "").split(), *filter(None, [element.get("for")])]
        ]
        assert len(named) > 8
        assert [name for name in named if name not in elements] == []


def test_a_group_has_a_legend_and_is_described_once():
    groups = list(tree(str(ReviewForm(EMPTY))).iter("fieldset"))
    assert ["".join(group.find("legend").itertext()) for group in groups] == ["Risk", "Partners"]
    assert [group.get("aria-describedby") for group in groups] == ["id_risk_helptext id_risk_error", None]


def test_a_text_area_counts_instead_of_stopping():
    elements = by_id(ReviewForm())
    assert elements["id_narrative"].get("maxlength") is None
    assert elements["id_narrative"].get("aria-describedby") == "id_narrative-info"
    assert elements["id_narrative-info"].text == "You can enter up to 20 characters"


def test_no_placeholder_stands_in_for_a_label():
    assert "placeholder" not in str(ReviewForm())


def test_the_summary_names_every_error_and_leads_to_it():
    form = ReviewForm(EMPTY)
    form.add_error(None, "Someone else saved this <first>")
    summary = tree(render_to_string("components/error_summary.html", {"form": form}))
    links = [(link.get("href"), link.text) for link in summary.iter("a")]
    assert links == [
        ("#id_title", "Fill in “Title”"),
        ("#id_review_on", "Review on: enter a real date, such as 31 March 2026"),
        ("#id_risk_0", "Choose “Risk”"),
        ("#id_is_checked", "Tick “I have checked”"),
    ]
    assert [item.text for item in summary.iter("li") if item.text] == ["Someone else saved this <first>"]
    assert [href for href, _ in links if href[1:] not in by_id(form)] == []


def test_there_is_no_summary_without_an_error():
    assert "govuk-error-summary" not in render_to_string("components/error_summary.html", {"form": ReviewForm()})


@pytest.mark.parametrize(
    "written",
    [
        "31 March 2026",
        "31 march 2026",
        " 31  Mar 2026 ",
        "31/03/2026",
        "31/3/26",
        "31.03.2026",
        "31-03-2026",
        "2026-03-31",
        "31 March, 2026",
    ],
)
def test_a_date_is_read_day_first(written):
    assert LongDateField().clean(written) == date(2026, 3, 31)


def test_september_may_be_written_sept():
    assert LongDateField().clean("5 Sept 2014") == date(2014, 9, 5)


@pytest.mark.parametrize("written", ["31/02/2015", "03/31/2026", "March 2026", "tomorrow"])
def test_what_is_no_date_is_refused(written):
    with pytest.raises(forms.ValidationError, match="Enter a real date, such as 31 March 2026"):
        LongDateField().clean(written)


def test_a_date_is_shown_in_words():
    class DatedForm(forms.Form):
        day = LongDateField(initial=date(2014, 11, 7))

    assert by_id(DatedForm())["id_day"].get("value") == "7 November 2014"
    assert by_id(DatedForm())["id_day_helptext"].text == "For example, 31 March 2026"
    assert by_id(DatedForm({"day": "31/02/2015"}))["id_day"].get("value") == "31/02/2015"
