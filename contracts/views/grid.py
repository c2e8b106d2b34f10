"""The month's returns of one person's contracts on one page, each submitted only where it is checked."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from accounts.models import User
from accounts.permissions import Permission
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from commissioning.kept_form import KEPT_WORDS, forget_kept, kept_form
from contracts.forms.grid import GridRowForm, has_moved, posted_of, prefix_of
from contracts.queries.grid import TO_RETURN, GridRow, ReturnGrid
from contracts.queries.grid import return_grid as read_grid
from contracts.rules.returns import previous_month
from contracts.services.grid import Entry, Outcome, save_many
from contracts.services.returns import NARRATIVE_LENGTH
from contracts.templatetags.marks import monthname
from contracts.views.grid_lines import (
    GridLine,
    ask_for_the_rest,
    brought_in,
    judged,
    keeps_its_tick,
    lines_of,
    numbers_in,
    opened,
    sent,
    some_titles,
    typed,
)
from contracts.views.return_conflict import conflict_with
from contracts.views.worklist import newest_month


@gate(Permission.RETURN_CONTRACTS)
def return_grid(request: HttpRequest, month: datetime.date) -> HttpResponse:
    if month > newest_month():
        raise Http404(f"{monthname(month)} is not over.")
    if request.method != "POST":
        kept = kept_form(request)
        return show_grid(request, month) if kept is None else show_posted(request, month, kept, said=[KEPT_WORDS])
    forget_kept(request)
    if "theirs" in request.POST:
        return show_posted(request, month, request.POST, but=numbers_in(request.POST.getlist("theirs")))
    return _save(request, month)


def show_grid(
    request: HttpRequest,
    month: datetime.date,
    *,
    brought: Mapping[int, Mapping[str, str]] | None = None,
    said: Sequence[str] = (),
) -> HttpResponse:
    """The page as it opens. ``brought`` are values from a file by contract: shown, marked, neither saved nor checked.

    The keys of its inner mappings are risk, jet, not_assessed_reason, kpi_reason and narrative, as the form sends
    them. ``said`` are sentences to show above.
    """
    brought = brought or {}
    grid = _read(request, month, also=set(brought))
    special = {
        row.contract.pk: brought_in(row, brought[row.contract.pk])
        for row in grid.rows
        if row.contract.pk in brought and not row.is_to_read
    }
    return _page(request, grid, lines_of(grid, special, ticks={}), said=said)


def show_posted(
    request: HttpRequest,
    month: datetime.date,
    posted: QueryDict,
    *,
    but: Collection[int] = (),
    said: Sequence[str] = (),
) -> HttpResponse:
    """The page as it was filled in, with nothing saved; the rows of ``but`` as they are stored.

    What somebody saved since is found by the versions that were sent, once it is sent again.
    """
    sent_rows = numbers_in(posted.getlist("contract"))
    grid = _read(request, month, also=set(sent_rows))
    special = {
        row.contract.pk: opened(row) if row.contract.pk in but else typed(row, posted)
        for row in grid.rows
        if row.contract.pk in sent_rows
    }
    lines = [special.get(row.contract.pk) or opened(row) for row in grid.rows]
    return _page(request, grid, lines, said=said)


# Saving


@dataclass
class _Sent:
    """The rows that were sent, by contract."""

    rows: dict[int, GridRow]
    posted: dict[int, dict[str, str]]
    forms: dict[int, GridRowForm]
    submits: bool

    def is_submitted(self, pk: int) -> bool:
        return self.submits and bool(self.posted[pk]["checked"])

    @property
    def to_save(self) -> list[int]:
        """What is checked is submitted; what was changed is kept."""
        return [pk for pk, posted in self.posted.items() if self.is_submitted(pk) or has_moved(posted)]


def _save(request: HttpRequest, month: datetime.date) -> HttpResponse:
    numbers = numbers_in(request.POST.getlist("contract"))
    grid = _read(request, month, also=set(numbers))
    what = _sent(request, grid, numbers)
    left_out = len(set(request.POST.getlist("contract"))) - len(what.rows)
    faulty = _faulty(what)
    entries = [
        Entry(pk, what.forms[pk].figures(), what.forms[pk].cleaned_data["version"], submits=what.is_submitted(pk))
        for pk in what.to_save
        if pk not in faulty
    ]
    outcome = save_many(entries=entries, month=month, by=cast(User, request.user))
    _tell(request, month, what, outcome)
    if what.submits and outcome.returned and not (faulty or outcome.faults or outcome.conflicts or left_out):
        return redirect("worklist", month)
    return _back(request, month, what, outcome, faulty=faulty, left_out=left_out)


def _sent(request: HttpRequest, grid: ReturnGrid, numbers: Sequence[int]) -> _Sent:
    rows = {row.contract.pk: row for row in grid.rows if row.contract.pk in numbers}
    return _Sent(
        rows=rows,
        posted={pk: posted_of(request.POST, pk) for pk in rows},
        forms={pk: sent(row, request.POST) for pk, row in rows.items()},
        submits=request.POST.get("do") == "submit",
    )


def _faulty(what: _Sent) -> list[int]:
    """Rows that cannot even be read; what they lack besides is asked for with it."""
    found = [pk for pk in what.to_save if not what.forms[pk].is_valid()]
    for pk in found:
        if what.is_submitted(pk):
            ask_for_the_rest(what.rows[pk], what.forms[pk])
    return found


def _back(
    request: HttpRequest, month: datetime.date, what: _Sent, outcome: Outcome, *, faulty: list[int], left_out: int
) -> HttpResponse:
    """The page again: what came back as it was typed, the rest as it is stored now."""
    came_back = [*faulty, *outcome.faults, *outcome.conflicts]
    grid = _read(request, month, also=came_back)
    special = {row.contract.pk: _line(request, row, what, outcome) for row in grid.rows if row.contract.pk in came_back}
    ticks = {
        row.contract.pk: keeps_its_tick(row, what.posted[row.contract.pk], saved=row.contract.pk in outcome.drafted)
        for row in grid.rows
        if row.contract.pk in what.posted
    }
    return _page(request, grid, lines_of(grid, special, ticks=ticks), said=_left_out_words(left_out))


def _left_out_words(count: int) -> list[str]:
    """The same whether there is such a contract or not."""
    if count == 1:
        return ["1 row is not of a contract that you return, and was left out."]
    return [f"{count} rows are not of contracts that you return, and were left out."] if count else []


def _line(request: HttpRequest, row: GridRow, what: _Sent, outcome: Outcome) -> GridLine:
    pk = row.contract.pk
    if pk not in outcome.conflicts:
        return judged(row, what.forms[pk], outcome.faults.get(pk))
    data = request.POST.copy()
    data[f"{prefix_of(pk)}-version"] = str(row.version)
    line = GridLine(row, sent(row, data))
    line.conflict = conflict_with(row.row, line.form, reader=cast(User, request.user))
    line.faults = [(f"{line.conflict.headline}.", f"#{line.prefix}-conflict")]
    return line


def _tell(request: HttpRequest, month: datetime.date, what: _Sent, outcome: Outcome) -> None:
    """What was saved, and what of it counts."""
    if outcome.returned:
        count = len(outcome.returned)
        noun = "return" if count == 1 else "returns"
        messages.success(request, f"{count} {monthname(month)} {noun} submitted: {_titles(what, outcome.returned)}.")
    elif what.submits and not any(posted["checked"] for posted in what.posted.values()):
        messages.warning(request, "Nothing was returned: no contract is ticked «Checked».")
    if outcome.drafted:
        saved = "Saved as a draft" if len(outcome.drafted) == 1 else "Saved as drafts"
        messages.success(request, f"{saved}: {_titles(what, outcome.drafted)}. A draft counts once it is submitted.")
    elif not what.submits and not what.to_save:
        messages.info(request, "Nothing had changed, so nothing was saved.")


def _titles(what: _Sent, pks: Sequence[int]) -> str:
    return some_titles([what.rows[pk].contract.title for pk in pks])


# Showing


def _read(request: HttpRequest, month: datetime.date, *, also: Collection[int]) -> ReturnGrid:
    return read_grid(
        request.user,
        month=month,
        unit=current_unit(request),
        show=request.GET.get("show", TO_RETURN),
        also=also,
    )


def _page(request: HttpRequest, grid: ReturnGrid, lines: list[GridLine], *, said: Sequence[str] = ()) -> HttpResponse:
    context: dict[str, Any] = {
        "grid": grid,
        "lines": lines,
        "month": grid.month,
        "last_month": previous_month(grid.month),
        "faults": [(line.row.contract.title, message, link) for line in lines for message, link in line.faults],
        "came_back": sum(bool(line.faults) for line in lines),
        "said": said,
        "is_brought": any(line.is_from_file for line in lines),
        "has_fields": any(not line.is_to_read for line in lines),
        "most_characters": NARRATIVE_LENGTH,
    }
    return render(request, "contracts/return_grid.html", context)
