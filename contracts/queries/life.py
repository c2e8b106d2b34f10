"""What a decision on a contract would come to, before it is recorded, and which decisions there are."""

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from accounts import clock
from commissioning.models import OrganisationSuccession
from commissioning.rules import long_date
from contracts.models import Contract, Duty, ExtensionOption, ImprovementPlan, LifeEvent
from contracts.rules.money import pounds


@dataclass(frozen=True)
class Check:
    """What would be recorded: (what, now, then) of each figure that moves, what to be warned of, and the duties."""

    figures: list[tuple[str, str, str]]
    warnings: list[str]
    duties: list[tuple[str, str]]
    version: int

    @property
    def code(self) -> str:
        """Stands for all that was shown: a confirmation of anything else is asked for again."""
        return hashlib.blake2b(repr(self).encode(), digest_size=12).hexdigest()


def check_of(event: LifeEvent, *, duties: Sequence[Duty], warnings: Sequence[str]) -> Check:
    pairs = [
        ("Ends", _day(event.end_before), _day(event.end_after)),
        ("Annual value", _pounds(event.annual_before), _pounds(event.annual_after)),
        ("Whole-life value", _pounds(event.whole_life_before), _pounds(event.whole_life_after)),
    ]
    moved = [(name, before, after) for name, before, after in pairs if before != after]
    if event.from_provider and event.to_provider:
        moved.append(("Provider", event.from_provider.name, event.to_provider.name))
    return Check(
        figures=moved,
        warnings=list(warnings),
        duties=[(duty.title, f"by {long_date(duty.due_on)}" if duty.due_on else "no day named") for duty in duties],
        version=event.contract.version,
    )


def _day(day: datetime.date | None) -> str:
    return long_date(day) if day else "Not known"


def _pounds(amount: Decimal | None) -> str:
    return "Not known" if amount is None else pounds(amount)


# Which decisions there are


@dataclass(frozen=True)
class Choice:
    """A kind of decision; without an address it cannot be taken today, and ``about`` says why."""

    text: str
    about: str
    url: str = ""


def decisions_of(contract: Contract, options: Sequence[ExtensionOption]) -> list[Choice]:
    end = contract.effective_end
    ended = f"The contract ended on {long_date(end)}." if end is not None and end < clock.today() else ""
    choices = [
        _of_option(contract, options, ended),
        _outside(contract, options, ended),
        ("Vary the value", "contract_vary_value", "A new annual or whole-life value; both figures are kept.", ended),
        ("Vary the term", "contract_vary_term", "A new last day of the first term.", ended),
        _of_notice(contract, ended),
        ("End it early", "contract_end", "By agreement, for a breach or under the procurement law.", ended),
        ("Recommission", "contract_recommission", "The service is commissioned again, by a contract that follows.", ""),
        ("Decommission", "contract_decommission", "Nothing follows: the service ends with the contract.", ""),
        ("Novate to a successor", "contract_novate", "Another organisation takes a provider’s place.", ended),
    ]
    return [
        Choice(text, fault or about, "" if fault else contract.address_in_unit(name))
        for text, name, about, fault in choices
    ]


_Row = tuple[str, str, str, str]


def _of_option(contract: Contract, options: Sequence[ExtensionOption], ended: str) -> _Row:
    option = next((option for option in options if option.exercised_on is None), None)
    if option is None:
        return "Exercise an option", "contract_option", "", "No option is left."
    unknown = "" if contract.initial_end else "The end of the first term is not known."
    by = f" Tell the provider by {long_date(contract.notice_by)}." if contract.notice_by else ""
    months = "1 month" if option.months == 1 else f"{option.months} months"
    return f"Exercise option {option.position}", "contract_option", f"Up to {months}.{by}", ended or unknown


def _outside(contract: Contract, options: Sequence[ExtensionOption], ended: str) -> _Row:
    left = any(option.exercised_on is None for option in options)
    fault = "An option is left: exercise it first." if left else ""
    about = "With a reason, and a ground in law of the contract’s own regime."
    return "Extend outside the options", "contract_extend", about, ended or fault


def _of_notice(contract: Contract, ended: str) -> _Row:
    if contract.notice_given_on is not None:
        given = f"Given on {long_date(contract.notice_given_on)}."
        return "Withdraw the notice", "contract_notice", f"{given} The contract then runs on to the end it had.", ""
    return "Record notice", "contract_notice", "By either side: who gave it, when, and of what kind.", ended


# What the forms of some decisions say beside them


def conditions_of(option: ExtensionOption) -> list[str]:
    """The improvement plans that are the condition of an extension and still open, with how far they are."""
    late = Q(steps__due_on__lt=clock.today()) & ~Q(steps__state="done")
    plans = ImprovementPlan.objects.filter(condition_of=option, closed_on=None).annotate(
        of=Count("steps"), done=Count("steps", filter=Q(steps__state="done")), late=Count("steps", filter=late)
    )
    return [
        f"This extension is on condition of the improvement plan “{plan.title}”, which is open: "
        f"{plan.done} of {plan.of} steps done{f', {plan.late} overdue' if plan.late else ''}."
        for plan in plans
    ]


def successions_of(contract: Contract) -> list[OrganisationSuccession]:
    """Who took over from one of the contract's providers, as the list of organisations has it."""
    rows = OrganisationSuccession.objects.filter(predecessor__provider_rows__contract=contract)
    return list(rows.select_related("predecessor", "successor").order_by("on", "pk"))
