"""The dated events in a contract's life and the duties that follow, as its page shows them."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import BigIntegerField, DateField

from commissioning.rules import long_date
from contracts.choices import LifeEventKind, NoticeGivenBy, NoticeKind
from contracts.models import Contract, Duty, LifeEvent
from contracts.queries.built_once import Given, Prepared, naming
from contracts.queries.duties import DutyLine, line_of
from contracts.rules.money import pounds
from reporting.queries.links import contract_url
from reporting.queries.words import counted


@dataclass(frozen=True)
class LifeLine:
    """One event: what happened, its figures, and by whom it was recorded."""

    day: str
    title: str
    figures: str
    words: str
    author: str
    follower: tuple[str, str] | None


@dataclass(frozen=True)
class Life:
    """``days`` are those that the track marks."""

    lines: list[LifeLine]
    days: list[datetime.date]
    duties: list[DutyLine]

    @property
    def duties_line(self) -> str:
        """«2 to do, 1 late.»"""
        to_do = sum(duty.is_open for duty in self.duties)
        late = sum(duty.is_late for duty in self.duties)
        if not self.duties:
            return ""
        return f"{to_do} of {counted(len(self.duties), 'duty', 'duties')} to do{f', {late} late' if late else ''}"


NOTHING = Life([], [], [])


_CONTRACT: Final = Given("contract", BigIntegerField())
EVENTS: Final = Prepared(
    lambda: naming(
        LifeEvent.objects.filter(contract_id=_CONTRACT, on__lte=Given("as_at", DateField())).order_by("-on", "-pk"),
        "recorded_by",
        "from_provider",
        "to_provider",
    )
)
DUTIES: Final = Prepared(lambda: naming(Duty.objects.filter(contract_id=_CONTRACT), "done_by"))


def life_of(
    user: Any, contract: Contract, *, day: datetime.date, events: Sequence[LifeEvent], duties: Iterable[Duty]
) -> Life:
    """What was decided until the day of the page, newest first, and every duty.

    No query, but one where another contract followed.
    """
    after = {event.followed_by_id for event in events if event.followed_by_id}
    seen = Contract.objects.visible_to(user).filter(pk__in=after).select_related("unit")
    followers = {each.pk: each for each in seen} if after else {}
    return Life(
        lines=[_line(event, followers.get(event.followed_by_id or 0)) for event in events],
        days=[event.on for event in events],
        duties=[line_of(duty, contract, day=day) for duty in duties],
    )


def _line(event: LifeEvent, follower: Contract | None) -> LifeLine:
    """``follower`` is told only to who may see it."""
    author = f"recorded by {event.recorded_by.name}" if event.recorded_by else ""
    return LifeLine(
        day=long_date(event.on),
        title=LifeEventKind(event.kind).label,
        figures=". ".join(_figures(event)),
        words=event.words,
        author=author,
        follower=_follower(follower) if follower else None,
    )


def _follower(after: Contract) -> tuple[str, str]:
    return f"{after.reference} {after.title}", contract_url(after.slug, after.unit.code)


def _figures(event: LifeEvent) -> list[str]:
    said = []
    if event.given_by:
        kind = f": {NoticeKind(event.notice_kind).label.lower()}" if event.notice_kind else ""
        said.append(f"{NoticeGivenBy(event.given_by).label}{kind}")
    if event.end_after is not None and event.end_before != event.end_after:
        before = f"{long_date(event.end_before)} to " if event.end_before else ""
        said.append(f"Ends: {before}{long_date(event.end_after)}")
    if event.annual_before != event.annual_after:
        said.append(f"Annual value: {_pounds(event.annual_before)} to {_pounds(event.annual_after)}")
    if event.whole_life_before != event.whole_life_after:
        said.append(f"Whole-life value: {_pounds(event.whole_life_before)} to {_pounds(event.whole_life_after)}")
    if event.from_provider and event.to_provider:
        said.append(f"{event.from_provider.name} to {event.to_provider.name}")
    if event.ground_words:
        said.append(f"Ground: {event.ground_words}")
    return said


def _pounds(amount: Any) -> str:
    return "not known" if amount is None else pounds(amount)
