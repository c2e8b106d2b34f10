"""Forms of the events in the life of a contract, and of the duties that follow from them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts import clock
from accounts.forms_renderer import LongDateField
from commissioning.models import Organisation
from contracts.choices import NoticeGivenBy, NoticeKind, ProcurementRegime
from contracts.forms.contract import PoundsField
from contracts.forms.lookup import LookupField, OrganisationLookup
from contracts.forms.monthly_return import FormOfAService, LinesField
from contracts.models import ChangeGround, Contract, ContractFunding, Duty, DutyRule, ExtensionOption
from contracts.rules.terms import MOST_MONTHS
from contracts.services.contract import Share
from contracts.services.life.options import lateness

#: An early end is of one of these kinds: the others are kinds of notice.
KINDS_OF_AN_END = (NoticeKind.AGREEMENT, NoticeKind.BREACH, NoticeKind.STATUTORY, NoticeKind.CONTRACTUAL)


def reason_field(
    label: str = "Who decided, and why", *, required: bool = True, most: int = 600, help_text: str = ""
) -> LinesField:
    return LinesField(
        label=label,
        required=required,
        max_length=most,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Give the reason."},
    )


def decided_on_field() -> LongDateField:
    return LongDateField(
        label="Day of the decision", error_messages={"required": "Give the day on which it was decided."}
    )


def months_field(label: str, *, most: int, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=most,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3", "autocomplete": "off"}),
        error_messages={"required": "Give the months."}
        | dict.fromkeys(("invalid", "min_value", "max_value"), f"Give whole months, from 1 to {most}."),
    )


class GroundField(forms.ModelChoiceField):
    """The grounds in law of one regime, each with where the law says so."""

    widget: Any = forms.RadioSelect

    def __init__(self, *, regime: str, is_needed: bool) -> None:
        grounds = ChangeGround.objects.filter(regime=regime, is_in_use=True)
        super().__init__(
            queryset=grounds,
            label="Ground in law",
            required=False,
            blank=not is_needed,
            empty_label=None if is_needed else "None is needed, or none is known",
            help_text=f"Of the contract’s regime: {ProcurementRegime(regime).label}.",
        )

    def label_from_instance(self, ground: ChangeGround) -> str:
        return f"{ground.words} ({ground.law})"


class DecisionForm(FormOfAService):
    """Of one contract. ``withdraws_notice`` is asked where notice stands and the decision would take it back."""

    def __init__(self, data: Any, *, contract: Contract, **options: Any) -> None:
        super().__init__(data, **options)
        self.contract = contract

    def ask_to_withdraw(self) -> None:
        if self.contract.notice_given_on is not None:
            self.fields["withdraws_notice"] = forms.BooleanField(
                label="Withdraw the notice that stands, in the same act", required=False
            )


class OptionForm(DecisionForm):
    exercised_on = decided_on_field()
    reason = reason_field(help_text="For example, the board and its minute.")

    def __init__(self, data: Any, *, contract: Contract, option: ExtensionOption) -> None:
        super().__init__(data, contract=contract, initial={"exercised_on": clock.today(), "months": option.months})
        self.fields["months"] = months_field(
            f"Months, up to {option.months}",
            most=option.months,
            help_text="If fewer are used than the option grants, the rest lapses.",
        )
        if late := self._late():
            self.fields["late_because"] = LinesField(
                label="Why it is late",
                help_text=f"{late} Say why.",
                max_length=300,
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={"required": f"{late} Say why."},
            )
        self.ask_to_withdraw()
        self.order_fields(["exercised_on", "months", "late_because", "withdraws_notice", "reason"])

    def _late(self) -> str | None:
        """Of the day typed, or of today before anything is typed."""
        try:
            typed = self.data.get("exercised_on") if self.is_bound else clock.today()
            day = self.fields["exercised_on"].clean(typed)
        except ValidationError:
            return None
        return lateness(self.contract, on=day)


class ExtensionForm(DecisionForm):
    on = decided_on_field()
    months = months_field("Months by which it is extended", most=MOST_MONTHS)
    reason = reason_field()

    def __init__(self, data: Any, *, contract: Contract) -> None:
        super().__init__(data, contract=contract, initial={"on": clock.today()})
        self.fields["ground"] = GroundField(regime=contract.procurement_regime, is_needed=True)
        self.ask_to_withdraw()
        self.order_fields(["on", "months", "ground", "withdraws_notice", "reason"])


class ValueForm(DecisionForm):
    """Both values and each partner's share again, as they will be."""

    on = decided_on_field()
    takes_effect_on = LongDateField(
        label="Takes effect on",
        help_text="The register shows the new value at once.",
        error_messages={"required": "Give the day from which it counts."},
    )
    annual_value = PoundsField(label="New annual value", help_text="Pounds a year, partner funding included.")
    whole_life_value = PoundsField(label="New whole-life value", help_text="Pounds, partner funding included.")
    reason = reason_field()

    def __init__(self, data: Any, *, contract: Contract, funding: Sequence[ContractFunding]) -> None:
        initial: dict[str, Any] = {"on": clock.today(), "takes_effect_on": clock.today()}
        initial |= {"annual_value": contract.annual_value, "whole_life_value": contract.whole_life_value}
        super().__init__(data, contract=contract, initial=initial)
        self.funding = list(funding)
        for row in self.funding:
            of, name = row.organisation_id, row.organisation.name
            self._ask_share(f"annual_{of}", f"Share a year of {name}", row.annual_amount)
            self._ask_share(f"whole_{of}", f"Share of the whole life of {name}", row.whole_life_amount)
        self.fields["ground"] = GroundField(regime=contract.procurement_regime, is_needed=False)
        shares = [name for name in self.fields if name.startswith(("annual_", "whole_")) and name[-1].isdecimal()]
        self.order_fields(["on", "takes_effect_on", "annual_value", "whole_life_value", *shares, "ground", "reason"])

    def _ask_share(self, name: str, label: str, amount: Decimal) -> None:
        self.fields[name] = PoundsField(label=label, initial=amount)
        self.fields[name].required = True
        self.fields[name].error_messages["required"] = f"Give the {label[0].lower()}{label[1:]}; 0 where there is none."

    def shares(self) -> list[Share]:
        given = self.cleaned_data
        return [
            Share(row.organisation, given[f"annual_{row.organisation_id}"], given[f"whole_{row.organisation_id}"])
            for row in self.funding
        ]

    def take(self, refused: ValidationError) -> None:
        """Shares that do not add up are said at the first of them."""
        faults = refused.message_dict if hasattr(refused, "error_dict") else {}
        if "funding" in faults and self.funding:
            first = f"annual_{self.funding[0].organisation_id}"
            refused = ValidationError({first: faults.pop("funding"), **faults})
        super().take(refused)


