"""How alike a unit's officers grade, as a page and as a file."""

import datetime
from dataclasses import dataclass
from typing import IO

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import Scope
from commissioning.gate import gate
from commissioning.rules import long_date
from contracts.queries.month_review import UnitMonth
from contracts.register_files.tables import write_table
from contracts.register_files.writing import CONTENT_TYPES
from contracts.rules.returns import month_to_return, next_month, previous_month
from contracts.views.review_loading import load_month
from reporting.queries.calibration import MONTHS
from reporting.queries.calibration import calibration as read_calibration
from reporting.views.export import file_answer


@gate(Permission.REVIEW_RETURNS, load=load_month)
def calibration(request: HttpRequest, of: UnitMonth) -> HttpResponse:
    context = {
        "page": read_calibration(request.user, of, request.GET),
        "unit": of.unit,
        "month": of.month,
        "previous": previous_month(of.month),
        "next": next_month(of.month) if of.month < month_to_return(clock.today()) else None,
        "months": MONTHS,
        "query": request.GET.urlencode(),
    }
    return render(request, "reporting/calibration.html", context)


@dataclass(frozen=True)
class CalibrationFile:
    of: UnitMonth
    fmt: str

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.of.is_open_to(scope, permission)


def load_file(request: HttpRequest, *, code: str, month: datetime.date, fmt: str) -> CalibrationFile:
    if fmt not in CONTENT_TYPES:
        raise Http404("Grades are exported as .xlsx or .csv.")
    return CalibrationFile(load_month(request, month=month, code=code), fmt)


@gate(Permission.REVIEW_RETURNS, load=load_file)
def calibration_export(request: HttpRequest, file: CalibrationFile) -> HttpResponse:
    """What the page with the same address shows, of the contracts that the person may export."""
    of = file.of
    shown = read_calibration(request.user, of, request.GET, permission=Permission.EXPORT_CONTRACTS)
    page = f"{reverse('calibration', args=[of.unit.code, of.month])}?{request.GET.urlencode()}"
    about = [
        ("Grades of", of.unit.name),
        ("Months", shown.months_words),
        ("Service area", shown.area or "All"),
        ("Order", "The widest spread of scores first, then the best evidence"),
        ("Address", request.build_absolute_uri(page)),
        ("Exported", f"{long_date(clock.today())} by {request.user}"),
    ]
    name = f"calibration-{of.unit.code}-{of.month:%Y-%m}-{clock.today().isoformat()}.{file.fmt}"

    def write(stream: IO[bytes]) -> None:
        write_table(shown.headings, shown.rows(), file.fmt, stream, sheet="Grades", about=about)

    return file_answer(request, write, name=name, fmt=file.fmt, what="list of grades")
