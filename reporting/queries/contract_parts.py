"""What hangs on a contract in few rows each: for its page all of it in one query, and no more than the reader sees."""

import datetime
from typing import Any, Final

from django.db.models import BigIntegerField, DateField, Q

from commissioning.models import UnitPartner
from contracts.models import ContractFunding, ExtensionOption
from contracts.queries.attention import OVERRIDE, TABLE
from contracts.queries.built_once import Given, Prepared, Together, naming
from contracts.queries.grade_views import VIEWS
from contracts.queries.outcomes import OUTCOMES
from contracts.queries.plans import NOTICES, PLANS
from contracts.queries.scorecard import SCORECARD_LINES
from contracts.queries.statutory_rating import RATINGS
from reporting.queries.contract_board import MEETINGS, SEATS
from reporting.queries.contract_life import DUTIES, EVENTS
from reporting.queries.contract_plans import ASKED
from reporting.queries.documents import ALL_DOCUMENTS, SHARED_DOCUMENTS
from reporting.queries.month import ReturnMonth

_CONTRACT: Final = Given("contract", BigIntegerField())
_TODAY: Final = Given("today", DateField())
_OPTIONS: Final = Prepared(lambda: ExtensionOption.objects.filter(contract_id=_CONTRACT))
_FUNDING: Final = Prepared(lambda: naming(ContractFunding.objects.filter(contract_id=_CONTRACT), "organisation"))
_PARTNERS: Final = Prepared(
    lambda: naming(
        UnitPartner.objects.filter(
            Q(left_on=None) | Q(left_on__gte=_TODAY), unit_id=Given("unit", BigIntegerField()), joined_on__lte=_TODAY
        ),
        "organisation",
    )
)

_OF_ANYBODY: Final[dict[str, Prepared[Any]]] = {
    "options": _OPTIONS,
    "funding": _FUNDING,
    "plans": PLANS,
    "notices": NOTICES,
    "outcomes": OUTCOMES,
    "views": VIEWS,
    "ratings": RATINGS,
    "meetings": MEETINGS,
    "seats": SEATS,
}
_OF_PROVIDERS: Final = Together(**_OF_ANYBODY, documents=SHARED_DOCUMENTS)
_OF_COMMISSIONERS: Final = Together(
    **_OF_ANYBODY,
    documents=ALL_DOCUMENTS,
    events=EVENTS,
    duties=DUTIES,
    asked=ASKED,
    scorecard=SCORECARD_LINES,
    partners=_PARTNERS,
    attention_table=TABLE,
    attention_override=OVERRIDE,
)


def parts_of(contract: Any, month: ReturnMonth, *, graded: datetime.date, sees_narrative: bool) -> dict[str, list[Any]]:
    """By name; ``graded`` is the month whose grade the page shows."""
    together = _OF_COMMISSIONERS if sees_narrative else _OF_PROVIDERS
    return together.rows(
        contract=contract.pk,
        unit=contract.unit_id,
        board=contract.board_id,
        month=graded,
        as_at=month.as_at,
        today=month.today,
    )
