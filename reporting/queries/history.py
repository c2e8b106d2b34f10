"""History as entries: one act, who did it, when, why, and what changed in words.

The events are written by the database's triggers; the act they belong to says who and why.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Count, F, JSONField, Model, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import JSONObject, RowNumber
from django.utils import timezone
from pghistory.models import Context

from accounts.acts import moment_of
from contracts.rules.concern import ConcernRules
from contracts.templatetags.marks import clocktime, longdate
from reporting.queries import history_words as words
from reporting.queries import history_words_attention as of_attention
from reporting.queries import history_words_boards as of_boards
from reporting.queries import history_words_grading as grading
from reporting.queries import history_words_improvement as improvement
from reporting.queries import history_words_kpis as kpis
from reporting.queries import history_words_life as words_life
from reporting.queries import history_words_reviews as of_reviews
from reporting.queries.history_words import Names, ids_in

CHANGES_SHOWN: Final = 12
"""Changes of one act that are spelled out, such as an import's; the rest are counted."""


@dataclass(frozen=True)
class Kind:
    """One table of events: which fields are read, what leads to its contract, and its words."""

    model_name: str
    contract: str
    fields: tuple[str, ...]
    words: Callable[..., list[str]]
    app: str = "contracts"
    #: Where one table holds rows of two kinds, such as documents of contracts and of reviews.
    only: str = ""

    @property
    def code(self) -> str:
        return f"{self.model_name}{self.only}"

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.app, self.model_name)

    @property
    def all(self) -> QuerySet[Any]:
        return self.model._default_manager.all()


