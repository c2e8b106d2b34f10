"""One contract as it is read: what it says for the month, its returns, term, money, people and history."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.urls import reverse
from django.utils.html import format_html

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.choices import PartnerLevel
from commissioning.rules import long_date
from contracts.choices import ReturnState
from contracts.drawing import rag
from contracts.models import Contract
from contracts.queries.managed import may_manage
from contracts.queries.monthly_return import ContractMonth
from contracts.queries.sight import sees_narrative
from contracts.rules.jet import band_of, words_of
from reporting.queries.contract_assessment import assessment_of
from reporting.queries.contract_attention import AttentionSection, attention_section
from reporting.queries.contract_board import BoardSection, board_of
from reporting.queries.contract_facts import facts_of
from reporting.queries.contract_kpis import ContractKpis, contract_kpis
from reporting.queries.contract_life import NOTHING, Life, life_of
from reporting.queries.contract_outcomes import ContractOutcomes, contract_outcomes
from reporting.queries.contract_parts import parts_of
from reporting.queries.contract_plans import PlansOfContract
from reporting.queries.contract_returns import ReturnsOfContract, returns_of
from reporting.queries.contract_reviews import reviews_of_contract
from reporting.queries.contract_term import Money, Term, money_of, term_of
from reporting.queries.contract_viewed import Named, viewed
from reporting.queries.documents import documents_of_contract
from reporting.queries.history import Entry
from reporting.queries.history_of_contract import newest_entries
from reporting.queries.links import in_unit_of
from reporting.queries.month import chosen_month, months_to_choose
from reporting.queries.words import (
    counted,
    jet_cell,
    jet_value,
    month_and_year,
    no_view_age,
)

ENTRIES_SHOWN: Final = 20
ENTRIES_OPEN: Final = 6
"""The newest; earlier ones fold away."""
LEVEL_WORDS: Final = {
    PartnerLevel.HOST: "Host: all",
    PartnerLevel.FULL: "Partner: all",
    PartnerLevel.OBSERVER: "Observer: reads only",
}


@dataclass(frozen=True)
class SameReference:
    """Contracts of several units with one reference, all in sight: the person chooses."""

    contracts: tuple[Contract, ...]

    def is_open_to(self, scope: Any, permission: Permission) -> bool:
        return all(contract.is_open_to(scope, permission) for contract in self.contracts)


def contracts_at(user: Any, slug: str) -> list[Contract]:
    """The contracts in sight with this address; several where units use one reference."""
    found = Contract.objects.visible_to(user).filter(slug=slug).select_related("unit").order_by("unit__name")
    return list(found.only("slug", "reference", "title", "is_restricted", "unit__code", "unit__name"))


class ContractPage(ReturnsOfContract):
    """All that the contract's template shows to one person."""

    def __init__(self, *, user: Any, contract: Contract, month_text: str | None) -> None:
        self.user, self.scope = user, scope_of(user)
        self.month = chosen_month(month_text, today=clock.today())
        self.months = months_to_choose(self.month)
        self.contract: Any = viewed(user, contract.pk, self.month)
        self.sees_narrative = sees_narrative(self.scope, self.contract)
        self.providers: list[Named] = self.contract.providers_named
        self.returns = returns_of(self.contract, self.month.month)
        graded = self.contract.view_month or self.month.month
        self.parts = parts_of(self.contract, self.month, graded=graded, sees_narrative=self.sees_narrative)
        self.life: Life = self._life() if self.sees_narrative else NOTHING
        self.term: Term = term_of(self.contract, self.parts["options"], day=self.month.as_at, events=self.life.days)
        self.money: Money = money_of(self.contract, self.parts["funding"])
        self.documents = documents_of_contract(user, self.contract, self.parts["documents"])
        shows_reviews = self.sees_narrative and self.contract.is_reviewed
        self.service_reviews = reviews_of_contract(user, self.contract) if shows_reviews else []
        self.plans = PlansOfContract(
            user=user,
            contract=self.contract,
            plans=self.parts["plans"],
            notices=self.parts["notices"],
            asked=self.parts.get("asked", ()),
        )
        self.kpis, self.outcomes = self._measured()
        self.assessment = assessment_of(
            user,
            self.contract,
            month=graded,
            jet=jet_value(self.contract.risk or "", self.contract.jet),
            parts=self.parts,
            sees_narrative=self.sees_narrative,
        )
        self.seen_by, self.restriction = self._sight()
        self.board: BoardSection = board_of(
            user,
            self.contract,
            month=self.month,
            scores={month: row.jet_score for month, row in self.counting.items()},
            meetings=self.parts["meetings"],
            seats=self.parts["seats"],
        )
        self.attention: AttentionSection = attention_section(
            self.contract, board=self.board, month=self.month, parts=self.parts, sees_all=self.sees_narrative
        )
        self.history: list[Entry] = newest_entries(self.contract, count=ENTRIES_SHOWN) if self.sees_narrative else []

    def _life(self) -> Life:
        return life_of(
            self.user,
            self.contract,
            day=self.month.as_at,
            events=self.parts["events"],
            duties=self.parts["duties"],
        )

    def _measured(self) -> tuple[ContractKpis, ContractOutcomes]:
        """Its provider's contact adds to both, what is the provider's to say."""
        manages = may_manage(self.user, self.contract)
        speaks = self.scope.can(Permission.SPEAK_FOR_PROVIDER, self.contract)
        kpis = contract_kpis(self.contract, self.month.month, may_manage=manages, may_report=manages or speaks)
        return kpis, contract_outcomes(self.contract, self.parts["outcomes"], may_manage=manages, may_propose=speaks)

    # Sight

    def _sight(self) -> tuple[list[tuple[str, str]], Any]:
        """(organisation, what it sees) of everybody who sees the contract, and its restriction, for who may know."""
        if not self.sees_narrative:
            return [], None
        partners = self.parts["partners"]
        restriction = (
            self.contract.restrictions.filter(lifted_on=None).select_related("decided_by").first()
            if self.contract.is_restricted
            else None
        )
        if restriction is not None:
            named = {organisation.pk for organisation in restriction.named.all()}
            partners = [partner for partner in partners if partner.organisation_id in named]
            providers = [provider for provider in self.providers if provider.pk in named]
        else:
            providers = self.providers
        seen = [(partner.organisation.name, LEVEL_WORDS[PartnerLevel(partner.level)]) for partner in partners]
        return [
            *seen,
            *((f"{p.name} (provider)", "Risk, JET, KPIs, plans, returns") for p in providers),
        ], restriction

    @property
    def newest_history(self) -> list[Entry]:
        return self.history[:ENTRIES_OPEN]

    @property
    def earlier_history(self) -> list[Entry]:
        return self.history[ENTRIES_OPEN:]

    # Head

    @property
    def heading_line(self) -> str:
        names = ", ".join(provider.name for provider in self.providers) or "Provider not known"
        return f"{names}, {self.contract.reference}"

    @property
    def strip(self) -> list[tuple[str, str, str]]:
        return [
            ("Risk", self.risk, self.risk_words),
            ("JET grade", self.jet, self.jet_words),
            self.kpis.strip,
            self._what_next,
            (f"{self.month.short_name} return", *self.return_words),
        ]

    @property
    def _what_next(self) -> tuple[str, str, str]:
        """The unit's own next decision; to a provider only when the term ends."""
        if self.sees_narrative:
            return ("Next decision", *self.term.decision)
        end = self.contract.effective_end
        return ("Term ends", long_date(end) if end else "Not known", "")

    @property
    def term_note(self) -> str:
        return self.term.note if self.sees_narrative else ""

    @property
    def sections(self) -> list[tuple[str, str, bool]]:
        sections = [("Overview", "#main", True), ("KPIs", "#kpis", False), ("Outcomes", "#outcomes", False)]
        if self.plans.is_shown:
            sections.append(("Improvement plan", "#plan", False))
        sections.append(("Term and options", "#terms", False))
        sections.append(("Board", "#board", False))
        if self.money.rows:
            sections.append(("Money", "#money", False))
        if self.sees_narrative:
            sections.append(("Duties", "#duties", False))
        sections.append(("Returns", "#returns", False))
        sections.append(("Documents", "#documents", False))
        sections.append(("Assessment", "#assessment", False))
        if self.sees_narrative:
            sections.append(("History", "#history", False))
        return sections

    # What it says for the month

    @cached_property
    def risk(self) -> str:
        if not self.contract.is_due:
            return "No return expected"
        return rag(self.contract.risk or None)

    @property
    def risk_words(self) -> str:
        """«Since May 2014. Was red 4 months»; how old the last view is where there is none."""
        if self.contract.view_month is None:
            last = max(self.counting, default=None)
            return no_view_age(last, self.month.month) if self.contract.is_due else ""
        since, earlier = self._run()
        held = "" if self.contract.view_month == self.month.month else f" {self.month.short_name} still to come."
        return f"Since {month_and_year(since)}.{earlier}{held}"

    def _run(self) -> tuple[datetime.date, str]:
        """The first month of the present colour, and what went before; months not returned do not break a run."""
        known = [row for row in self.returns if row.counts and row.month <= self.contract.view_month]
        same = 0
        while same < len(known) and known[same].risk == known[0].risk:
            same += 1
        before = known[same:]
        if not before:
            return known[same - 1].month, ""
        run = 0
        while run < len(before) and before[run].risk == before[0].risk:
            run += 1
        return known[same - 1].month, f" Was {before[0].risk} {counted(run, 'month')}."

    @property
    def jet(self) -> str:
        value = jet_value(self.contract.risk, self.contract.jet)
        was = jet_value(self.contract.was_risk, self.contract.was_jet)
        words = words_of(value, on=self.contract.view_month).partition(" ")[2] if isinstance(value, int) else ""
        # the word stands outside the chip, so that it may go to a line of its own on a phone
        return format_html("{} {}", jet_cell(value, was=was), words) if value is not None else "None"

    @property
    def jet_words(self) -> str:
        score, was = self.contract.jet, self.contract.was_jet
        if score is None:
            return self._row.not_assessed_reason if self._row and self.sees_narrative else ""
        words = f"{band_of(score).label} band."
        if was is None or self.contract.view_month != self.month.month:
            return words
        if was == score:
            return f"{words} Same as {self.month.previous_name}"
        return f"{words} {'Up' if score > was else 'Down'} {abs(score - was)} since {self.month.previous_name}"

    @property
    def _row(self) -> Any:
        return self.counting.get(self.contract.view_month)

    @property
    def return_words(self) -> tuple[str, str]:
        """(state, when and by whom, or when it is due) of the month's return."""
        row = next((row for row in self.returns if row.month == self.month.month), None)
        if row is not None and row.counts:
            return ReturnState(row.state).label, self._submission(row)
        if not self.contract.is_due:
            return "None expected", ""
        state = "To come" if row is None or not self.sees_narrative else ReturnState(row.state).label
        return state, self.month.deadline(self.contract.unit.return_working_day)

    @cached_property
    def about(self) -> list[tuple[str, str, str]]:
        known = facts_of(
            self.contract,
            providers=self.providers,
            deputies=self.contract.deputies_named,
            months=self.term.months,
            day=self.month.as_at,
            attention=self.attention,
        )
        return known + self.board.facts

    # What the person may do

    def _may(self, permission: Permission) -> bool:
        return self.scope.can(permission, self.contract)

    @cached_property
    def return_action(self) -> tuple[str, str] | None:
        """(words, address) of the month's return for its makers."""
        of = ContractMonth(self.contract, self.month.month, self.contract.is_own)
        if not self.contract.is_due or not self.scope.can(Permission.RETURN_CONTRACTS, of):
            return None
        return f"{self._return_verb} {self.month.short_name} return", self._address(
            "return", self.month.code, self.contract.slug
        )

    @property
    def _return_verb(self) -> str:
        """An accepted return is closed: it is only read."""
        if not self.contract.is_returned:
            return "Enter"
        row = self.counting.get(self.month.month)
        if row is not None and row.state == ReturnState.ACCEPTED:
            return "See"
        return "Review" if self._may(Permission.REVIEW_RETURNS) else "Change"

    def _address(self, name: str, *parts: str) -> str:
        """Of something to do with this contract: another unit may have one of the same reference."""
        return in_unit_of(reverse(name, args=parts), self.contract.unit.code)

    @cached_property
    def actions(self) -> list[tuple[str, str]]:
        """(words, address) of what else may be done."""
        actions = []
        if may_manage(self.user, self.contract):
            actions.append(("Monitoring and meetings", "contract_attention"))
        if self._may(Permission.EDIT_CONTRACTS):
            actions += [("Record a decision", "contract_decision"), ("Change details", "contract_change")]
        if self._may(Permission.RESTRICT_CONTRACTS):
            lifts = self.contract.is_restricted
            actions.append(("Lift the restriction", "contract_lift") if lifts else ("Restrict", "contract_restrict"))
        return [(words, self._address(name, self.contract.slug)) for words, name in actions]

    @cached_property
    def document_url(self) -> str:
        """Where its own people add a document."""
        if not may_manage(self.user, self.contract):
            return ""
        return self._address("contract_document_add", self.contract.slug)

    @cached_property
    def decision_url(self) -> str:
        return self._address("contract_decision", self.contract.slug) if self._may(Permission.EDIT_CONTRACTS) else ""

    @cached_property
    def duty_add_url(self) -> str:
        return self._address("duty_add", self.contract.slug) if self._may(Permission.EDIT_CONTRACTS) else ""

    @cached_property
    def duties_list_url(self) -> str:
        """Duties of the start, the years and the end are listed once somebody asks."""
        return self._address("duties_list", self.contract.slug) if self._may(Permission.EDIT_CONTRACTS) else ""

    @cached_property
    def audit_url(self) -> str:
        if not self._may(Permission.VIEW_AUDIT):
            return ""
        return f"{reverse('audit')}?contract={self.contract.slug}"
