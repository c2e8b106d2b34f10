"""The facts about one contract, as the list on its page says them; what is not known is said or left out."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from contracts.choices import ContractStatus, Management
from contracts.rules.early_end import why_early
from contracts.templatetags.marks import money
from reporting.queries.contract_attention import AttentionSection
from reporting.queries.contract_viewed import Named
from reporting.queries.words import length_of


def facts_of(
    contract: Any,
    *,
    providers: Iterable[Named],
    deputies: Iterable[Named],
    months: int | None,
    day: datetime.date,
    attention: AttentionSection,
) -> list[tuple[str, str, str]]:
    """(name, value, address where it leads) of each known fact; ``months`` is the longest the contract may last."""
    facts = [
        ("Reference", contract.reference, ""),
        *(("Provider", provider.name, reverse("provider", args=[provider.pk])) for provider in providers),
        ("Service area", contract.area_name or "Not known", ""),
        ("Value", _value_words(contract, months), ""),
        ("Commissioned by", f"{contract.unit.name}, {contract.host_name}", ""),
        ("Buyer", contract.buyer_name or "", ""),
        ("Contract officer", contract.officer_name or "Not known", ""),
        ("Deputies", ", ".join(deputy.name for deputy in deputies), ""),
        ("Service manager", contract.service_manager_name or "", ""),
        ("Managed", ", ".join(filter(None, [Management(contract.management).label, attention.managed])), ""),
        *attention.facts,
        ("Procurement", _procurement_words(contract), ""),
        ("Open contracting", contract.ocid, ""),
        ("Status", _status_words(contract, day), ""),
    ]
    return [fact for fact in facts if fact[1]]


def _status_words(contract: Any, day: datetime.date) -> str:
    """An early end is no notice."""
    status = contract.status_on(day)
    why = why_early(contract.notice_kind)
    if not why or status not in (ContractStatus.NOTICE_GIVEN, ContractStatus.ENDED):
        return status.label
    return f"{'Ended' if status == ContractStatus.ENDED else 'Ends'} early, {why}"


def _value_words(contract: Any, months: int | None) -> str:
    annual = f"{money(contract.annual_value)} a year" if contract.annual_value is not None else "Yearly not known"
    if contract.whole_life_value is None:
        return annual
    return f"{annual}, {money(contract.whole_life_value)} over {length_of(months) if months else 'its life'}"


def _procurement_words(contract: Any) -> str:
    regime, route = contract.get_procurement_regime_display(), contract.get_procurement_route_display()
    return ", ".join(words for words in (regime, route) if words != "Not known") or "Not known"
