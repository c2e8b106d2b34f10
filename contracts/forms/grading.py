"""Forms of what stands behind a grade: the views heard, the balanced scorecard, the rating of the Procurement Act."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from accounts import clock
from accounts.forms_renderer import LongDateField
from contracts.choices import ActRating, Perspective, Side, Standing
from contracts.forms.monthly_return import FormOfAService, LinesField
from contracts.models import GradeView, StatutoryRating
from contracts.queries.grade_views import NAME_LENGTH
from contracts.queries.scorecard import Proposal, Scorecard, meaning
from contracts.rules.jet import JetScale
from contracts.rules.statutory_rating import MEANINGS
from contracts.services.grade_views import COMMENT_LENGTH, Heard
from contracts.services.scorecard import WORDS_LENGTH, Judged
from contracts.services.statutory_rating import REASON_LENGTH


class GradeViewForm(FormOfAService):
    """One side's view; who it is of, and when, is asked only of what somebody else writes down."""

    score = forms.TypedChoiceField(label="Score they would give", required=False, coerce=int, empty_value=None)
    comment = LinesField(
        label="Comment", max_length=COMMENT_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    stated_by = forms.CharField(
        label="Who said so",
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "govuk-input--width-20"}),
    )
    stated_on = LongDateField(label="When", help_text="For example, the day of the meeting.", required=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, side: Side, is_own: bool, scale: JetScale, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, prefix=side.value, initial=initial)
        labels = [(str(row.score), f"{row.score} {row.descriptor}") for row in scale.rows]
        self.fields["score"].choices = [("", "Choose"), *labels]  # type: ignore[attr-defined]
        if is_own:
            self.fields["score"].label = "Score you would give"
            del self.fields["stated_by"], self.fields["stated_on"]

    def heard(self) -> Heard:
        cleaned = self.cleaned_data
        return Heard(
            score=cleaned.get("score"),
            comment=cleaned.get("comment", ""),
            stated_by=cleaned.get("stated_by", ""),
            stated_on=cleaned.get("stated_on"),
        )


def view_initial(view: GradeView | None) -> dict[str, Any]:
    if view is None:
        return {"version": 0, "stated_on": clock.today()}
    return {
        "score": str(view.score),
        "comment": view.comment,
        "stated_by": view.stated_by,
        "stated_on": view.stated_on,
        "version": view.version,
    }


class ScorecardForm(FormOfAService):
    """Five judgements, each with words where there is something to say; what is not judged yet stays open."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, proposed: Mapping[Perspective, Proposal], **options: Any) -> None:
        super().__init__(*args, **options)
        for perspective in Perspective:
            hint = proposed.get(perspective)
            self.fields[perspective.value] = forms.ChoiceField(
                label=perspective.label,
                choices=[(each.value, f"{each.label}: {meaning(perspective, each)}") for each in Standing],
                help_text=f"{hint.why}, which says “{hint.standing.label.lower()}”." if hint else "",
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[f"{perspective.value}_words"] = LinesField(
                label=f"{perspective.label}: what stands behind it",
                max_length=WORDS_LENGTH,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def judged(self) -> dict[Perspective, Judged]:
        cleaned = self.cleaned_data
        return {
            each: Judged(cleaned.get(each.value, ""), cleaned.get(f"{each.value}_words", "")) for each in Perspective
        }


def scorecard_initial(scorecard: Scorecard) -> dict[str, Any]:
    found: dict[str, Any] = {"version": scorecard.version}
    for perspective, line in scorecard.lines.items():
        found |= {perspective: line.standing, f"{perspective}_words": line.words}
    return found


class PeriodForm(FormOfAService):
    """The period to rate, by its first and last month."""

    from_month = forms.TypedChoiceField(label="From", coerce=date.fromisoformat)
    to_month = forms.TypedChoiceField(label="To", coerce=date.fromisoformat)

    def __init__(self, *args: Any, months: Sequence[date], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(month.isoformat(), f"{month:%B %Y}") for month in months]
        self.fields["from_month"].choices = choices  # type: ignore[attr-defined]
        self.fields["to_month"].choices = choices  # type: ignore[attr-defined]


class RatingForm(FormOfAService):
    rating = forms.ChoiceField(
        label="Rating",
        choices=[(each.value, f"{each.label}: {MEANINGS[each]}") for each in ActRating],
        required=False,
        widget=forms.RadioSelect,
    )
    reason = LinesField(
        label="Why the rating is another than proposed",
        help_text="Only where it is another.",
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


def rating_initial(row: StatutoryRating | None) -> dict[str, Any]:
    return {"rating": row.rating, "reason": row.reason, "version": row.version} if row else {"version": 0}
