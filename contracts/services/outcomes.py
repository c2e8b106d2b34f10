"""What changes for children and families because of a contract: noted, or proposed by its provider and decided."""

from dataclasses import dataclass, fields

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.services.conflict import locked_at
from contracts.choices import OutcomeEffect, OutcomeState
from contracts.models import Contract, Outcome
from contracts.queries.standing_in import acting_for


@dataclass(frozen=True)
class OutcomeDetails:
    """What is to change, how that is seen, and what difference was made so far."""

    statement: str
    term: str
    is_intended: bool = True
    effect: str = OutcomeEffect.POSITIVE
    measured_by: str = ""
    difference_made: str = ""


def add_outcome(*, contract: Contract, details: OutcomeDetails, by: User) -> Outcome:
    """An outcome of the contract from the start, as its officer adds it."""
    with act("Outcome added", by=by, on_behalf_of=acting_for(contract, by)):
        outcome = _new(contract, details, by)
        outcome.state, outcome.decided_by, outcome.decided_at = OutcomeState.AGREED, by, clock.now()
        return _kept(outcome)


def propose_outcome(*, contract: Contract, details: OutcomeDetails, by: User) -> Outcome:
    """What the provider proposes: no outcome of the contract until its officer agrees."""
    with act("Outcome proposed by the provider", by=by):
        outcome = _new(contract, details, by)
        outcome.state = OutcomeState.PROPOSED
        return _kept(outcome)


def change_outcome(
    *, outcome: Outcome, details: OutcomeDetails, version: int, by: User, as_provider: bool = False
) -> Outcome:
    """A provider changes only what it proposed, until it is decided.

    Raises ValidationError beside the field, or Conflict with the newer outcome.
    """
    absent = None if as_provider else acting_for(outcome.contract, by)
    with act("Outcome changed", by=by, on_behalf_of=absent):
        stored = locked_at(outcome, version, "contract")
        if as_provider and stored.state != OutcomeState.PROPOSED:
            raise ValidationError("This outcome has been decided: ask the contract officer to change it.")
        _put(stored, details)
        return _kept(stored)


def decide_outcome(*, outcome: Outcome, agrees: bool, note: str, version: int, by: User) -> Outcome:
    """Agree what the provider proposed, or decline it and say why; the provider reads the note.

    Raises ValidationError beside the field, or Conflict with the newer outcome.
    """
    why = note.strip()
    if not agrees and not why:
        raise ValidationError({"note": "Say why the outcome is declined. The provider reads it."})
    what = "Outcome agreed" if agrees else "Outcome declined"
    with act(what, by=by, reason=why, on_behalf_of=acting_for(outcome.contract, by)):
        stored = locked_at(outcome, version, "contract")
        if stored.state != OutcomeState.PROPOSED:
            raise ValidationError("This outcome has been decided already.")
        stored.state = OutcomeState.AGREED if agrees else OutcomeState.DECLINED
        stored.decided_by, stored.decided_at, stored.decision_note = by, clock.now(), why
        return _kept(stored)


def _new(contract: Contract, details: OutcomeDetails, by: User) -> Outcome:
    outcome = Outcome(contract=contract, proposed_by=by, proposed_at=clock.now(), version=0)
    _put(outcome, details)
    return outcome


def _put(outcome: Outcome, details: OutcomeDetails) -> None:
    if not details.statement.strip():
        raise ValidationError({"statement": "Say what should change, and for whom."})
    for field in fields(details):
        value = getattr(details, field.name)
        setattr(outcome, field.name, value.strip() if isinstance(value, str) else value)


def _kept(outcome: Outcome) -> Outcome:
    outcome.version += 1
    outcome.full_clean(exclude=["proposed_by"])  # nobody's where the system brought it
    outcome.save()
    return outcome