_RETURN_FIELDS = ("month", "state", "risk", "jet_score", "narrative", "kpi_reason")
_SHARE_FIELDS = ("organisation_id", "annual_amount", "whole_life_amount")
_OPTION_FIELDS = ("position", "months", "used_months", "is_outside", "exercised_on")
_LIFE_FIELDS = (
    "kind",
    "on",
    *(f"{name}_{side}" for name in ("end", "annual", "whole_life") for side in ("before", "after")),
    "ground_words",
    "from_provider_id",
    "to_provider_id",
)
_DUTY_FIELDS = ("title", "due_on", "done_on", "reference", "not_needed_because")
NOTICE_KIND: Final = Kind(
    "PerformanceNoticeEvent",
    "contract_id",
    ("concern", "words", "issued_on", "meeting_by", "met_on", "outcome", "closed_on", "closing_words"),
    improvement.notice_words,
)
PLAN_KIND: Final = Kind(
    "ImprovementPlanEvent",
    "contract_id",
    ("title", "concern", "words", "agreed_on", "condition_of_id", "answers_id", "closed_on", "closing_words"),
    improvement.plan_words,
)
STEP_KIND: Final = Kind(
    "PlanStepEvent",
    "contract_id",
    ("text", "owner", "due_on", "state", "evidence", "done_on"),
    improvement.step_words,
)
_SEAT_FIELDS = ("name", "sits_for", "organisation_id", "is_chair", "since", "until")
_MEETING_FIELDS = ("kind", "state", "on", "purpose", "notes")
_CAME_FIELDS = ("name", "presence", "substitute")
_AGREED_FIELDS = ("text", "owner", "due_on", "done_on", "outcome")
CONTRACT_KINDS: Final = (
    # as every row of the history names it: the copy of the number has no index
    Kind(
        "ContractEvent",
        "pgh_obj_id",
        (*(key for key, _, _ in words.CONTRACT_FIELDS), "description"),
        words.contract_words,
    ),
    Kind("MonthlyReturnEvent", "contract_id", _RETURN_FIELDS, words.return_words),
    Kind("ContractProviderEvent", "contract_id", ("organisation_id",), words.provider_words),
    Kind("ContractDeputyEvent", "contract_id", ("user_id",), words.deputy_words),
    Kind("ContractFundingEvent", "contract_id", _SHARE_FIELDS, words.funding_words),
    Kind("ExtensionOptionEvent", "contract_id", _OPTION_FIELDS, words.option_words),
    Kind("ContractRestrictionEvent", "contract_id", ("review_on",), words.restriction_words),
    Kind("RestrictionNamedEvent", "contractrestriction__contract_id", ("organisation_id",), words.named_words),
    Kind("GradeViewEvent", "contract_id", ("month", "side", "score", "comment", "stated_by"), grading.grade_view_words),
    Kind("ScorecardLineEvent", "contract_id", ("month", "perspective", "standing", "words"), grading.scorecard_words),
    Kind("StatutoryRatingEvent", "contract_id", ("from_month", "to_month", "rating", "proposed"), grading.rating_words),
    Kind("ReviewActionEvent", "contract_id", ("text", "owner", "due_on", "done_at"), words.action_words),
    Kind("LifeEventEvent", "contract_id", _LIFE_FIELDS, words_life.life_event_words),
    Kind("DutyEvent", "contract_id", _DUTY_FIELDS, words_life.duty_words),
    Kind("DocumentEvent", "contract_id", of_reviews.DOCUMENT_FIELDS, of_reviews.document_words),
    Kind("KpiEvent", "contract_id", kpis.KPI_FIELDS, kpis.kpi_words),
    Kind("KpiTargetEvent", "kpi__contract_id", kpis.TARGET_FIELDS, kpis.target_event_words),
    Kind("KpiReadingEvent", "kpi__contract_id", kpis.READING_FIELDS, kpis.reading_words),
    Kind("OutcomeEvent", "contract_id", kpis.OUTCOME_FIELDS, kpis.outcome_words),
    NOTICE_KIND,
    PLAN_KIND,
    STEP_KIND,
    Kind("AttentionOverrideEvent", "contract_id", of_attention.OVERRIDE_FIELDS, of_attention.override_words),
    Kind("BoardEvent", "pgh_obj__contract", ("name", "opened_on"), of_boards.board_words, app="governance"),
    Kind("SeatEvent", "board__contract", _SEAT_FIELDS, of_boards.seat_words, app="governance"),
    Kind("MeetingEvent", "board__contract", _MEETING_FIELDS, of_boards.meeting_words, app="governance"),
    Kind("AttendanceEvent", "meeting__board__contract", _CAME_FIELDS, of_boards.attendance_words, app="governance"),
    Kind("MeetingActionEvent", "board__contract", _AGREED_FIELDS, of_boards.agreed_words, app="governance"),
)
#: Each with the field that leads to its review, which decides who sees them.
REVIEW_KINDS: Final = (
    Kind("ServiceReviewEvent", "pgh_obj_id", of_reviews.REVIEW_FIELDS, of_reviews.review_words),
    Kind("ReviewedContractEvent", "review_id", of_reviews.CONTRACT_FIELDS, of_reviews.reviewed_contract_words),
    Kind("ReviewElementEvent", "review_id", of_reviews.ELEMENT_FIELDS, of_reviews.element_words),
    Kind("ReviewOptionEvent", "review_id", of_reviews.OPTION_FIELDS, of_reviews.review_option_words),
    Kind("DocumentEvent", "review_id", of_reviews.DOCUMENT_FIELDS, of_reviews.document_words, only=" of a review"),
)
PARTNER_KIND: Final = Kind(
    "UnitPartnerEvent",
    "unit_id",
    ("organisation_id", "level", "joined_on", "left_on"),
    words.partner_words,
    app="commissioning",
)
MEMBERSHIP_KIND: Final = Kind(
    "MembershipEvent",
    "organisation_id",
    ("user_id", "organisation_id", "role", "since", "until"),
    words.membership_words,
    app="commissioning",
)
MONTH_KIND: Final = Kind(
    "MonthReviewEvent", "unit_id", ("month", "held_on", "closed_at", "closing_note"), words.month_words
)
RULES_KIND: Final = Kind(
    "ReviewRulesEvent",
    "unit_id",
    tuple(field.name for field in fields(ConcernRules)),
    words.rules_words,
)
ATTENTION_KIND: Final = Kind("AttentionRuleEvent", "unit_id", of_attention.ROW_FIELDS, of_attention.table_words)
UNIT_KINDS: Final = (PARTNER_KIND, MONTH_KIND, RULES_KIND, ATTENTION_KIND)
STAND_IN_KIND: Final = Kind(
    "StandInEvent",
    "absent_id",
    ("absent_id", "stand_in_id", "since", "until", "ended_on"),
    words.stand_in_words,
    app="commissioning",
)
OF_CONTRACTS: Final = frozenset(kind.code for kind in CONTRACT_KINDS)
KINDS: Final = {
    kind.code: kind for kind in (*CONTRACT_KINDS, *REVIEW_KINDS, *UNIT_KINDS, MEMBERSHIP_KIND, STAND_IN_KIND)
}


