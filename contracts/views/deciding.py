"""How every decision on a contract is taken: typed, shown for what it would come to, confirmed, recorded."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from commissioning.rules import long_date
from contracts.forms.life import DecisionForm
from contracts.models import Contract
from contracts.queries.life import Check, check_of
from contracts.rules.early_end import why_early
from contracts.services.life.events import Recorded
from contracts.views.contract import term_sentence


@dataclass(frozen=True)
class Page:
    """The words of one decision's page; ``done`` is the first sentence once it is recorded."""

    heading: str
    button: str
    done: str
    text: str = ""
    is_grave: bool = False


def decide(
    request: HttpRequest,
    contract: Contract,
    *,
    page: Page,
    form: DecisionForm,
    record: Callable[[], Recorded],
    asks: Callable[[Recorded], list[str] | None],
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """``asks`` gives the sentences for which a person confirms first, None where there is nothing to confirm."""
    shown = {"contract": contract, "page": page, "form": form, "facts": _facts(contract)} | (context or {})
    if form.is_bound and form.is_valid():
        try:
            outcome = _attempt(record, asks=asks, confirmed=request.POST.get("confirm", ""))
        except ValidationError as refused:
            form.take(refused)
        else:
            if isinstance(outcome, Recorded):
                return _done(request, outcome, page)
            shown["check"] = outcome
    return render(request, "contracts/decision.html", shown)


def _attempt(
    record: Callable[[], Recorded], *, asks: Callable[[Recorded], list[str] | None], confirmed: str
) -> Recorded | Check:
    """Do it, look at what it came to, and undo it again unless exactly that was confirmed."""
    with transaction.atomic():
        recorded = record()
        sentences = asks(recorded)
        if sentences is None:
            return recorded
        check = check_of(recorded.event, duties=recorded.duties, warnings=[*sentences, *recorded.warnings])
        if check.code == confirmed:
            return recorded
        transaction.set_rollback(True)
        return check


def _done(request: HttpRequest, recorded: Recorded, page: Page) -> HttpResponse:
    contract = recorded.contract
    for sentence in recorded.warnings:
        messages.warning(request, sentence)
    duties = len(recorded.duties)
    listed = f" {duties} {'duty follows' if duties == 1 else 'duties follow'} from it." if duties else ""
    messages.success(request, f"{page.done} {term_sentence(contract)}{listed}")
    return redirect(contract.url_in_unit)


def _facts(contract: Contract) -> list[tuple[str, str, str]]:
    """The term as it stands, above the form."""
    noticed = ""
    if contract.notice_given_on is not None:
        noticed = _noticed(contract, contract.notice_given_on)
    months = contract.notice_months
    period = "Notice period not known" if months is None else f"{months} month{'' if months == 1 else 's'} of notice"
    return [
        ("Ends", _day(contract.effective_end), noticed),
        ("Last day to give notice", _day(contract.notice_by), period),
        ("Latest possible end", _day(contract.maximum_end), ""),
    ]


def _noticed(contract: Contract, on: datetime.date) -> str:
    if why := why_early(contract.notice_kind):
        return f"Early, {why}: decided on {long_date(on)}."
    by = contract.get_notice_given_by_display()
    kind = f" {contract.get_notice_kind_display()}." if contract.notice_kind else ""
    return f"Notice given on {long_date(on)}, {by.lower()}.{kind}"


def _day(day: Any) -> str:
    return long_date(day) if day else "Not known"
