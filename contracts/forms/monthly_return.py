"""What the officer types of one month, and what the reviewer says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from commissioning.models import CommissioningUnit
from contracts.choices import Risk
from contracts.forms.kpi_fields import KpiRow, kpi_entries, kpi_fields, kpi_row
from contracts.models import MonthlyReturn
from contracts.queries.kpis import KpiLine
from contracts.queries.return_kpis import KpisOfReturn, asks
from contracts.rules.jet import HIGHEST, LOWEST, JetRow, JetScale
from contracts.services.kpi_readings import ReadingEntry
from contracts.services.return_kpis import with_entries
from contracts.services.returns import NARRATIVE_LENGTH, Figures, figures_of

NOT_ASSESSED: Final = "not_assessed"

JET_CHOICES: Final = [
    *((str(score), str(score)) for score in range(HIGHEST, LOWEST - 1, -1)),
    (NOT_ASSESSED, "Not assessed"),
]
"""In the order of the JET table."""


@dataclass(frozen=True)
class JetOption:
    """One row of the JET table to pick from."""

    row: JetRow
    id: str
    is_chosen: bool


@dataclass(frozen=True)
class RiskOption:
    risk: Risk
    definition: str
    id: str
    is_chosen: bool

    @property
    def key(self) -> str:
        """The letter that chooses it: R, A or G."""
        return self.risk.label[0]


class LinesField(forms.CharField):
    """Text over several lines, counted as the person sees it: browsers send two characters for one line's end."""

    widget = forms.Textarea
    default_error_messages = {"max_length": "Use %(limit_value)d characters or fewer; there are %(show_value)d"}

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class FormOfAService(forms.Form):
    """Shows what a service refuses in the service's own words."""

    def take(self, refused: ValidationError) -> None:
        """Put the service's words beside the fields; what belongs to no field goes to the top."""
        for name, messages in getattr(refused, "message_dict", {None: refused.messages}).items():
            field = name if name in self.fields else None
            for message in messages:
                self.add_error(field, message)


class MonthlyReturnForm(FormOfAService):
    """Whole or not: a draft keeps what there is. What a submitted return lacks, the service says."""

    risk = forms.ChoiceField(choices=Risk.choices, required=False, widget=forms.RadioSelect)
    jet = forms.ChoiceField(
        label="JET grade",
        choices=JET_CHOICES,
        required=False,
        widget=forms.RadioSelect,
    )
    not_assessed_reason = LinesField(
        label="Why JET was not assessed",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    kpi_reason = LinesField(
        label="Why this score stands although the KPIs do not bear it out",
        help_text="Only for a score that the KPI column does not allow. It is cleared where the score fits.",
        max_length=NARRATIVE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    narrative = LinesField(
        label="What changed this month, and what it means for children and families",
        max_length=NARRATIVE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reason = LinesField(
        label="Why this is amended now",
        help_text="Stands in the history beside what the month said when it was closed.",
        max_length=NARRATIVE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        narrative_hint: str = "",
        is_closed: bool = False,
        kpis: Sequence[KpiLine] = (),
        more: Mapping[str, forms.Field] | None = None,
        **options: Any,
    ) -> None:
        """``more`` are fields of what else the return brings, such as improvement steps."""
        super().__init__(*args, **options)
        self.kpis = kpis
        for line in filter(asks, kpis):
            self.fields.update(kpi_fields(line))
        self.order_fields(["risk", *self.of_kpis])
        self.fields.update(more or {})
        self.fields["narrative"].help_text = narrative_hint
        if not is_closed:
            del self.fields["reason"]

    @property
    def of_kpis(self) -> list[str]:
        """The names of the fields that take readings."""
        return [name for name in self.fields if name not in self.base_fields and name.startswith("kpi_")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reason, jet = cleaned.get("not_assessed_reason", ""), cleaned.get("jet", "")
        if jet == NOT_ASSESSED and not reason and "not_assessed_reason" not in self.errors:
            self.add_error("not_assessed_reason", "Say why JET was not assessed.")
        if reason and jet != NOT_ASSESSED and "jet" not in self.errors:
            self.add_error(
                "not_assessed_reason", "This is the reason for «Not assessed»: choose that, or clear the reason."
            )
        return cleaned

    def jet_table(self, scale: JetScale) -> list["JetOption"]:
        """The nine rows of the scale as radio buttons, in the order of the field's choices."""
        chosen = str(self["jet"].value() or "")
        return [
            JetOption(row=row, id=f"{self['jet'].auto_id}_{place}", is_chosen=chosen == str(row.score))
            for place, row in enumerate(scale.rows)
        ]

    def risk_buttons(self, unit: CommissioningUnit) -> list["RiskOption"]:
        """Each risk with what it means to the unit."""
        chosen = self["risk"].value()
        means = {
            Risk.RED: unit.risk_red_means,
            Risk.AMBER: unit.risk_amber_means,
            Risk.GREEN: unit.risk_green_means,
        }
        return [
            RiskOption(risk, means[risk], id=f"{self['risk'].auto_id}_{place}", is_chosen=chosen == risk)
            for place, risk in enumerate(Risk)
        ]

    def figures(self) -> Figures:
        """What was typed; of a form with errors, what of it can be read."""
        cleaned = self.cleaned_data
        jet = cleaned.get("jet", "")
        return Figures(
            risk=cleaned.get("risk", ""),
            jet_score=int(jet) if jet.isdigit() else None,
            not_assessed_reason=cleaned.get("not_assessed_reason", ""),
            narrative=cleaned.get("narrative", ""),
            kpi_reason=cleaned.get("kpi_reason", ""),
        )

    def entries(self) -> list[ReadingEntry]:
        """The readings typed; of a form with errors, those of them that can be read."""
        return kpi_entries(self.cleaned_data, self.kpis)

    def typed_lines(self) -> list[KpiLine]:
        """The KPIs as they would stand with what was typed."""
        return with_entries(self.kpis, self.entries())

    def kpi_rows(self, kpis: KpisOfReturn) -> list[KpiRow]:
        """The KPIs that are due, each beside its fields."""
        return [kpi_row(self, kpi) for kpi in kpis.due]

    def add_error(self, field: str | None, error: Any) -> None:
        """What is said of a KPI names it where all faults are listed: many are short of the same thing."""
        if field in self.of_kpis and isinstance(error, str):
            error = ValidationError(error, code="invalid")
        super().add_error(field, error)

    def figures_chosen(self) -> Figures:
        """As ``figures``, with «Not assessed» taken as chosen though its reason is still missing."""
        figures = self.figures()
        if self.cleaned_data.get("jet") == NOT_ASSESSED and figures.jet is None:
            return replace(figures, not_assessed_reason="Not given")
        return figures

    def take_too(self, faults: dict[str, str]) -> None:
        """What is missing beside what is wrong: one word for each field, its own first."""
        for name, message in faults.items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, message)


def initial_of(row: MonthlyReturn | None) -> dict[str, Any]:
    """Only what was saved for this very month: nothing is carried over from the last."""
    if row is None:
        return {"version": 0}
    figures = figures_of(row)
    jet = NOT_ASSESSED if figures.not_assessed_reason else ""
    return {
        "risk": figures.risk,
        "jet": jet if figures.jet_score is None else str(figures.jet_score),
        "not_assessed_reason": figures.not_assessed_reason,
        "narrative": figures.narrative,
        "kpi_reason": figures.kpi_reason,
        "version": row.version,
    }


class ReviewForm(FormOfAService):
    """Accepting needs no words; sending back does, and the service says so."""

    note = LinesField(
        label="What the officer should look at again",
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
