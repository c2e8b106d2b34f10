"""Which of a person's own contracts each row is of; and, in their words, which rows are of none that can be taken."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from contracts.queries.closing import closed_words
from contracts.queries.grid import GridRow
from contracts.register_files.formulas import unguarded
from contracts.return_files.columns import key_of
from contracts.return_files.reading import StatedRow, shortened


@dataclass
class Brought:
    """What the grid is to show, by contract, as its form sends it; and what is to be said of the rows."""

    values: dict[int, dict[str, str]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


def matched(rows: Sequence[StatedRow], own: Sequence[GridRow], *, month: datetime.date) -> Brought:
    """``own`` are all contracts that the person returns, whether or not they owe the month's."""
    index = _Index(own)
    of_contract: dict[int, tuple[GridRow, list[StatedRow]]] = {}
    notes: list[tuple[int, str]] = []
    for row in rows:
        found = index.of(row)
        if isinstance(found, str):
            notes.append((row.number, f"Row {row.number}: {found}"))
        else:
            of_contract.setdefault(found.contract.pk, (found, []))[1].append(row)
    brought = Brought()
    for found, mine in of_contract.values():
        notes += [(mine[0].number, note) for note in _take(brought, found, mine, month)]
    brought.said = [note for _, note in sorted(notes, key=lambda each: each[0])]
    return brought


def _take(brought: Brought, own: GridRow, rows: Sequence[StatedRow], month: datetime.date) -> list[str]:
    """Fill one contract, and say what is to be said of its rows."""
    if len(rows) > 1:
        numbers = [str(row.number) for row in rows]
        listed = f"{', '.join(numbers[:-1])} and {numbers[-1]}"
        none = "neither" if len(rows) == 2 else "none"
        return [f"Rows {listed}: they are of the same contract, {own.contract.reference}, so {none} was taken."]
    [row] = rows
    refusal = _refusal(own, month)
    if refusal:
        return [f"Row {row.number}: {refusal}"]
    brought.values[own.contract.pk] = row.values
    return [f"Row {row.number}: {fault}" for fault in row.faults]


def _refusal(own: GridRow, month: datetime.date) -> str:
    reference = own.contract.reference
    if own.closed:
        return f"{closed_words(own.closed)} Open the return of {reference} by itself to amend it with a reason."
    if own.is_done:
        return f"The return of {reference} has been accepted. Ask for it to be sent back to change it."
    if not own.contract.expects_return(month):
        return f"No return is expected of {reference} for {month:%B %Y}."
    return ""


class _Index:
    """The person's own contracts by what a row may call them."""

    def __init__(self, own: Iterable[GridRow]) -> None:
        self.by_reference: dict[str, list[GridRow]] = {}
        self.by_slug: dict[str, list[GridRow]] = {}
        for row in own:
            self.by_reference.setdefault(key_of(row.contract.reference), []).append(row)
            self.by_slug.setdefault(key_of(row.contract.slug), []).append(row)

    def of(self, row: StatedRow) -> GridRow | str:
        """The contract, or why there is none. Of a contract that is not one's own no more is said than of nothing."""
        if not row.reference:
            return "There is no reference."
        found = self._called(row.reference) or self._called(unguarded(row.reference))
        if row.unit:
            wanted = key_of(row.unit)
            found = [
                each for each in found if wanted in map(key_of, (each.contract.unit.name, each.contract.unit.code))
            ]
        if len(found) > 1:
            units = " and ".join(f"“{each.contract.unit.name}”" for each in found)
            return f"{found[0].contract.reference} is used by {units}. Add a column Unit that says which is meant."
        if not found:
            where = f" in “{shortened(row.unit)}”" if row.unit else ""
            return f"“{shortened(row.reference)}”{where} is not a contract that you return."
        return found[0]

    def _called(self, reference: str) -> list[GridRow]:
        """By the reference, else as it stands in addresses."""
        return self.by_reference.get(key_of(reference)) or self.by_slug.get(key_of(reference), [])


def _names_of(own: GridRow) -> tuple[str, str]:
    """By which a row may name the contract's unit."""
    return key_of(own.contract.unit.name), key_of(own.contract.unit.code)
