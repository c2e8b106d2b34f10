"""The preview of a register import: its rows fifty a page, by what they would do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from contracts.models import ImportedRow, ImportOutcome, ImportState, RegisterImport

PAGE_SIZE: Final = 50
CHUNK: Final = 2_000
DOUBTFUL: Final = "doubtful"


@dataclass(frozen=True)
class ImportPreview:
    """One page of rows. `filters` are (words with count, address, whether chosen); `query` keeps the filter."""

    page: Page
    filters: list[tuple[str, str, bool]]
    query: str
    outcome: str
    may_confirm: bool


def recent_imports(*, user: Any, limit: int = 10) -> QuerySet[RegisterImport]:
    return RegisterImport.objects.visible_to(user).select_related("unit")[:limit]


def import_preview(*, shown: RegisterImport, open_questions: int, outcome: str, page: str | None) -> ImportPreview:
    """Rows of one outcome, or of all where the address names none that is known."""
    if outcome not in (*ImportOutcome.values, DOUBTFUL):
        outcome = ""
    rows = _rows(shown, outcome)
    return ImportPreview(
        page=Paginator(rows, PAGE_SIZE).get_page(page),
        filters=_filters(shown, outcome, doubtful=_rows(shown, DOUBTFUL).count() if open_questions else 0),
        query=f"outcome={outcome}" if outcome else "",
        outcome=outcome,
        may_confirm=shown.state == ImportState.CHECKED
        and not shown.at_fault
        and not open_questions
        and bool(shown.to_write),
    )


def _rows(shown: RegisterImport, outcome: str) -> QuerySet[ImportedRow]:
    rows = shown.rows.order_by("number").defer("values")
    if outcome == DOUBTFUL:
        return rows.filter(is_doubtful=True)
    return rows.filter(outcome=outcome) if outcome else rows


def _filters(shown: RegisterImport, chosen: str, *, doubtful: int) -> list[tuple[str, str, bool]]:
    counted = [
        ("", "All rows", shown.rows_total),
        (ImportOutcome.FAULT, "At fault", shown.at_fault),
        (ImportOutcome.CREATE, "To create", shown.to_create),
        (ImportOutcome.CHANGE, "To change", shown.to_change),
        (ImportOutcome.SAME, "Unchanged", shown.unchanged),
        (DOUBTFUL, "Doubtful provider", doubtful),
    ]
    return [
        (f"{words} ({count:,})", f"?outcome={code}" if code else "?", code == chosen)
        for code, words, count in counted
        if count or not code
    ]


def faults_of(shown: RegisterImport) -> Iterator[list[Any]]:
    """Row, reference, column and sentence of every fault, in the order of the file and read as it is asked for."""
    at_fault = shown.rows.filter(outcome=ImportOutcome.FAULT).order_by("number")
    for number, reference, faults in at_fault.values_list("number", "reference", "faults").iterator(chunk_size=CHUNK):
        for header, said in faults:
            yield [number, reference, header, said]
