"""The rows of the grid as they are shown: opened, as typed, as brought from a file, or beside another's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from django.core.exceptions import ValidationError
from django.http import QueryDict

from accounts.forms_renderer import GovukBoundField
from contracts.forms.grid import GridRowForm, SelectOption, mark_of, opening_of, posted_of, prefix_of
from contracts.forms.monthly_return import RiskOption
from contracts.queries.grid import GridRow, ReturnGrid
from contracts.queries.return_words import stated
from contracts.rules.jet import Jet, scale_on
from contracts.rules.returns import month_end
from contracts.services.returns import what_is_missing
from contracts.views.return_conflict import ReturnConflict

LONGEST_NUMBER: Final = 18


@dataclass
class GridLine:
    """One contract on the page."""

    row: GridRow
    form: GridRowForm
    conflict: ReturnConflict | None = None
    is_from_file: bool = False
    faults: list[tuple[str, str]] = field(default_factory=list)
    """What is wrong, and where a link in the summary leads."""

    @property
    def prefix(self) -> str:
        return prefix_of(self.row.contract.pk)

    @property
    def is_to_read(self) -> bool:
        """What was typed stays in its fields even where it can no longer be saved, but beside what was accepted."""
        return self.row.is_to_read and (self.conflict is not None or not self.form.is_bound)

    @property
    def is_checked(self) -> bool:
        return bool(self.form["checked"].value())

    @property
    def risk_buttons(self) -> list[RiskOption]:
        return self.form.risk_buttons(self.row.contract.unit)

    @property
    def jet_options(self) -> list[SelectOption]:
        return self.form.jet_options(scale_on(month_end(self.row.month)))

    @property
    def jet(self) -> Jet:
        """Of the month itself, as stored."""
        return stated(self.row.row)[1] if self.row.row else None

    @property
    def needs_kpi_reason(self) -> bool:
        """Whether the field for a reason is open: for a score that does not fit, and for what was typed or is wrong."""
        bound = self.form["kpi_reason"]
        chosen = str(self.form["jet"].value() or "")
        is_against = chosen.isdigit() and bool(self.row.kpis.against(int(chosen), self.row.month))
        return is_against or bool(bound.value()) or bool(bound.errors)

    @property
    def own_faults(self) -> list[str]:
        """What is wrong with the row as a whole."""
        return [message for message, link in self.faults if link == f"#{self.prefix}"]


def opened(row: GridRow, *, checked: bool = False) -> GridLine:
    form = GridRowForm(initial=opening_of(row) | {"checked": checked}, prefix=prefix_of(row.contract.pk))
    return GridLine(row, form)


def typed(row: GridRow, data: QueryDict) -> GridLine:
    """As it was sent, judged by nobody."""
    return GridLine(row, GridRowForm(initial=posted_of(data, row.contract.pk), prefix=prefix_of(row.contract.pk)))


def brought_in(row: GridRow, values: Mapping[str, str]) -> GridLine:
    """Values from a file over what the row opens with: neither saved nor checked until a person does so."""
    prefix = prefix_of(row.contract.pk)
    data: dict[str, Any] = {f"{prefix}-{name}": value for name, value in (opening_of(row) | dict(values)).items()}
    line = judged(row, GridRowForm(data, prefix=prefix))
    line.is_from_file = True
    return line


def sent(row: GridRow, data: QueryDict) -> GridRowForm:
    return GridRowForm(data, prefix=prefix_of(row.contract.pk))


def judged(row: GridRow, form: GridRowForm, refused: ValidationError | None = None) -> GridLine:
    """As it was sent, each fault beside its field."""
    line = GridLine(row, form)
    form.is_valid()
    if refused is not None:
        form.take(refused)
    line.faults = list(_faults(line))
    return line


def _faults(line: GridLine) -> Iterator[tuple[str, str]]:
    for message in line.form.non_field_errors():
        yield str(message), f"#{line.prefix}"
    for bound in cast(Iterable[GovukBoundField], line.form):
        for message in bound.messages:
            yield message, f"#{line.prefix if bound.is_hidden else bound.first_id}"


def ask_for_the_rest(row: GridRow, form: GridRowForm) -> None:
    """What is missing too, where something is wrong already: said at once."""
    scale = scale_on(month_end(row.month))
    form.take_too(what_is_missing(form.figures_chosen(), before=row.before, evidence=row.kpis.evidence, scale=scale))


def keeps_its_tick(row: GridRow, posted: Mapping[str, str], *, saved: bool) -> bool:
    """A tick is of what was seen: it goes where the row now shows something else."""
    if not posted["checked"]:
        return False
    return saved or mark_of(opening_of(row)) == posted["shown"]


def lines_of(grid: ReturnGrid, special: Mapping[int, GridLine], *, ticks: Mapping[int, bool]) -> list[GridLine]:
    """What came back first, then the others as they are stored."""
    first = [special[row.contract.pk] for row in grid.rows if row.contract.pk in special]
    rest = [
        opened(row, checked=ticks.get(row.contract.pk, False)) for row in grid.rows if row.contract.pk not in special
    ]
    return first + rest


# Of whatever page returns many at once


def numbers_in(texts: Sequence[str]) -> list[int]:
    """What is no number is nobody's contract."""
    good = (text for text in texts if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER)
    return list(dict.fromkeys(int(text) for text in good))


def some_titles(titles: Sequence[str]) -> str:
    """The first three by name: thirty titles would be read by nobody."""
    if len(titles) > 4:
        return f"{'; '.join(titles[:3])}; and {len(titles) - 3} more"
    return "; ".join(titles)
