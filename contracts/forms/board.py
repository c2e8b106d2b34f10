"""Forms of a contract's board, its members, meetings and actions."""

import datetime
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.boundfield import BoundField

from accounts import clock
from accounts.forms_renderer import LongDateField
from accounts.models import User
from commissioning.models import Organisation
from contracts.forms.monthly_return import FormOfAService, LinesField
from governance.choices import MeetingKind, Presence, SeatFor
from governance.models import Attendance, Meeting, Seat
from governance.services.actions import NewAction
from governance.services.boards import NewMember
from governance.services.meetings import Came, MeetingDetails, Minutes, members_on

TIME_FORMATS: Final = ("%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p", "%I%p")
ACTION_ROWS: Final = 5
"""So many actions fit on the page of a record; more are added afterwards, one by one."""


class ClockField(forms.TimeField):
    """«10am», «2:30pm», «14:30»; spaces and full stops within forgiven."""

    default_error_messages = {"invalid": "Enter a time, such as 10am or 2:30pm."}

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=TIME_FORMATS, **options)
        self.widget = forms.TextInput(attrs={"class": "govuk-input--width-5", "autocomplete": "off"})

    def to_python(self, value: Any) -> datetime.time | None:
        if isinstance(value, str):
            value = value.replace(" ", "").replace("a.m.", "am").replace("p.m.", "pm")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, datetime.time) else value


