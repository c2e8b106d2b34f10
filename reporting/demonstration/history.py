"""The history of the demonstration, dated as its world has it.

The triggers stamp every event with the moment of writing, which for a world loaded at one go is no date of it. So the
loading, and nothing else, dates the events that it has itself just caused by the days of the rows; and its acts, which
all say that they happened on the day of the loading, say that no longer.
"""

from typing import Final

import pgtrigger
from django.db import connection

_RECORDED: Final = "timestamptz '2012-10-15 09:00 Europe/London'"
_DAY_OF_THE_WORLD: Final = "timestamptz '2014-11-04 07:00 Europe/London'"
_LATEST: Final = "timestamptz '2014-10-20 09:00 Europe/London'"
_ADDED: Final = f"""
    greatest({_RECORDED}, least({_LATEST}, ((c.start - 45) + time '09:00') AT TIME ZONE 'Europe/London'))
"""
"""A contract comes on the register 45 days before it starts, the first ones when the register was loaded."""

_OPTION_TAKEN: Final = """
    (SELECT (o.exercised_on + time '10:00') AT TIME ZONE 'Europe/London' FROM contracts_extensionoption o
     WHERE o.contract_id = c.id AND e.exercised_months = (
        SELECT sum(coalesce(earlier.used_months, earlier.months)) FROM contracts_extensionoption earlier
        WHERE earlier.contract_id = c.id AND earlier.position <= o.position))
"""

_JUST_CAUSED: Final = "e.pgh_created_at = now()"
"""PostgreSQL's now() is the start of the transaction, and the triggers stamp with it."""


def _at(day: str) -> str:
    """The morning of a day given as SQL; what was before the register is loaded came with the loading."""
    return f"greatest({_RECORDED}, ({day} + time '09:00') AT TIME ZONE 'Europe/London')"


# What was known before the register was loaded came with the loading; greatest() leaves out a moment not known.
#: For each table of events, the moment of an event (e), with its contract (c) where it has one.
MOMENTS: Final = {
    "accounts_userevent": _RECORDED,
    "commissioning_organisationevent": _RECORDED,
    "commissioning_membershipevent": _RECORDED,
    "commissioning_commissioningunitevent": _RECORDED,
    "commissioning_unitpartnerevent": "(e.joined_on + time '09:00') AT TIME ZONE 'Europe/London'",
    "contracts_contractrestrictionevent": _DAY_OF_THE_WORLD,
    "contracts_restrictionnamedevent": _DAY_OF_THE_WORLD,
    "contracts_monthreviewevent": "e.closed_at",
    "contracts_kpireadingevent": "e.saved_at",
    "contracts_gradeviewevent": "e.recorded_at",
    "contracts_outcomeevent": "e.proposed_at",
    "contracts_performancenoticeevent": _at("e.issued_on"),
    "contracts_scorecardlineevent": "e.saved_at",
    "contracts_lifeeventevent": "e.recorded_at",
    "contracts_kpievent": _at("e.first_month"),
    "contracts_kpitargetevent": _at("e.from_month"),
    "contracts_improvementplanevent": _at("e.agreed_on"),
    "contracts_planstepevent": _at("(SELECT agreed_on FROM contracts_improvementplan p WHERE p.id = e.plan_id)"),
    "contracts_servicereviewevent": _at("e.opened_on"),
    **dict.fromkeys(
        ("contracts_reviewedcontractevent", "contracts_reviewelementevent", "contracts_reviewoptionevent"),
        _at("(SELECT opened_on FROM contracts_servicereview r WHERE r.id = e.review_id)"),
    ),
    "governance_boardevent": _at("e.opened_on"),
    "governance_seatevent": _at("e.since"),
    "governance_meetingevent": "e.recorded_at",
    **dict.fromkeys(
        ("governance_attendanceevent", "governance_meetingactionevent"),
        "(SELECT recorded_at FROM governance_meeting m WHERE m.id = e.meeting_id)",
    ),
    "contracts_monthlyreturnevent": "coalesce(e.reviewed_at, e.submitted_at, e.saved_at)",
}
CONTRACT_MOMENTS: Final = {
    "contracts_contractevent": (
        "id", f"CASE WHEN e.is_restricted THEN {_DAY_OF_THE_WORLD} ELSE greatest({_ADDED}, {_OPTION_TAKEN}) END"
    ),
    "contracts_contractproviderevent": ("contract_id", _ADDED),
    "contracts_contractfundingevent": ("contract_id", _ADDED),
    "contracts_extensionoptionevent": (
        "contract_id", f"greatest({_ADDED}, (e.exercised_on + time '10:00') AT TIME ZONE 'Europe/London')"
    ),
}  # fmt: skip


def date_history() -> None:
    """Runs in the transaction of the loading; statements are put together from this module's own words only."""
    with pgtrigger.ignore(*_append_only(), "contracts.Contract:update_update"), connection.cursor() as cursor:
        for table, moment in MOMENTS.items():
            cursor.execute(f"UPDATE {table} e SET pgh_created_at = {moment} WHERE {_JUST_CAUSED}")  # noqa: S608
        for table, (contract, moment) in CONTRACT_MOMENTS.items():
            cursor.execute(
                f"UPDATE {table} e SET pgh_created_at = {moment} "  # noqa: S608
                f"FROM contracts_contract c WHERE c.id = e.{contract} AND {_JUST_CAUSED}"
            )
        cursor.execute(f"UPDATE contracts_contract c SET created_at = {_ADDED}")  # noqa: S608
        cursor.execute("UPDATE pghistory_context SET metadata = metadata - 'at' WHERE created_at = now()")


def _append_only() -> list[str]:
    return [
        trigger.get_uri(model)
        for model, trigger in pgtrigger.registered()
        if trigger.name == "append_only" and model._meta.db_table in MOMENTS | CONTRACT_MOMENTS
    ]