class TermForm(DecisionForm):
    on = decided_on_field()
    initial_end = LongDateField(
        label="New last day of the first term",
        help_text="Options that were used and those that are left follow it.",
        error_messages={"required": "Give the new last day of the first term."},
    )
    reason = reason_field()

    def __init__(self, data: Any, *, contract: Contract) -> None:
        super().__init__(data, contract=contract, initial={"on": clock.today(), "initial_end": contract.initial_end})
        self.fields["ground"] = GroundField(regime=contract.procurement_regime, is_needed=False)
        self.order_fields(["on", "initial_end", "ground", "reason"])


class NoticeForm(DecisionForm):
    given_by = forms.ChoiceField(
        label="Who gave notice",
        choices=NoticeGivenBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who gave notice."},
    )
    notice_kind = forms.ChoiceField(
        label="What kind of notice",
        choices=NoticeKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of notice it is."},
    )
    given_on = LongDateField(label="Notice given on", error_messages={"required": "Give the day of the notice."})
    ends_on = LongDateField(
        label="Last day of the contract under it", error_messages={"required": "Give the last day of the contract."}
    )
    reason = reason_field("Why", required=False)

    def __init__(self, data: Any, *, contract: Contract) -> None:
        initial = {"given_on": clock.today(), "ends_on": contract.effective_end, "notice_kind": NoticeKind.CONTRACTUAL}
        super().__init__(data, contract=contract, initial=initial)


class WithdrawForm(DecisionForm):
    reason = reason_field("Why the notice is withdrawn")


class EndForm(DecisionForm):
    on = decided_on_field()
    notice_kind = forms.ChoiceField(
        label="How it ends",
        choices=[(kind.value, kind.label) for kind in KINDS_OF_AN_END],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it ends."},
    )
    given_by = forms.ChoiceField(
        label="By whose decision",
        choices=NoticeGivenBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whose decision it is."},
    )
    last_day = LongDateField(
        label="Last day of the contract", error_messages={"required": "Give the last day of the contract."}
    )
    reason = reason_field()

    def __init__(self, data: Any, *, contract: Contract) -> None:
        super().__init__(data, contract=contract, initial={"on": clock.today()})


