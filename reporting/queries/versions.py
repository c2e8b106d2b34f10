"""Every version of one return, side by side: what it said, who said it and for whom, when and why."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, Final

from django.apps import apps
from pghistory.models import Context

from accounts.acts import moment_of
from contracts.choices import ReturnState, Risk
from contracts.drawing import rag
from contracts.models import Contract
from contracts.rules.jet import NOT_ASSESSED, Jet
from reporting.queries.words import counted, jet_cell, month_and_year

NOTHING: Final = "Nothing yet"


@dataclass(frozen=True)
class Version:
    """The return as it was after one act."""

    act: str
    actor: str
    on_behalf_of: str
    at: datetime.datetime
    reason: str
    row: Any

    @property
    def by(self) -> str:
        """«Sam Fielding for Kemi Obi»"""
        return f"{self.actor} for {self.on_behalf_of}" if self.on_behalf_of else self.actor

    @property
    def is_draft(self) -> bool:
        return bool(self.row.state == ReturnState.DRAFT)

    @property
    def jet(self) -> Jet:
        return NOT_ASSESSED if self.row.not_assessed_reason else self.row.jet_score


@dataclass(frozen=True)
class Cell:
    """One part of one version, and whether the version before it said otherwise."""

    text: str
    is_changed: bool


@dataclass(frozen=True)
class Line:
    label: str
    cells: list[Cell]


class VersionsPage:
    """Two queries, whatever the number of versions. Of drafts that one person saved in a row the last is shown."""

    def __init__(self, *, contract: Contract, month: datetime.date, shows_drafts: bool) -> None:
        self.contract, self.month, self.shows_drafts = contract, month, shows_drafts
        self.all = _versions(contract, month)

    @cached_property
    def versions(self) -> list[Version]:
        """Newest first."""
        kept = self.all if self.shows_drafts else _without_drafts_between(self.all)
        return kept[::-1]

    @property
    def month_name(self) -> str:
        return month_and_year(self.month)

    @property
    def folded_words(self) -> str:
        """«12 earlier drafts»; empty where none is left out."""
        left_out = len(self.all) - len(self.versions)
        return counted(left_out, "earlier draft") if left_out else ""

    @property
    def lines(self) -> list[Line]:
        lines = [
            self._line("State", [version.row.get_state_display() for version in self.versions]),
            self._line("Risk", [_risk(version.row.risk) for version in self.versions]),
            self._line("JET grade", [jet_cell(version.jet) or NOTHING for version in self.versions]),
            self._line("Why JET was not assessed", [version.row.not_assessed_reason for version in self.versions]),
            self._line("Why the score stands against the KPIs", [version.row.kpi_reason for version in self.versions]),
            self._line("What changed", [version.row.narrative or NOTHING for version in self.versions]),
            self._line("Note of the reviewer", [version.row.review_note for version in self.versions]),
            self._line("Why it was amended", [version.row.amendment_reason for version in self.versions]),
        ]
        return [line for line in lines if any(cell.text for cell in line.cells)]

    @staticmethod
    def _line(label: str, texts: Sequence[str]) -> Line:
        """Newest first, so each is compared with the one after it; the first version of all changed nothing."""
        older = [*texts[1:], texts[-1]] if texts else []
        return Line(label, [Cell(text, text != before) for text, before in zip(texts, older, strict=True)])


def _risk(risk: str) -> str:
    return rag(Risk(risk)) if risk else NOTHING


def _versions(contract: Contract, month: datetime.date) -> list[Version]:
    """Oldest first. What was written outside any act has no context; it is a version all the same."""
    events = apps.get_model("contracts", "MonthlyReturnEvent")._default_manager
    rows = list(events.filter(contract_id=contract.pk, month=month).exclude(pgh_label="delete").order_by("pgh_id"))
    contexts = Context.objects.in_bulk({row.pgh_context_id for row in rows if row.pgh_context_id})
    return [_version(row, contexts.get(row.pgh_context_id)) for row in rows]


def _version(row: Any, context: Any) -> Version:
    said = dict(context.metadata) if context else {}
    return Version(
        act=said.get("act") or "Changed",
        actor=said.get("actor_name") or "the system",
        on_behalf_of=said.get("on_behalf_of_name", ""),
        at=moment_of(said, row.pgh_created_at),
        reason=said.get("reason", ""),
        row=row,
    )


def _without_drafts_between(versions: list[Version]) -> list[Version]:
    kept: list[Version] = []
    for (is_draft, _), run in groupby(versions, key=lambda version: (version.is_draft, version.by)):
        same = list(run)
        kept += same[-1:] if is_draft else same
    return kept
