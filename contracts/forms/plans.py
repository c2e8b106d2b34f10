"""Forms of improvement plans, their steps, and private performance notices."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.forms_renderer import LongDateField
from commissioning.rules import long_date
from contracts.choices import Concern, NoticeOutcome, StepState
from contracts.forms.monthly_return import FormOfAService, LinesField
from contracts.models import Contract, ExtensionOption, ImprovementPlan, Kpi, PerformanceNotice, PlanStep
from contracts.queries.plans import option_words
from contracts.services.improvement import EVIDENCE_LENGTH, PlanDetails, StepDetails
from contracts.services.performance_notices import NoticeDetails


def _lines(label: str, length: int, *, rows: int = 4, missing: str = "", hint: str = "") -> LinesField:
    """Needed where a sentence says so; else it may stay empty."""
    return LinesField(
        label=label,
        max_length=length,
        help_text=hint,
        required=bool(missing),
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing} if missing else None,
    )


def _choice(label: str, choices: list[tuple[str, str]], missing: str) -> forms.ChoiceField:
    messages = {"required": missing, "invalid_choice": missing}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=messages)


class _NoticeField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_concern_display()}, issued {long_date(obj.issued_on)}"


class _OptionField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        words = option_words(obj)
        return words[0].upper() + words[1:]


class PlanForm(FormOfAService):
    """What the contract does not have, such as options, is not asked."""

    title = forms.CharField(
        label="What the plan is called",
        max_length=200,
        error_messages={"required": "Give the plan a name."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    concern = _choice("What it is about", Concern.choices, "Choose what the plan is about.")
    words = _lines("What is wrong, and what good looks like", 2_000)
    agreed_on = LongDateField(
        label="Agreed with the provider on", error_messages={"required": "Give the day on which it was agreed."}
    )
    condition_of = _OptionField(
        queryset=ExtensionOption.objects.none(),
        label="Condition of extending the contract",
        help_text="The extension is given only on condition of this plan.",
        required=False,
        empty_label="No",
        error_messages={"invalid_choice": "Choose an option of this contract."},
    )
    answers = _NoticeField(
        queryset=PerformanceNotice.objects.none(),
        label="Answers a private notice to the provider",
        help_text="The remedial action plan that such a notice under the NHS Standard Contract asks for.",
        required=False,
        empty_label="No",
        error_messages={"invalid_choice": "Choose a notice on this contract."},
    )
    kpis = forms.ModelMultipleChoiceField(
        queryset=Kpi.objects.none(),
        label="KPIs that it is to improve",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value"), "Choose KPIs of this contract."),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, contract: Contract, **options: Any) -> None:
        super().__init__(*args, **options)
        offered: dict[str, QuerySet[Any]] = {
            "condition_of": contract.options.all(),
            "answers": contract.performance_notices.all(),
            "kpis": contract.kpis.all(),
        }
        for name, rows in offered.items():
            if rows.exists():
                self.fields[name].queryset = rows  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def details(self) -> PlanDetails:
        return PlanDetails(**{name: value for name, value in self.cleaned_data.items() if name != "version"})


def initial_of_plan(plan: ImprovementPlan) -> dict[str, Any]:
    names = ("title", "concern", "words", "agreed_on", "condition_of", "answers", "version")
    return {name: getattr(plan, name) for name in names} | {"kpis": list(plan.kpis.all())}


class StepForm(FormOfAService):
    text = _lines("What will be done", 600, rows=3, missing="Say what will be done.")
    owner = forms.CharField(
        label="Who sees to it",
        max_length=120,
        help_text="A person or a team, of the provider or your own.",
        error_messages={"required": "Say who sees to it."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    due_on = LongDateField(label="Due by", error_messages={"required": "Give the day by which it is due."})
    evidence = _lines(
        "Evidence so far",
        EVIDENCE_LENGTH,
        rows=6,
        hint="To correct what was written. What is taken out stays in the history.",
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_evidence: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_evidence:
            del self.fields["evidence"]

    def details(self) -> StepDetails:
        return StepDetails(**{name: self.cleaned_data[name] for name in ("text", "owner", "due_on")})


def initial_of_step(step: PlanStep) -> dict[str, Any]:
    return {name: getattr(step, name) for name in ("text", "owner", "due_on", "evidence", "version")}


class StepUpdateForm(FormOfAService):
    state = _choice("How it stands", StepState.choices, "Choose how the step stands.")
    evidence = _lines(
        "Evidence to add",
        EVIDENCE_LENGTH,
        hint="What shows how far it has got: a figure, a document, a visit. The provider reads it. Done needs some.",
    )
    done_on = LongDateField(
        label="Done on", required=False, help_text="Only where it is done. Empty is today. For example, 31 March 2026"
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ProviderEvidenceForm(FormOfAService):
    text = _lines(
        "How far it has got, and what shows it",
        EVIDENCE_LENGTH,
        missing="Say how far the step has got, or what shows it.",
        hint="Added under what is there already, with your organisation’s name and today’s date.",
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ClosingForm(FormOfAService):
    """Of a plan or a notice."""

    closed_on = LongDateField(label="Closed on", error_messages={"required": "Give the day on which it was closed."})
    closing_words = _lines("What came of it", 1_000, missing="Say what came of it.")
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class PlanClosingForm(ClosingForm):
    """Steps that are not done ask for a tick once somebody has tried to close their plan."""

    despite_steps = forms.BooleanField(label="Close the plan although steps are not done", required=False)

    def __init__(self, data: Any = None, *, has_undone: bool, **options: Any) -> None:
        super().__init__(data, **options)
        if not (self.is_bound and has_undone):
            del self.fields["despite_steps"]


class NoticeForm(FormOfAService):
    concern = _choice("What it is about", Concern.choices, "Choose what the notice is about.")
    words = _lines(
        "What has failed", 2_000, missing="Say what has failed.", hint="As the letter says it. The provider reads it."
    )
    issued_on = LongDateField(label="Issued on", error_messages={"required": "Give the day on which it was issued."})
    meeting_by = LongDateField(
        label="Meet by",
        required=False,
        help_text="Empty is ten operational days after the notice: Saturdays, Sundays and bank holidays do not count.",
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def details(self) -> NoticeDetails:
        """With the day of the meeting filled in by the view, where it was left empty."""
        return NoticeDetails(**{name: value for name, value in self.cleaned_data.items() if name != "version"})


def initial_of_notice(notice: PerformanceNotice) -> dict[str, Any]:
    return {name: getattr(notice, name) for name in ("concern", "words", "issued_on", "meeting_by", "version")}


class MeetingHeldForm(FormOfAService):
    met_on = LongDateField(
        label="Met on", required=False, help_text="Empty only where the notice is withdrawn without a meeting."
    )
    outcome = _choice("What was agreed", NoticeOutcome.choices, "Choose what came of the meeting.")
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
