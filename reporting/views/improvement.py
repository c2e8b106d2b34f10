"""One improvement plan, and one private performance notice, as they are read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import Permission
from commissioning.gate import gate
from contracts.models import ImprovementPlan, PerformanceNotice
from contracts.views.plan_loading import Held, load_notice, load_plan
from reporting.queries.plan_page import NoticePage, PlanPage


@gate(Permission.VIEW_CONTRACTS, load=load_plan)
def plan(request: HttpRequest, held: Held[ImprovementPlan]) -> HttpResponse:
    page = PlanPage(request.user, held.managed, held.row)
    return render(request, "reporting/plan.html", {"page": page, "contract": held.contract})


@gate(Permission.VIEW_CONTRACTS, load=load_notice)
def performance_notice(request: HttpRequest, held: Held[PerformanceNotice]) -> HttpResponse:
    page = NoticePage(request.user, held.managed, held.row)
    return render(request, "reporting/performance_notice.html", {"page": page, "contract": held.contract})
