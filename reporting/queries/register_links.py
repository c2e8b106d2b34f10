"""Addresses of the register: the contracts that a number of another page counts, as at that page's month."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.permissions import Permission
from commissioning.access import Scope
from reporting.queries.month import ReturnMonth
from reporting.queries.register_filter import RUNNING, STATUSES
from reporting.queries.sight import sees_plans


def register_url(month: ReturnMonth, **filters: Any) -> str:
    """Of the contracts that count in the month, unless statuses are asked for; the latest month goes without saying."""
    if not month.is_latest:
        filters["month"] = month.code
    query = urlencode(filters, doseq=True)
    return f"{reverse('register')}{'?' if query else ''}{query}"


def running_url(month: ReturnMonth, **until: datetime.date) -> str:
    """What ends or must be decided, of all that run on the page's day and not only of what its month counts."""
    days = {name: day.isoformat() for name, day in until.items()}
    return register_url(month, status=list(RUNNING), sort="ends", **days)


def all_url(month: ReturnMonth) -> str:
    """Every contract in sight, whatever its status."""
    return register_url(month, status=[status for status, _ in STATUSES])


def places_of_contracts(here: str, scope: Scope) -> list[tuple[str, str, bool]]:
    """(words, address, whether it is this page) of the lists about contracts, for the links that stand above each.

    None for a provider's contact, whose own contracts are all there is to look through; duties are for who may change
    a contract.
    """
    if not sees_plans(scope):
        return []
    duties = [("Duties", "duties")] if scope.holds(Permission.EDIT_CONTRACTS) else []
    lists = [("All contracts", "register"), ("Service reviews", "service_reviews"), ("Providers", "providers")]
    places = [*lists, *duties]
    return [(words, reverse(name), name == here) for words, name in places]
