"""The page of a month's balanced scorecard."""

import datetime
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.permissions import Permission
from commissioning.access import Scope
from commissioning.gate import gate
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import signed_in
from contracts.choices import Standing
from contracts.forms.grading import ScorecardForm, scorecard_initial
from contracts.models import Contract
from contracts.queries.grade_views import grade_given, nothing_to_grade
from contracts.queries.kpi_evidence import evidence_of
from contracts.queries.managed import ManagedContract
from contracts.queries.scorecard import Scorecard, proposals, scorecard_of
from contracts.services.scorecard import save_scorecard
from contracts.views.loading import load_managed
from contracts.views.return_conflict import ComparedLine, moment_words


@dataclass(frozen=True)
class ManagedMonth:
    managed: ManagedContract
    month: datetime.date

    @property
    def contract(self) -> Contract:
        return self.managed.contract

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.managed.is_open_to(scope, permission)


def load_month(request: HttpRequest, slug: str, month: datetime.date) -> ManagedMonth:
    return ManagedMonth(load_managed(request, slug), month)


@gate(Permission.RETURN_CONTRACTS, load=load_month)
def scorecard(request: HttpRequest, of: ManagedMonth) -> HttpResponse:
    contract = of.contract
    if fault := nothing_to_grade(contract, of.month):
        return render(request, "contracts/scorecard.html", {"of": of, "contract": contract, "fault": fault})
    return _save(request, of) if request.method == "POST" else _page(request, of)


def _save(request: HttpRequest, of: ManagedMonth) -> HttpResponse:
    form = ScorecardForm(request.POST, proposed={})
    if not form.is_valid():
        return _page(request, of, typed=True)
    try:
        save_scorecard(
            contract=of.contract,
            month=of.month,
            judged=form.judged(),
            version=form.cleaned_data["version"],
            by=signed_in(request),
        )
    except Conflict:
        return _page(request, of, typed=True, is_met=True, status=409)
    except ValidationError as refused:
        return _page(request, of, typed=True, refused=refused)
    messages.success(request, f"Balanced scorecard for {of.month:%B %Y} saved.")
    return redirect(request.get_full_path())


def _page(
    request: HttpRequest,
    of: ManagedMonth,
    *,
    typed: bool = False,
    is_met: bool = False,
    refused: ValidationError | None = None,
    status: int = 200,
) -> HttpResponse:
    card = scorecard_of(of.contract, of.month)
    row = grade_given(of.contract, of.month)
    proposed = proposals(evidence_of([of.contract.pk], of.month)[of.contract.pk], row.risk if row else "")
    if typed:
        data = request.POST.copy()
        if is_met:
            data["version"] = str(card.version)
        form = ScorecardForm(data, proposed=proposed)
        form.is_valid()
        if refused:
            form.take(refused)
    else:
        form = ScorecardForm(initial=scorecard_initial(card), proposed=proposed)
    context = {
        "of": of,
        "contract": of.contract,
        "form": form,
        "scorecard": card,
        "met": _met(card) if is_met else "",
        "compared": _compared(card, form) if is_met else [],
    }
    return render(request, "contracts/scorecard.html", context, status=status)


def _met(card: Scorecard) -> str:
    newest = max(card.lines.values(), key=lambda line: line.saved_at)
    who = newest.saved_by.short_name if newest.saved_by else "The system"
    return f"{who} saved this scorecard {moment_words(newest.saved_at)} after you opened it"


def _compared(card: Scorecard, form: ScorecardForm) -> list[ComparedLine]:
    judged = form.judged()
    lines = [
        ComparedLine(
            perspective.label,
            _words(line.standing, line.words) if line else "",
            _words(judged[perspective].standing, judged[perspective].words),
        )
        for perspective, line in card.rows
    ]
    return [line for line in lines if line.theirs or line.yours]


def _words(standing: str, words: str) -> str:
    label = str(Standing(standing).label) if standing in Standing.values else ""
    return ": ".join(filter(None, [label, words.strip()]))
