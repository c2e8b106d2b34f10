"""Rows of a spreadsheet brought into the grid, where they are checked and submitted like typed ones."""

import datetime
import io

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import Permission
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from contracts.forms.grid_paste import GridPasteForm, at_most
from contracts.queries.grid import every_own_row, return_grid
from contracts.register_files.writing import CONTENT_TYPES
from contracts.return_files.matching import matched
from contracts.return_files.template import write_template
from contracts.services.returns import NARRATIVE_LENGTH
from contracts.templatetags.marks import monthname
from contracts.views.grid import show_grid
from contracts.views.worklist import newest_month


@gate(Permission.RETURN_CONTRACTS)
def return_grid_paste(request: HttpRequest, month: datetime.date) -> HttpResponse:
    """Nothing is saved here. Where no row could be taken, the page comes back with what was pasted and why."""
    _refuse_a_month_to_come(month)
    form = GridPasteForm(request.POST, request.FILES) if request.method == "POST" else GridPasteForm()
    if form.is_valid():
        brought = matched(form.stated, every_own_row(request.user, month=month), month=month)
        if brought.values:
            said = [_filled(len(brought.values)), *at_most(brought.said)]
            return show_grid(request, month, brought=brought.values, said=said)
        form.take(brought.said or ["No row states a risk, a JET grade or a sentence."])
    return render(request, "contracts/return_grid_paste.html", {"form": form, "month": month})


def _filled(count: int) -> str:
    contracts = "1 contract was" if count == 1 else f"{count} contracts were"
    return f"{contracts} filled from your rows. Nothing is saved yet: check each, tick it and submit."


@gate(Permission.RETURN_CONTRACTS)
@require_GET
def return_grid_template(request: HttpRequest, month: datetime.date, fmt: str) -> HttpResponse:
    _refuse_a_month_to_come(month)
    if fmt not in CONTENT_TYPES:
        raise Http404("No such format.")
    grid = return_grid(request.user, month=month, unit=current_unit(request))
    rows = [row for row in grid.rows if not row.is_to_read]
    stream = io.BytesIO()
    write_template(fmt, stream, rows=rows, month=month, most=NARRATIVE_LENGTH)
    stream.seek(0)
    return FileResponse(  # type: ignore[return-value]
        stream, as_attachment=True, filename=f"returns-{month:%Y-%m}.{fmt}", content_type=CONTENT_TYPES[fmt]
    )


def _refuse_a_month_to_come(month: datetime.date) -> None:
    if month > newest_month():
        raise Http404(f"{monthname(month)} is not over.")
