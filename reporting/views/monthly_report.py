"""The Assistant Director's monthly report, on screen and paper, and its table as a file."""

import datetime
from dataclasses import dataclass
from typing import IO

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import Scope, scope_of
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from commissioning.models import CommissioningUnit
from contracts.queries.month_review import UnitMonth
from contracts.register_files.tables import write_table
from contracts.register_files.writing import CONTENT_TYPES
from contracts.rules.returns import month_to_return
from contracts.templatetags.marks import monthname
from contracts.views.review_loading import load_month
from reporting.queries.monthly_report import HEADINGS, MonthlyReport
from reporting.views.export import file_answer
from reporting.views.service_reviews import UnitsAtWork


@dataclass(frozen=True)
class MonthOfUnits(UnitsAtWork):
    month: datetime.date = datetime.date.min


def load_units_of(request: HttpRequest, month: datetime.date) -> MonthOfUnits:
    return MonthOfUnits(current_unit(request), month=month)


@gate(Permission.VIEW_CONTRACTS, load=load_units_of)
def monthly_reports(request: HttpRequest, asked: MonthOfUnits) -> HttpResponse:
    """To the report of the unit that the person works in; of several, they choose."""
    if asked.month > month_to_return(clock.today()):
        raise Http404(f"{monthname(asked.month)} is not over.")
    units = list(CommissioningUnit.objects.visible_to(request.user).select_related("host"))
    one = asked.unit if asked.unit in units else units[0] if len(units) == 1 else None
    if one is not None:
        return redirect("monthly_report", asked.month, one.code)
    return render(request, "reporting/monthly_reports.html", {"month": asked.month, "units": units})


@gate(Permission.VIEW_CONTRACTS, load=load_month)
def monthly_report(request: HttpRequest, of: UnitMonth) -> HttpResponse:
    report = MonthlyReport(user=request.user, of=of)
    context = {
        "report": report,
        "page": report.page,
        "unit": of.unit,
        "month": of.month,
        "today": report.month.as_at,
        "exports": _exports(request, of) if report.total else [],
        "may_review": _may(request, Permission.REVIEW_RETURNS, of),
    }
    return render(request, "reporting/monthly_report.html", context)


def _may(request: HttpRequest, permission: Permission, of: UnitMonth) -> bool:
    return scope_of(request.user).can(permission, of)


def _exports(request: HttpRequest, of: UnitMonth) -> list[tuple[str, str]]:
    if not _may(request, Permission.EXPORT_CONTRACTS, of):
        return []
    kinds = (("Excel", "xlsx"), ("CSV", "csv"))
    return [(label, reverse("monthly_report_export", args=[of.month, of.unit.code, fmt])) for label, fmt in kinds]


@dataclass(frozen=True)
class ReportFile:
    of: UnitMonth
    fmt: str

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.of.is_open_to(scope, permission)


def load_file(request: HttpRequest, *, month: datetime.date, code: str, fmt: str) -> ReportFile:
    return ReportFile(load_month(request, month=month, code=code), fmt)


@gate(Permission.EXPORT_CONTRACTS, load=load_file)
def monthly_report_export(request: HttpRequest, file: ReportFile) -> HttpResponse:
    """The table of all contracts, of those that the person may export."""
    if file.fmt not in CONTENT_TYPES:
        raise Http404("A report is exported as .xlsx or .csv.")
    report = MonthlyReport(user=request.user, of=file.of, permission=Permission.EXPORT_CONTRACTS)
    name = f"monthly-report-{file.of.unit.code}-{report.month.code}.{file.fmt}"

    def write(stream: IO[bytes]) -> None:
        sheet = f"Report {report.month.code}"
        write_table(HEADINGS, report.file_rows(), file.fmt, stream, sheet=sheet, about=report.about())

    return file_answer(request, write, name=name, fmt=file.fmt, what="report")
