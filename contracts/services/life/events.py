"""What every event of a contract's life has in common: the row locked, the figures before and after, the duties."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.models import User
from commissioning.rules import long_date
from contracts.choices import DutyCause, LifeEventKind, ProcurementRegime
from contracts.models import ChangeGround, Contract, Duty, LifeEvent
from contracts.rules.change_law import REGIME_FIRST, ground_error
from contracts.services.life.duties import arise, move_with_the_end

#: Kinds whose event keeps both ends of the term, whether or not they differ.
OF_THE_TERM = frozenset(
    {
        LifeEventKind.OPTION_EXERCISED,
        LifeEventKind.EXTENDED,
        LifeEventKind.TERM_VARIED,
        LifeEventKind.NOTICE_GIVEN,
        LifeEventKind.NOTICE_WITHDRAWN,
        LifeEventKind.ENDED,
        LifeEventKind.DECOMMISSIONED,
    }
)


@dataclass(frozen=True)
class Figures:
    """A contract before an event."""

    end: datetime.date | None
    longest: datetime.date | None
    annual: Decimal | None
    whole_life: Decimal | None


@dataclass(frozen=True)
class Recorded:
    """What an act came to: the contract as it now is, its event, the duties that arose, and what to be told."""

    contract: Contract
    event: LifeEvent
    duties: list[Duty]
    warnings: list[str] = field(default_factory=list)


def locked(contract: Contract) -> Contract:
    """The contract for this act alone: whoever comes second sees what the first did."""
    return Contract.objects.select_for_update(of=("self",)).select_related("unit").get(pk=contract.pk)


def figures_of(contract: Contract) -> Figures:
    return Figures(contract.effective_end, contract.maximum_end, contract.annual_value, contract.whole_life_value)


def record(
    contract: Contract,
    before: Figures,
    *,
    kind: LifeEventKind,
    on: datetime.date,
    by: User,
    cause: DutyCause | None = None,
    months: int | None = None,
    warnings: Sequence[str] = (),
    **details: Any,
) -> Recorded:
    """Write the event of what was just done to a locked contract, count the save, and list the duties.

    ``months`` are those by which the contract was extended, from which the law's change of value is reckoned.
    """
    contract.version += 1
    contract.save(update_fields=["version"])
    contract.refresh_from_db()
    event = LifeEvent(
        contract=contract, kind=kind, on=on, recorded_at=clock.now(), recorded_by=by, **_moved(contract, before, kind)
    )
    for name, value in details.items():
        setattr(event, name, value)
    event.save(force_insert=True)
    if contract.effective_end != before.end:
        move_with_the_end(contract)
    duties = arise(event, cause=cause, longest=before.longest, months=months) if cause else []
    return Recorded(contract, event, duties, list(warnings))


def _moved(contract: Contract, before: Figures, kind: LifeEventKind) -> dict[str, Any]:
    """Both figures of what moved."""
    moved: dict[str, Any] = {}
    if kind in OF_THE_TERM:
        moved |= {"end_before": before.end, "end_after": contract.effective_end}
    if kind == LifeEventKind.VALUE_VARIED:
        moved |= {"annual_before": before.annual, "annual_after": contract.annual_value}
        moved |= {"whole_life_before": before.whole_life, "whole_life_after": contract.whole_life_value}
    return moved


def _no_ground(contract: Contract) -> str:
    unknown = contract.procurement_regime == ProcurementRegime.UNKNOWN
    return REGIME_FIRST if unknown else "Choose the ground in law for this extension."


# What several of them check


def with_a_reason(reason: str, *, name: str = "reason") -> str:
    if not reason.strip():
        raise ValidationError({name: "Give the reason."})
    return reason.strip()


def checked_ground(contract: Contract, ground: ChangeGround | None, *, is_needed: bool) -> dict[str, Any]:
    """The ground as the event keeps it: the row, and its words as they stood on the day."""
    if ground is None:
        if is_needed:
            raise ValidationError({"ground": _no_ground(contract)})
        return {}
    fault = ground_error(ground_regime=ground.regime, regime=contract.procurement_regime, is_in_use=ground.is_in_use)
    if fault:
        raise ValidationError({"ground": fault})
    return {"ground": ground, "ground_words": f"{ground.words} ({ground.law})"[:400]}


def withdraw_standing(contract: Contract, *, wanted: bool) -> bool:
    """Extending takes a standing notice back in the same act, where that was said; True where it did."""
    if contract.notice_given_on is None:
        return False
    if not wanted:
        given = long_date(contract.notice_given_on)
        raise ValidationError({"withdraws_notice": f"Notice given on {given} stands. Say that extending withdraws it."})
    contract.notice_given_on = contract.notice_ends_on = None
    contract.notice_given_by = contract.notice_kind = ""
    contract.save(update_fields=["notice_given_on", "notice_ends_on", "notice_given_by", "notice_kind"])
    contract.refresh_from_db()
    return True