@dataclass(frozen=True)
class Event:
    """One row that changed: as it is after, and as it was before."""

    kind: str
    number: int
    context_id: uuid.UUID | None
    at: datetime.datetime
    label: str
    about: int
    now: dict[str, Any]
    was: dict[str, Any] | None
    #: How many of its kind the act wrote, where not all of them are read.
    total: int | None = None

    @property
    def act(self) -> "Act":
        """What was written outside any act has no context; it is recorded all the same."""
        return (self.context_id, self.at)


Act = tuple[uuid.UUID | None, datetime.datetime]


@dataclass(frozen=True)
class Entry:
    """One act, as the timeline and the audit log show it."""

    title: str
    by: str
    at: datetime.datetime
    reason: str
    on_behalf_of: str
    changes: list[str]
    more: int
    about: tuple[int, ...]

    @property
    def iso(self) -> str:
        """For machines, in Europe/London."""
        return timezone.localtime(self.at).isoformat()

    @property
    def when(self) -> str:
        """«12 March 2014, 9:31am»"""
        return f"{longdate(self.at)}, {clocktime(self.at)}"

    @cached_property
    def text(self) -> str:
        """The lines of the entry's body, for a timeline."""
        lines = [*self.changes, *([f"and {self.more:,} more"] if self.more else [])]
        why = [f"Why: {self.reason}"] if self.reason else []
        behalf = [f"On behalf of {self.on_behalf_of}"] if self.on_behalf_of else []
        return ". ".join([*lines, *why, *behalf])


LONGEST: Final = "MonthlyReturnEvent"
"""The kind with the longest table: a contract is returned every month, and a return is saved more than once."""
#: An act is a context and the moment of its transaction: one context may span several, as a long import does.
ACT: Final = ("pgh_context_id", "pgh_created_at")
#: The names of an Event's parts among the columns of a table of events, whatever its own are called.
_COLUMNS = tuple(f"event_{part.name}" for part in fields(Event) if part.name != "total")


def rows_of_kind(kind: Kind, events: QuerySet[Any]) -> QuerySet[Any]:
    """The events as values of equal shape, the row before each beside it; an insert had none."""
    read = JSONObject(**{name: name for name in kind.fields})
    earlier = kind.all.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")).order_by("-pgh_id")
    before = Subquery(earlier.values(json=read)[:1], output_field=JSONField())
    return (
        events.order_by()
        .annotate(
            event_kind=Value(kind.code),
            event_number=F("pgh_id"),
            event_context_id=F("pgh_context_id"),
            event_at=F("pgh_created_at"),
            event_label=F("pgh_label"),
            event_about=F(kind.contract),
            event_now=read,
            event_was=Case(
                When(pgh_label="insert", then=Value(None, JSONField())), default=before, output_field=JSONField()
            ),
        )
        .values_list(*_COLUMNS)
    )


def events_among(sources: Sequence[tuple[Kind, QuerySet[Any]]]) -> list[Event]:
    """The events of several tables, newest first; one query."""
    first, *others = [rows_of_kind(kind, events) for kind, events in sources]
    events = [Event(*row) for row in first.union(*others, all=True)]
    return sorted(events, key=moment, reverse=True)


def moment(event: Event) -> tuple[datetime.datetime, int]:
    """Orders events of several tables; those of one moment as they were written."""
    return event.at, event.number


