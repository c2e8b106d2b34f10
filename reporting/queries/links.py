"""Addresses of contracts in lists: of several units they name the unit, as two may use one reference."""

import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, F, Value
from django.db.models.expressions import Combinable
from django.urls import reverse

from commissioning.models import CommissioningUnit


def named_unit(unit: CommissioningUnit | None) -> Combinable:
    """An annotation of contracts: the code of the unit to name, nothing where the page is about one unit."""
    return F("unit__code") if unit is None else Value("", output_field=CharField())


def unit_name(unit: CommissioningUnit | None) -> Combinable:
    """An annotation of contracts: the unit in words, nothing where the page is about one unit."""
    return F("unit__name") if unit is None else Value("", output_field=CharField())


def contract_url(slug: str, unit_code: str) -> str:
    before, after = _around_slug()
    return in_unit_of(f"{before}{slug}{after}", unit_code)


@cache
def _around_slug() -> tuple[str, str]:
    """Looked up once: lists show many contracts, and a slug holds nothing that an address would write otherwise."""
    before, _, after = reverse("contract", args=["slug"]).partition("slug")
    return before, after


def in_unit_of(url: str, unit_code: Any) -> str:
    return f"{url}?{urlencode({'unit': unit_code})}" if unit_code else url


def report_url(month: datetime.date, unit: CommissioningUnit | None) -> str:
    """The monthly report of the unit that the person works in, else where they choose one."""
    if unit is None:
        return reverse("monthly_reports", args=[month])
    return reverse("monthly_report", args=[month, unit.code])
