"""The register as it is filtered, as a file."""

import tempfile
from collections.abc import Callable, Mapping
from typing import IO, Any, Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import clock
from accounts.permissions import Permission
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from contracts.choices import Risk
from contracts.register_files.export_rows import Reading
from contracts.register_files.sheets import TooLongForWorkbook
from contracts.register_files.writing import CONTENT_TYPES, write_register
from reporting.queries.month import NotAMonth, chosen_month
from reporting.queries.register import filtered_contracts
from reporting.queries.words import month_and_year

SPOOLED_BYTES: Final = 1 << 20


@gate(Permission.EXPORT_CONTRACTS)
def register_export(request: HttpRequest, fmt: str) -> HttpResponse:
    """Exactly what the register page with the same address shows, of the contracts the person may export."""
    if fmt not in CONTENT_TYPES:
        raise Http404("A register is exported as .xlsx or .csv.")
    unit = current_unit(request)
    try:
        contracts = filtered_contracts(user=request.user, unit=unit, params=request.GET)
    except NotAMonth as error:
        raise Http404("There is no return month with this name.") from error
    mine = contracts.visible_to(request.user, Permission.EXPORT_CONTRACTS)
    name = f"contracts-{unit.code if unit else 'all-units'}-{clock.today().isoformat()}.{fmt}"

    def write(stream: IO[bytes]) -> None:
        write_register(mine, fmt, stream, extra=view_readings(request.GET))

    return file_answer(request, write, name=name, fmt=fmt, what="register")


def file_answer(
    request: HttpRequest, write: Callable[[IO[bytes]], None], *, name: str, fmt: str, what: str
) -> HttpResponse:
    """What is written, to be saved under the name; back to the register where a text is too long for a workbook."""
    stream = tempfile.SpooledTemporaryFile(max_size=SPOOLED_BYTES)  # noqa: SIM115 - the response closes it
    try:
        write(stream)
    except TooLongForWorkbook as refusal:
        stream.close()
        messages.error(request, f"{refusal} A workbook cannot hold it: export the {what} as .csv.")
        return redirect("register")
    stream.seek(0)
    return FileResponse(  # type: ignore[return-value]
        stream, as_attachment=True, filename=name, content_type=CONTENT_TYPES[fmt]
    )


def view_readings(params: Mapping[str, Any]) -> list[Reading]:
    """What each contract says for the month that the address chooses: risk and JET, two columns, never one.

    Until the month's return is due last month's may stand, so a third column says of which month they are.
    """
    month = month_and_year(chosen_month(params.get("month"), today=clock.today()).month)
    return [
        Reading(f"Risk, {month}", ["risk", "is_due"], _risk),
        Reading(f"JET, {month}", ["risk", "jet"], _jet),
        Reading("Risk and JET as returned for", ["view_month"], _returned_for),
    ]


def _risk(row: Mapping[str, Any]) -> str:
    if not row["is_due"]:
        return "No return expected"
    return Risk(row["risk"]).label if row["risk"] else "No current view"


def _returned_for(row: Mapping[str, Any]) -> str:
    return month_and_year(row["view_month"]) if row["view_month"] else ""


def _jet(row: Mapping[str, Any]) -> int | str:
    if not row["risk"]:
        return ""
    return "Not assessed" if row["jet"] is None else row["jet"]
