"""The audit log."""

from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.forms_renderer import LongDateField
from accounts.permissions import Permission
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from reporting.queries.audit import AuditFilter, AuditLog


class AuditForm(forms.Form):
    """What the log may be narrowed by; a date that is none narrows nothing and is said to be wrong."""

    contract = forms.CharField(max_length=60, required=False)
    person = forms.IntegerField(required=False, min_value=1)
    since = LongDateField(required=False)
    until = LongDateField(required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)


@gate(Permission.VIEW_AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    form = AuditForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    wanted = AuditFilter(
        person=asked.get("person"),
        contract=asked.get("contract", ""),
        since=asked.get("since"),
        until=asked.get("until"),
    )
    log = AuditLog(user=request.user, unit=current_unit(request), wanted=wanted, page=asked.get("page") or 1)
    query = urlencode({name: value for name, value in request.GET.items() if value and name != "page"})
    return render(request, "reporting/audit.html", {"log": log, "form": form, "query": query})