class RecommissionForm(DecisionForm):
    on = decided_on_field()
    followed_by = forms.CharField(
        label="Reference of the contract that follows",
        required=False,
        max_length=60,
        help_text="Leave it empty while that contract is not on the register.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    reason = reason_field()

    def __init__(self, data: Any, *, contract: Contract, in_sight: QuerySet[Contract]) -> None:
        super().__init__(data, contract=contract, initial={"on": clock.today()})
        self.in_sight = in_sight

    def clean_followed_by(self) -> Contract | None:
        """A contract that the person may see; where units share a reference, that of the contract's own unit."""
        reference = self.cleaned_data["followed_by"]
        if not reference:
            return None
        found = list(self.in_sight.filter(reference__iexact=reference))
        own = [contract for contract in found if contract.unit_id == self.contract.unit_id]
        if len(own or found) != 1:
            few = "Several units have a contract with this reference." if found else None
            raise ValidationError(few or "No contract in your sight has this reference.")
        return (own or found)[0]


class DecommissionForm(DecisionForm):
    on = decided_on_field()
    reason = reason_field()

    def __init__(self, data: Any, *, contract: Contract) -> None:
        super().__init__(data, contract=contract, initial={"on": clock.today()})


class NovationForm(DecisionForm):
    from_provider = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label="Provider that is succeeded",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose the provider that is succeeded."},
    )
    on = LongDateField(label="From which day", error_messages={"required": "Give the day from which it counts."})
    reason = reason_field("What happened, and who agreed")

    def __init__(
        self, data: Any, *, contract: Contract, providers: QuerySet[Organisation], proposed: Organisation | None
    ) -> None:
        only = providers[0].pk if len(providers) == 1 else None
        initial = {"on": clock.today(), "from_provider": only, "to_provider": proposed.name if proposed else ""}
        super().__init__(data, contract=contract, initial=initial)
        cast(forms.ModelChoiceField, self.fields["from_provider"]).queryset = providers
        self.fields["to_provider"] = LookupField(
            lookup=OrganisationLookup(),
            label="Successor",
            help_text="The name of an organisation on the list.",
            error_messages={"required": "Name the successor."},
        )
        self.fields["ground"] = GroundField(regime=contract.procurement_regime, is_needed=False)
        self.order_fields(["from_provider", "to_provider", "on", "ground", "reason"])


# Duties


class DutyForm(FormOfAService):
    state = forms.ChoiceField(
        label="How it stands",
        choices=[("open", "Still to do"), ("done", "Done"), ("not_needed", "Not needed")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it stands."},
    )
    done_on = LongDateField(label="Done on", required=False)
    reference = forms.CharField(
        label="Number of the notice",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )
    not_needed_because = LinesField(
        label="Why it is not needed", required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, duty: Duty) -> None:
        super().__init__(
            data,
            initial={
                "state": state_of(duty),
                "done_on": duty.done_on or clock.today(),
                "reference": duty.reference,
                "not_needed_because": duty.not_needed_because,
                "version": duty.version,
            },
        )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("state") == "done" and not given.get("done_on") and "done_on" not in self.errors:
            self.add_error("done_on", "Give the day on which it was done.")
        if given.get("state") == "not_needed" and not given.get("not_needed_because", "").strip():
            self.add_error("not_needed_because", "Say why it is not needed.")
        return given

    def answer(self) -> dict[str, Any]:
        """Of what was typed, only what goes with the state that was chosen."""
        given = self.cleaned_data
        answers = {
            "done": {"done_on": given["done_on"], "reference": given["reference"]},
            "not_needed": {"not_needed_because": given["not_needed_because"]},
        }
        return {"version": given["version"], **answers.get(given["state"], {})}


def state_of(duty: Duty) -> str:
    if duty.done_on is not None:
        return "done"
    return "not_needed" if duty.not_needed_because else "open"


class RuleField(forms.ModelChoiceField):
    def label_from_instance(self, rule: DutyRule) -> str:
        return f"{rule.title}: {rule.get_cause_display().lower()}"


class AddDutyForm(FormOfAService):
    on = LongDateField(
        label="Counted from",
        help_text="The day of what gives rise to it, for example 31 March 2026.",
        error_messages={"required": "Give the day from which it is counted."},
    )

    def __init__(self, data: Any, *, rules: QuerySet[DutyRule]) -> None:
        super().__init__(data, initial={"on": clock.today()})
        self.fields["rule"] = RuleField(
            queryset=rules,
            label="Duty",
            widget=forms.RadioSelect,
            empty_label=None,
            error_messages={"required": "Choose the duty."},
        )
        self.order_fields(["rule", "on"])
