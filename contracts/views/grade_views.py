"""The page on which a month's grade is spoken of: by the service manager, by the provider, or written down for them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.gate import gate
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import signed_in
from contracts.choices import Side
from contracts.forms.grading import GradeViewForm, view_initial
from contracts.models import GradeView
from contracts.queries.grade_views import (
    GradeMonth,
    SideLine,
    disagreement,
    grade_given,
    grade_month,
    jet_given,
    nothing_to_grade,
    side_lines,
    views_of_contract,
)
from contracts.rules.jet import scale_on
from contracts.rules.returns import month_end
from contracts.services.grade_views import record_view
from contracts.templatetags.marks import longdate
from contracts.views.loading import load_contract
from contracts.views.return_conflict import ComparedLine, moment_words


@dataclass
class SidePart:
    """One side on the page: what is on record and the form for it."""

    line: SideLine
    form: GradeViewForm
    is_own: bool
    met: str = ""
    compared: Sequence[ComparedLine] = ()
    is_unsaved: bool = False
    """Typed by this person beside the side that was saved or refused."""

    @property
    def save_words(self) -> str:
        return "Save your view" if self.is_own else f"Save what the {self.line.side.label.lower()} said"


def load_grade(request: HttpRequest, slug: str, month: datetime.date) -> GradeMonth:
    return grade_month(request.user, load_contract(request, slug), month)


@gate(Permission.VIEW_CONTRACTS, load=load_grade)
def grade_views(request: HttpRequest, of: GradeMonth) -> HttpResponse:
    contract = of.contract
    if fault := nothing_to_grade(contract, of.month):
        return render(request, "contracts/grade_views.html", {"of": of, "contract": contract, "fault": fault})
    if request.method == "POST":
        return _save(request, of)
    return _page(request, of)


def _save(request: HttpRequest, of: GradeMonth) -> HttpResponse:
    side = request.POST.get("save", "")
    if side not in of.sides(scope_of(request.user)):
        raise PermissionDenied("This side of the grade is not yours to speak for.")
    form = _form(of, Side(side), request.POST)
    if not form.is_valid():
        return _page(request, of, form)
    try:
        record_view(
            contract=of.contract,
            month=of.month,
            side=Side(side),
            heard=form.heard(),
            version=form.cleaned_data["version"],
            by=signed_in(request),
        )
    except Conflict as conflict:
        return _show_conflict(request, of, Side(side), conflict.current)
    except ValidationError as refused:
        form.take(refused)
        return _page(request, of, form)
    messages.success(request, f"View of the {of.month:%B %Y} grade recorded: {Side(side).label.lower()}.")
    others = [other for other in of.sides(scope_of(request.user)) if other != side]
    views = {view.side: view for view in views_of_contract(of.contract, of.month)}
    if any(_typed(request, of, other, views.get(other)) for other in others):
        return _page(request, of, saved=Side(side))
    return redirect(request.get_full_path())


def _typed(request: HttpRequest, of: GradeMonth, side: Side, stored: GradeView | None) -> GradeViewForm | None:
    """What stands in a side's fields, unsaved and not yet judged; None where it is as it was opened."""
    version = request.POST.get(f"{side}-version")
    if version is None:
        return None
    opened = view_initial(None if version == "0" else stored)
    form = _form(of, side, request.POST, initial=opened)
    if not set(form.changed_data) - {"version"}:
        return None
    return _form(of, side, initial={name: request.POST.get(f"{side}-{name}", "") for name in form.fields})


def _form(of: GradeMonth, side: Side, *args: Any, **options: Any) -> GradeViewForm:
    scale = scale_on(month_end(of.month))
    return GradeViewForm(*args, side=side, is_own=of.own == side, scale=scale, **options)


def _show_conflict(request: HttpRequest, of: GradeMonth, side: Side, newer: GradeView | None) -> HttpResponse:
    """Both views; the next press carries the version that has now been seen."""
    typed = request.POST.copy()
    typed[f"{side}-version"] = str(newer.version if newer else 0)
    form = _form(of, side, typed)
    form.is_valid()
    met = "The view you opened is no longer there"
    if newer is not None:
        who = newer.recorded_by.short_name if newer.recorded_by else "The system"
        met = f"{who} saved this view {moment_words(newer.recorded_at)} after you opened it"
    compared = _compared(newer, form) if newer else []
    return _page(request, of, form, met=met, compared=compared, status=409)


def _page(
    request: HttpRequest,
    of: GradeMonth,
    bound: GradeViewForm | None = None,
    *,
    met: str = "",
    compared: Sequence[ComparedLine] = (),
    saved: Side | None = None,
    status: int = 200,
) -> HttpResponse:
    scope = scope_of(request.user)
    row = grade_given(of.contract, of.month)
    views = views_of_contract(of.contract, of.month)
    shown = [view for view in views if view.side in of.sides(scope)]
    lines = [line for line in side_lines(shown, jet=jet_given(row), month=of.month) if line.side in of.sides(scope)]
    parts = []
    for line in lines:
        if bound is not None and bound.prefix == line.side:
            parts.append(SidePart(line, bound, of.own == line.side, met, compared))
        else:
            typed = None if line.side == saved else _typed(request, of, line.side, line.view)
            parts.append(_part(of, line, typed))
    context = {
        "of": of,
        "contract": of.contract,
        "parts": parts,
        "is_brought": bound is not None or any(part.is_unsaved for part in parts),
        "form": bound,
        "jet": jet_given(row),
        "row": row,
        "disagreement": disagreement(shown, jet_given(row)),
        "may_record": of.may_record(scope),
    }
    return render(request, "contracts/grade_views.html", context, status=status)


def _part(of: GradeMonth, line: SideLine, typed: GradeViewForm | None) -> SidePart:
    """With what was typed for this side, else with what is on record."""
    form = typed or _form(of, line.side, initial=view_initial(line.view))
    return SidePart(line, form, is_own=of.own == line.side, is_unsaved=typed is not None)


def _compared(newer: GradeView, form: GradeViewForm) -> list[ComparedLine]:
    said = form.heard()
    lines = [
        ComparedLine("Score", str(newer.score), str(said.score or "")),
        ComparedLine("Comment", newer.comment, said.comment),
    ]
    if "stated_by" in form.fields:
        lines.append(ComparedLine("Who said so", newer.stated_by, said.stated_by))
        lines.append(ComparedLine("When", longdate(newer.stated_on), longdate(said.stated_on)))
    return lines
