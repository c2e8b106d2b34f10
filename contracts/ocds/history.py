"""What earlier imports read, kept in the history of the contracts: which release last changed each, and what it said.

So a release is never read over a later one, and what a person has since corrected stays until a release says
something new.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.apps import apps

from commissioning.models import CommissioningUnit
from contracts.models import Contract
from contracts.ocds.reading import Draft, Release
from contracts.ocds.values import moment

#: The key under which an import notes itself beside the act.
NOTED: Final = "open_contracting"


@dataclass
class Kept:
    """A contract on the register with what its last import noted; nothing where it came another way."""

    contract: Contract
    award: str | None = None
    read_until: datetime | None = None
    said: dict[str, str] = field(default_factory=dict)
    provider_ids: list[int] = field(default_factory=list)


def kept_contracts(unit: CommissioningUnit) -> dict[str, list[Kept]]:
    """The unit's contracts with an ocid, by ocid, oldest first. They are locked until the transaction ends."""
    contracts = Contract.objects.select_for_update(of=("self",), no_key=True).filter(unit=unit).exclude(ocid="")
    noted = _noted(unit)
    kept: dict[str, list[Kept]] = {}
    for contract in contracts.prefetch_related("provider_rows").order_by("pk"):
        kept.setdefault(contract.ocid, []).append(_kept(contract, noted.get(contract.pk, {})))
    return kept


def _noted(unit: CommissioningUnit) -> dict[int, dict[str, Any]]:
    events: Any = apps.get_model("contracts", "ContractEvent")
    last = (
        events.objects.filter(pgh_obj__unit=unit, pgh_context__metadata__has_key=NOTED)
        .exclude(pgh_obj__ocid="")
        .order_by("pgh_obj_id", "-pgh_id")
        .distinct("pgh_obj_id")
    )
    return dict(last.values_list("pgh_obj_id", f"pgh_context__metadata__{NOTED}"))


def _kept(contract: Contract, noted: dict[str, Any]) -> Kept:
    return Kept(
        contract=contract,
        award=noted.get("award"),
        read_until=moment(noted["date"]) if noted.get("date") else None,
        said=noted.get("said", {}),
        provider_ids=[row.organisation_id for row in contract.provider_rows.all()],
    )


def note_of(release: Release, draft: Draft) -> dict[str, Any]:
    """What to note beside the act."""
    return {
        "ocid": release.ocid,
        "release": release.id,
        "date": release.moment.isoformat(),
        "award": draft.award,
        "said": said(draft),
    }


def said(draft: Draft) -> dict[str, str]:
    """What a release says, field by field, as digests to compare by."""
    facts = {
        "title": draft.title,
        "description": draft.description,
        "buyer": draft.buyer and draft.buyer.normalised_name,
        "providers": [supplier.normalised_name for supplier in draft.suppliers],
        "whole_life_value": draft.value,
        "start": draft.start,
        "initial_end": draft.end,
        "procurement_regime": draft.regime,
        "procurement_route": draft.route,
    }
    return {name: hashlib.sha256(repr(_plain(fact)).encode()).hexdigest()[:16] for name, fact in facts.items()}


def _plain(fact: Any) -> Any:
    """Equal facts have equal text: £3,000 and £3,000.00, a choice and its code."""
    return [str(entry) for entry in fact] if isinstance(fact, list) else str(fact)
