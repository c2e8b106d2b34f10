"""Contracts ticked «Unchanged» on the worklist: shown once more as they will be stated, then returned together."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import User
from accounts.permissions import Permission
from commissioning.gate import gate
from contracts.queries.worklist import own_rows
from contracts.queries.worklist_row import WorklistRow
from contracts.rules.returns import previous_month
from contracts.services.unchanged import Seen, return_unchanged
from contracts.templatetags.marks import monthname
from contracts.views.grid_lines import numbers_in, some_titles
from contracts.views.worklist import newest_month

_SEEN: Final = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


@dataclass(frozen=True)
class _Line:
    row: WorklistRow
    why: str = ""

    @property
    def seen(self) -> str:
        """The versions that the page shows, sent back with the press that confirms them."""
        return f"{self.row.row.version if self.row.row else 0}-{self.row.last.version if self.row.last else 0}"

    @property
    def sentence(self) -> str:
        return self.row.row.narrative if self.row.row else ""


@gate(Permission.RETURN_CONTRACTS)
def returns_unchanged(request: HttpRequest, month: datetime.date) -> HttpResponse:
    """The first post shows, the second saves what it was shown."""
    if month > newest_month():
        raise Http404(f"{monthname(month)} is not over.")
    if request.method != "POST":
        return redirect("worklist", month)
    rows = own_rows(request.user, month=month, contracts=numbers_in(request.POST.getlist("unchanged")))
    if not rows:
        messages.warning(request, "Nothing was returned: no contract is ticked «Unchanged».")
        return redirect("worklist", month)
    return _confirm(request, month, rows) if request.POST.get("do") == "confirm" else _check(request, month, rows, {})


def _confirm(request: HttpRequest, month: datetime.date, rows: Sequence[WorklistRow]) -> HttpResponse:
    seen = [_seen(request, row.contract.pk) for row in rows]
    outcome = return_unchanged(seen=seen, month=month, by=cast(User, request.user))
    if outcome.returned:
        titles = some_titles([row.contract.title for row in rows if row.contract.pk in outcome.returned])
        count = len(outcome.returned)
        noun = "return" if count == 1 else "returns"
        messages.success(request, f"{count} {monthname(month)} {noun} submitted as unchanged: {titles}.")
    if not outcome.refused:
        return redirect("worklist", month)
    return _check(request, month, own_rows(request.user, month=month, contracts=outcome.refused), outcome.refused)


def _seen(request: HttpRequest, pk: int) -> Seen:
    """What no page sent is of no version, and comes back to be looked at."""
    found = _SEEN.fullmatch(request.POST.get(f"c{pk}-seen", ""))
    return Seen(pk, int(found[1]), int(found[2])) if found else Seen(pk, -1, -1)


def _check(
    request: HttpRequest, month: datetime.date, rows: Sequence[WorklistRow], refused: Mapping[int, str]
) -> HttpResponse:
    lines = [_Line(row, refused.get(row.contract.pk) or row.why_not_unchanged) for row in rows]
    context = {
        "month": month,
        "last_month": previous_month(month),
        "going": [line for line in lines if not line.row.why_not_unchanged],
        "staying": [line for line in lines if line.row.why_not_unchanged],
        "refused": len(refused),
    }
    return render(request, "contracts/unchanged.html", context)
