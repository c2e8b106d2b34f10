"""The history rows that the services would have left behind: an act for each thing that somebody did in one go."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.apps import apps
from django.db.models import Model
from pghistory.models import Event


@dataclass(frozen=True)
class Told:
    """How the history of a table (t) reads: the act, what rows share one, its moment and who did it, as SQL."""

    act: str
    key: str
    at: str
    actor: str
    table: str = "{table} t"


_OF_CONTRACT: Final = "{table} t JOIN contracts_contract c ON c.id = t.contract_id"
_OF_MEETING: Final = "{table} t JOIN governance_meeting m ON m.id = t.meeting_id"
_OF_REVIEW: Final = "{table} t JOIN contracts_servicereview r ON r.id = t.review_id"


def _with_contract(act: str) -> Told:
    return Told(act, "t.contract_id", "c.created_at", "c.created_by_id", _OF_CONTRACT)


def _with_meeting(table: str) -> Told:
    return Told("Meeting recorded", "m.id", "m.recorded_at", "m.recorded_by_id", table)


def _with_review(table: str) -> Told:
    return Told("Service review opened", "r.id", "pg_temp.morning(r.opened_on)", "r.recorded_by_id", table)


_RETURNED: Final = Told("Return submitted", "t.saved_by_id || ' ' || t.month", "t.saved_at", "t.saved_by_id")
_ACCEPTED: Final = Told("Return accepted", "t.reviewed_by_id || ' ' || t.month", "t.reviewed_at", "t.reviewed_by_id")

TOLD: Final[dict[str, Told]] = {
    "contracts_contract": Told("Contract added", "t.id", "t.created_at", "t.created_by_id"),
    "contracts_contractprovider": _with_contract("Contract added"),
    "contracts_contractfunding": _with_contract("Contract added"),
    "contracts_contract_deputies": _with_contract("Contract added"),
    "contracts_extensionoption": _with_contract("Contract added"),
    "contracts_kpi": _with_contract("KPI added"),
    "contracts_kpitarget": Told(
        "KPI added", "c.id", "c.created_at", "c.created_by_id",
        "{table} t JOIN contracts_kpi k ON k.id = t.kpi_id JOIN contracts_contract c ON c.id = k.contract_id",
    ),
    "contracts_kpireading": _RETURNED,
    "contracts_gradeview": Told("View of the grade recorded", "t.id", "t.recorded_at", "t.recorded_by_id"),
    "contracts_scorecardline": Told(
        "Scorecard saved", "t.contract_id || ' ' || t.month", "t.saved_at", "t.saved_by_id"
    ),
    "contracts_outcome": Told("Outcome added", "t.contract_id", "t.proposed_at", "t.proposed_by_id"),
    "contracts_monthreview": Told("Month closed", "t.id", "t.closed_at", "t.closed_by_id"),
    "contracts_reviewaction": Told("Action noted", "t.id", "t.noted_at", "t.noted_by_id"),
    "contracts_performancenotice": Told(
        "Performance notice issued", "t.id", "pg_temp.morning(t.issued_on)", "t.issued_by_id"
    ),
    "contracts_improvementplan": Told(
        "Improvement plan agreed", "t.id", "pg_temp.morning(t.agreed_on)", "t.opened_by_id"
    ),
    "contracts_planstep": Told(
        "Improvement plan agreed", "p.id", "pg_temp.morning(p.agreed_on)", "p.opened_by_id",
        "{table} t JOIN contracts_improvementplan p ON p.id = t.plan_id",
    ),
    "contracts_lifeevent": Told("Option to extend exercised", "t.id", "t.recorded_at", "t.recorded_by_id"),
    "contracts_duty": Told(
        "Option to extend exercised", "e.id", "e.recorded_at", "e.recorded_by_id",
        "{table} t JOIN contracts_lifeevent e ON e.id = t.event_id",
    ),
    "contracts_attentionoverride": Told("Attention decided", "t.id", "pg_temp.morning(t.set_on)", "t.set_by_id"),
    "contracts_contractrestriction": Told(
        "Contract restricted", "t.id", "pg_temp.morning(t.decided_on)", "t.decided_by_id"
    ),
    "contracts_contractrestriction_named": Told(
        "Contract restricted", "n.id", "pg_temp.morning(n.decided_on)", "n.decided_by_id",
        "{table} t JOIN contracts_contractrestriction n ON n.id = t.contractrestriction_id",
    ),
    "contracts_servicereview": _with_review("{table} t JOIN contracts_servicereview r USING (id)"),
    "contracts_reviewedcontract": _with_review(_OF_REVIEW),
    "contracts_reviewelement": _with_review(_OF_REVIEW),
    "contracts_reviewoption": _with_review(_OF_REVIEW),
    "governance_board": Told(
        "Contract management board opened", "t.id", "pg_temp.morning(t.opened_on)", "t.opened_by_id"
    ),
    "governance_seat": Told(
        "Contract management board opened", "b.id", "pg_temp.morning(b.opened_on)", "b.opened_by_id",
        "{table} t JOIN governance_board b ON b.id = t.board_id",
    ),
    "governance_meeting": _with_meeting("{table} t JOIN governance_meeting m USING (id)"),
    "governance_attendance": _with_meeting(_OF_MEETING),
    "governance_meetingaction": _with_meeting(_OF_MEETING),
}  # fmt: skip
"""By table; all others came one by one on the first day."""

#: As it stood when it was submitted, where somebody has accepted it since.
_BEFORE_THE_REVIEW: Final = {
    "state": "CASE WHEN t.state = 'draft' THEN 'draft' ELSE 'submitted' END",
    "version": "1",
    "reviewed_at": "NULL::timestamptz",
    "reviewed_by_id": "NULL::bigint",
}


def write_history(cursor: Any, *, began: date) -> None:
    """An insert event for each row of each tracked table, an update event for each return reviewed, and their acts."""
    cursor.execute("CREATE TEMP TABLE scale_act (id uuid, act text, at timestamptz, actor bigint) ON COMMIT DROP")
    for model in apps.get_models():
        tracked = getattr(model, "pgh_tracked_model", None)
        if not issubclass(model, Event) or tracked is None:
            continue
        table = str(tracked._meta.db_table)
        if table == "contracts_monthlyreturn":
            _tell(cursor, model, table, _RETURNED, label="insert", instead=_BEFORE_THE_REVIEW)
            _tell(cursor, model, table, _ACCEPTED, label="update", only="WHERE t.reviewed_at IS NOT NULL")
        else:
            _tell(cursor, model, table, TOLD.get(table) or _one_by_one(tracked, began), label="insert")
    cursor.execute(
        "INSERT INTO pghistory_context (id, created_at, updated_at, metadata)"
        " SELECT DISTINCT ON (a.id) a.id, a.at, a.at, jsonb_build_object('act', a.act, 'actor', a.actor,"
        " 'actor_name', coalesce(u.name, 'the system'), 'at', to_jsonb(a.at))"
        " FROM scale_act a LEFT JOIN accounts_user u ON u.id = a.actor ORDER BY a.id, a.at DESC"
    )


def _one_by_one(tracked: type[Model], began: date) -> Told:
    name = str(tracked._meta.verbose_name).capitalize()
    return Told(f"{name} added", "t.id", f"pg_temp.morning('{began:%Y-%m-%d}')", "NULL::bigint")


def _tell(
    cursor: Any,
    model: type[Event],
    table: str,
    told: Told,
    *,
    label: str,
    instead: dict[str, str] | None = None,
    only: str = "",
) -> None:
    columns = [str(field.column) for field in model._meta.local_fields if not field.name.startswith("pgh_")]
    act = f"md5('{told.act} ' || {told.key})::uuid"
    rows = f"{told.table.format(table=table)} {only}"
    kept = ", ".join((instead or {}).get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, {names})"  # noqa: S608
        f" SELECT {told.at}, '{label}', t.id, {act}, {kept} FROM {rows} ORDER BY 1"
    )
    cursor.execute(
        f"INSERT INTO scale_act SELECT {act}, '{told.act}', max({told.at}), max({told.actor}) FROM {rows} GROUP BY 1"  # noqa: S608
    )