def newest_acts(sources: Sequence[tuple[Kind, QuerySet[Any]]], *, start: int, stop: int) -> dict[Act, list[str]]:
    """The acts that wrote any of the events, newest first, from one place to another, each with the kinds it wrote.

    The newest of all are among the newest of each table, which its index gives without reading the rest. Nor is
    anything older than the newest acts of one table among them: the longest table says how far the others are read.
    Two queries.
    """
    longest = next((events for kind, events in sources if kind.code == LONGEST), None)
    known = [] if longest is None else list(_newest(longest, stop))
    if len(known) == stop:
        sources = [(kind, events.filter(pgh_created_at__gte=known[-1][1])) for kind, events in sources]
    first, *others = [_newest(events, stop).annotate(kind=Value(kind.code)) for kind, events in sources]
    try:
        each, values = first.union(*others, all=True).query.sql_with_params()
    except EmptyResultSet:  # of whom nothing may be audited
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT pgh_context_id, pgh_created_at, array_agg(kind) FROM ({each}) found
            GROUP BY 1, 2 ORDER BY pgh_created_at DESC, pgh_context_id OFFSET %s LIMIT %s""",  # noqa: S608
            [*values, start, stop - start],
        )
        return {(context, at): kinds for context, at, kinds in cursor.fetchall()}


def _newest(events: QuerySet[Any], count: int) -> QuerySet[Any]:
    return events.order_by("-pgh_created_at", "pgh_context_id").values_list(*ACT).distinct()[:count]


def events_of_acts(sources: Sequence[tuple[Kind, QuerySet[Any]]], acts: Collection[Act]) -> list[Event]:
    """The first events of each act, of each kind; an import of thousands is not read to its end. One query."""
    contexts, moments = {context for context, _ in acts}, {at for _, at in acts}
    near = Q(Q(pgh_context_id__in=contexts - {None}) | Q(pgh_context_id=None), pgh_created_at__in=moments)
    place = Window(RowNumber(), partition_by=ACT, order_by=F("pgh_id").asc())
    total = Window(Count("pgh_id"), partition_by=ACT)
    first, *others = [
        rows_of_kind(kind, events.filter(near).annotate(event_place=place))
        .annotate(event_total=total)
        .filter(event_place__lte=CHANGES_SHOWN + 1)
        .values_list(*_COLUMNS, "event_total")
        for kind, events in sources
    ]
    return [event for event in (Event(*row) for row in first.union(*others, all=True)) if event.act in acts]


def entries_of(events: Iterable[Event], *, limit: int | None = None) -> list[Entry]:
    """Events grouped by act, newest first."""
    acts = _by_act(events)[:limit]
    contexts = Context.objects.in_bulk({context for (context, _), _ in acts if context})
    said = {act: dict(contexts[act[0]].metadata) for act, _ in acts if act[0] in contexts}
    return _entries(acts, said)


def entries_with(events: Iterable[Event], said: Mapping[Act, dict[str, Any]]) -> list[Entry]:
    """The same where it is known already what was said of each act."""
    return _entries(_by_act(events), said)


def _by_act(events: Iterable[Event]) -> list[tuple[Act, list[Event]]]:
    grouped: dict[Act, list[Event]] = defaultdict(list)
    for event in events:
        grouped[event.act].append(event)
    return sorted(grouped.items(), key=lambda group: (group[0][1], group[1][0].number), reverse=True)


def _entries(acts: list[tuple[Act, list[Event]]], said: Mapping[Act, dict[str, Any]]) -> list[Entry]:
    names = _names([event for _, group in acts for event in group])
    return [_entry(said.get(act, {}), group, names) for act, group in acts]


_NAMES: Final = """
SELECT 'people', id, name FROM accounts_user WHERE id = ANY(%(people)s)
UNION ALL SELECT 'organisations', id, name FROM commissioning_organisation WHERE id = ANY(%(organisations)s)
UNION ALL SELECT 'areas', id, name FROM commissioning_servicearea WHERE id = ANY(%(areas)s)
"""


def _names(events: list[Event]) -> Names:
    """The people, organisations and areas the events name; one query, none where they name nothing."""
    values = [values for event in events for values in (event.now, event.was) if values]
    wanted = {kind: list(ids_in(kind, values)) for kind in ("people", "organisations", "areas")}
    named: dict[str, dict[int, str]] = {kind: {} for kind in wanted}
    if any(wanted.values()):
        with connection.cursor() as cursor:
            cursor.execute(_NAMES, wanted)
            for kind, pk, name in cursor.fetchall():
                named[kind][pk] = name
    return Names(**named)


def _entry(said: dict[str, Any], events: list[Event], names: Names) -> Entry:
    in_order = sorted(events, key=lambda event: (list(KINDS).index(event.kind), event.number))
    changes = [line for event in in_order for line in KINDS[event.kind].words(event.label, event.now, event.was, names)]
    totals = {event.kind: event.total for event in events if event.total is not None}
    unread = sum(totals.values()) - sum(event.total is not None for event in events)
    return Entry(
        title=said.get("act") or "Changed",
        by=said.get("actor_name") or "the system",
        at=moment_of(said, max(event.at for event in events)),
        reason=said.get("reason", ""),
        on_behalf_of=said.get("on_behalf_of_name", ""),
        changes=changes[:CHANGES_SHOWN],
        more=len(changes[CHANGES_SHOWN:]) + unread,
        about=tuple(sorted({event.about for event in events if event.kind in OF_CONTRACTS})),
    )