def _line(label: str, *, longest: int, missing: str = "", hint: str = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=hint,
        error_messages={"required": missing},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class OpenBoardForm(FormOfAService):
    name = _line("Name of the board", longest=200, missing="Give the board’s name.")
    opened_on = LongDateField(label="Opened on", error_messages={"required": "Give the day the board was opened."})
    members = forms.MultipleChoiceField(
        label="Members to begin with",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Named on the contract, or contacts of its provider. Others are added on the board’s page.",
    )

    def __init__(self, *args: Any, suggested: Sequence[NewMember], **options: Any) -> None:
        super().__init__(*args, **options)
        self.suggested = {str(member.person.pk): member for member in suggested if member.person}
        field = self.fields["members"]
        field.choices = [(code, _suggestion(member)) for code, member in self.suggested.items()]  # type: ignore[attr-defined]
        if not self.suggested:
            del self.fields["members"]

    def members_chosen(self) -> list[NewMember]:
        return [self.suggested[code] for code in self.cleaned_data.get("members", [])]


def _suggestion(member: NewMember) -> str:
    organisation = f", {member.organisation.name}" if member.organisation else ""
    return f"{member.called}{organisation}: for the {SeatFor(member.sits_for).label.lower()}"


class SeatForm(FormOfAService):
    sits_for = forms.ChoiceField(
        label="Sits for",
        choices=SeatFor.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose for whom the member sits."},
    )
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label="Works for",
        empty_label="Choose an organisation",
        error_messages={"required": "Choose the organisation the member works for."},
    )
    person = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Person who signs in here",
        required=False,
        empty_label="Nobody of this list",
        help_text="Choose a person, or leave this and give a name below. A seat lets nobody see more than before.",
    )
    name = _line("Name of somebody without an account", longest=120, required=False)
    is_chair = forms.BooleanField(label="Chairs the board", required=False)
    since = LongDateField(label="Member from", error_messages={"required": "Give the first day."})

    def __init__(
        self, *args: Any, organisations: QuerySet[Organisation], people: QuerySet[User], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["since"].initial = clock.today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("person") and cleaned.get("name"):
            self.add_error("name", "Choose a person or give a name, not both.")
        return cleaned

    def member(self) -> NewMember:
        data = self.cleaned_data
        return NewMember(
            sits_for=data["sits_for"],
            name=data["name"],
            organisation=data["organisation"],
            person=data["person"],
            is_chair=data["is_chair"],
        )


class EndSeatForm(FormOfAService):
    until = LongDateField(
        label="Last day as a member",
        error_messages={"required": "Give the last day."},
        help_text="Meetings up to this day keep the member in their attendance. For example, 31 March 2026",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["until"].initial = clock.today


class PlanForm(FormOfAService):
    kind = forms.ChoiceField(
        label="Kind of meeting",
        choices=MeetingKind.choices,
        widget=forms.RadioSelect,
        initial=MeetingKind.ORDINARY,
        error_messages={"required": "Choose the kind of meeting."},
    )
    on = LongDateField(
        label="Day",
        help_text="A day that has passed may be given too: the meeting is then recorded next. For example, 31 March"
        " 2026",
        error_messages={"required": "Give the day of the meeting."},
    )
    starts_at = ClockField(label="Time", required=False, help_text="For example, 10am or 2:30pm")
    place = _line("Place", longest=200, required=False)
    purpose = _line(
        "What it is about", longest=300, required=False, hint="The board’s members read this, the supplier’s too."
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def details(self) -> MeetingDetails:
        return MeetingDetails(**{name: value for name, value in self.cleaned_data.items() if name != "version"})


def planned_as(meeting: Meeting) -> dict[str, Any]:
    return {name: getattr(meeting, name) for name in ("kind", "on", "starts_at", "place", "purpose", "version")}


class CancelForm(FormOfAService):
    why_cancelled = LinesField(
        label="Why it is cancelled",
        max_length=300,
        help_text="The board’s members read this, the supplier’s too.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why the meeting is cancelled."},
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class MemberFields(NamedTuple):
    seat: Seat
    presence: BoundField
    substitute: BoundField


class ActionFields(NamedTuple):
    number: int
    text: BoundField
    owner: BoundField
    due_on: BoundField


class RecordForm(FormOfAService):
    """Who was there, the notes, and the actions agreed: the members are those of the day that is typed."""

    on = LongDateField(label="Held on", error_messages={"required": "Give the day on which it was held."})
    others = LinesField(
        label="Also there",
        required=False,
        max_length=1_000,
        help_text="Others who came, one name a line.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    notes = LinesField(
        label="Notes",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, meeting: Meeting, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["notes"].help_text = notes_hint(meeting)
        self.seats = members_on(meeting, self._day(meeting))
        for seat in self.seats:
            self.fields[f"presence_{seat.pk}"] = forms.ChoiceField(
                label=f"{seat.name}, {seat.get_sits_for_display().lower()}",
                choices=[("", "Choose"), *Presence.choices],
                required=False,
            )
            self.fields[f"substitute_{seat.pk}"] = _line(
                f"Who came instead of {seat.name}", longest=120, required=False
            )
        for number in range(1, ACTION_ROWS + 1):
            self.fields[f"text_{number}"] = LinesField(
                label=f"Action {number}",
                max_length=600,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"owner_{number}"] = _line(f"Who sees to action {number}", longest=120, required=False)
            self.fields[f"due_on_{number}"] = LongDateField(label=f"Action {number} is due by", required=False)

    def _day(self, meeting: Meeting) -> datetime.date:
        try:
            return self.fields["on"].clean(self.data.get("on")) if self.is_bound else meeting.on
        except ValidationError:
            return meeting.on

    def clean_others(self) -> list[str]:
        names = [name.strip() for name in self.cleaned_data["others"].splitlines() if name.strip()]
        if any(len(name) > LONGEST_NAME for name in names):
            raise ValidationError(f"Use {LONGEST_NAME} characters or fewer for each name.")
        return names

    @property
    def members(self) -> list[MemberFields]:
        return [MemberFields(seat, self[f"presence_{seat.pk}"], self[f"substitute_{seat.pk}"]) for seat in self.seats]

    @property
    def action_rows(self) -> list[ActionFields]:
        return [
            ActionFields(number, self[f"text_{number}"], self[f"owner_{number}"], self[f"due_on_{number}"])
            for number in range(1, ACTION_ROWS + 1)
        ]

    def minutes(self) -> Minutes:
        """Rows of actions in which nothing was typed are none; the rest keep the place they were typed in."""
        data = self.cleaned_data
        return Minutes(
            on=data["on"],
            members={seat.pk: Came(data[f"presence_{seat.pk}"], data[f"substitute_{seat.pk}"]) for seat in self.seats},
            others=data["others"],
            notes=data["notes"],
            actions={
                number: NewAction(*row)
                for number in range(1, ACTION_ROWS + 1)
                if any(row := (data[f"text_{number}"], data[f"owner_{number}"], data[f"due_on_{number}"]))
            },
        )


LONGEST_NAME: Final = 120


def notes_hint(meeting: Meeting) -> str:
    if meeting.kind == MeetingKind.FACE_TO_FACE:
        return "The provider reads this record if it was there."
    return "The provider reads these minutes."


def recorded_as(meeting: Meeting, attendances: Sequence[Attendance]) -> dict[str, Any]:
    """What the form shows of a record made before; of a meeting to be recorded its day alone."""
    shown: dict[str, Any] = {"on": meeting.on, "notes": meeting.notes, "version": meeting.version}
    for row in attendances:
        if row.seat_id:
            shown |= {f"presence_{row.seat_id}": row.presence, f"substitute_{row.seat_id}": row.substitute}
    shown["others"] = "\n".join(row.name for row in attendances if not row.seat_id)
    return shown


class ActionAgreedForm(FormOfAService):
    text = LinesField(
        label="What will be done",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what will be done."},
    )
    owner = _line("Who sees to it", longest=120, missing="Say who sees to it.")
    due_on = LongDateField(label="Due by", error_messages={"required": "Give the day by which it is due."})

    def action(self) -> NewAction:
        return NewAction(**self.cleaned_data)


class DoneForm(FormOfAService):
    done_on = LongDateField(label="Done on", error_messages={"required": "Give the day on which it was done."})
    outcome = LinesField(
        label="What came of it",
        max_length=300,
        help_text="The board’s members read this, the supplier’s too.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what came of it."},
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["done_on"].initial = clock.today
