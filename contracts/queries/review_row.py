"""One contract's line of a monthly review: what was said, what stands beside it, and why it is of concern."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from contracts.choices import ReturnState, Risk
from contracts.drawing import heat_cell
from contracts.models import Contract, MonthlyReturn, ReviewAction
from contracts.queries.assessed import Assessed
from contracts.queries.monthly_return import names_words
from contracts.queries.overdue_steps import OverdueStep
from contracts.queries.return_words import jet_words, month_word, note_after, stated
from contracts.queries.worklist_row import state_detail, state_words
from contracts.rules.concern import MonthSaid
from contracts.rules.jet import Jet
from contracts.rules.returns import SEVERITY, View, movement


@dataclass(frozen=True)
class ReviewRow:
    """One contract's line of the review. ``history`` runs to the month reviewed, newest last."""

    contract: Contract
    row: MonthlyReturn | None
    history: tuple[MonthSaid, ...]
    reasons: tuple[str, ...]
    assessed: Assessed = field(default_factory=Assessed)
    actions: tuple[ReviewAction, ...] = ()
    steps: tuple[OverdueStep, ...] = ()
    #: The contract at which the page opens again once this one is reviewed: where it stays itself, or the next.
    opens_at: int = 0
    officer_name: str = ""
    area_name: str = ""
    provider_names: Sequence[str] = ()
    provider_ids: Sequence[int] = ()
    contract_url: str = ""
    return_url: str = ""
    #: Where an improvement action is asked for.
    action_url: str = ""

    @property
    def state(self) -> str:
        return self.row.state if self.row else "to_come"

    @property
    def is_returned(self) -> bool:
        return self.row is not None and self.row.counts

    @cached_property
    def view(self) -> View | None:
        return self.history[-1].view

    @property
    def before(self) -> View | None:
        return self.history[-2].view

    @cached_property
    def shown(self) -> View | None:
        """The month's own view, else the newest one there is, which is said to be older."""
        return next((said.view for said in reversed(self.history) if said.view is not None), None)

    @property
    def risk(self) -> str:
        return self.view.risk if self.view else ""

    @property
    def jet(self) -> Jet:
        return self.view.jet if self.view else None

    @property
    def jet_before(self) -> Jet:
        return self.before.jet if self.before else None

    @cached_property
    def before_words(self) -> str:
        """«Amber, JET 4 in September»"""
        last = month_word(self.history[-2].month)
        if self.before is None:
            return f"Not returned in {last}"
        return f"{Risk(self.before.risk).label}, JET {jet_words(self.before.jet)} in {last}"

    @cached_property
    def change(self) -> str:
        """«Amber to red, JET 4 to 3»; empty for what is not returned."""
        if self.row is None or not self.is_returned:
            return ""
        return note_after(stated(self.row), self.before, last_month=self.history[-2].month)

    @property
    def movement(self) -> str:
        return movement(self.view, self.before) if self.view and self.before else ""

    @cached_property
    def is_newly_red(self) -> bool:
        """Red by the month's own return, and not when last returned before."""
        earlier = next((said.view for said in reversed(self.history[:-1]) if said.view is not None), None)
        return self.risk == Risk.RED and (earlier is None or earlier.risk != Risk.RED)

    @cached_property
    def contradiction(self) -> str:
        """The rule's sentence where the KPIs do not bear the month's score out."""
        return self.assessed.contradiction

    @property
    def kpi_words(self) -> str:
        return self.assessed.kpi_words

    @property
    def kpi_reason(self) -> str:
        """Why the score stands all the same, in the officer's words; of a return that counts."""
        return self.row.kpi_reason if self.row and self.is_returned else ""

    @property
    def is_spoken_against(self) -> bool:
        """Where the KPIs, the service manager or the supplier say another score than the officer."""
        return self.assessed.speaks_against

    @cached_property
    def providers(self) -> str:
        return names_words(self.provider_names)

    @property
    def contract_key(self) -> str:
        """The contract's number, as addresses and anchors name it."""
        return str(self.contract.pk)

    @property
    def reviewed_by_name(self) -> str:
        return getattr(self.row, "reviewed_name", None) or ""

    @property
    def state_words(self) -> str:
        return state_words(self.row)

    @property
    def state_detail(self) -> str:
        return state_detail(self.row)

    @cached_property
    def key(self) -> str:
        """What a tick posts: the return, the version that the page showed, and where to open again."""
        return f"{self.row.pk}:{self.row.version}:{self.opens_at}" if self.row else ""

    @property
    def note_id(self) -> str:
        """Of the field for what the officer should look at again."""
        return f"note-{self.row.pk}" if self.row else ""

    @property
    def can_be_sent_back(self) -> bool:
        return self.state in (ReturnState.SUBMITTED, ReturnState.ACCEPTED)

    @property
    def heat(self) -> SafeString:
        """The risk of each month, oldest first, each with its month and word for those who listen."""
        ends = [", "] * (len(self.history) - 1) + ["."]
        cells = [(_heat(said), end) for said, end in zip(self.history, ends, strict=True)]
        return format_html_join("", '<span>{}<span class="govuk-visually-hidden">{}</span></span>', cells)

    @property
    def severity(self) -> int:
        return SEVERITY[Risk(self.shown.risk)] if self.shown else -1

    @cached_property
    def fall(self) -> int | None:
        both = isinstance(self.jet, int) and isinstance(self.jet_before, int)
        return self.jet_before - self.jet if both else None  # type: ignore[operator]


def _heat(said: MonthSaid) -> SafeString:
    word = said.view.risk.label if said.view else "not returned"
    return heat_cell(said.view.risk if said.view else None, word=f"{month_word(said.month)}: {word}")


def opening_at_next(rows: Sequence[ReviewRow]) -> list[ReviewRow]:
    following = [*(row.contract.pk for row in rows[1:]), 0]
    return [replace(row, opens_at=pk) for row, pk in zip(rows, following, strict=False)]
