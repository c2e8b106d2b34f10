"""The balanced scorecard of a month, line by line."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.services.conflict import Conflict
from contracts.choices import Perspective, Standing
from contracts.models import Contract, ScorecardLine
from contracts.queries.grade_views import nothing_to_grade
from contracts.queries.scorecard import version_of
from contracts.queries.standing_in import acting_for

WORDS_LENGTH: Final = 600


@dataclass(frozen=True)
class Judged:
    """One perspective as it is judged; without a standing it is not judged yet."""

    standing: str = ""
    words: str = ""


def save_scorecard(
    *, contract: Contract, month: datetime.date, judged: Mapping[Perspective, Judged], version: int, by: User
) -> list[ScorecardLine]:
    """Save the lines that changed. ``version`` is that of the whole scorecard, 0 where nothing was there.

    Raises ValidationError keyed by perspective, or Conflict with the lines as they stand.
    """
    _refuse_faults(contract, month, judged)
    absent = acting_for(contract, by)
    with act("Balanced scorecard saved", by=by, on_behalf_of=absent):
        Contract.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=contract.pk)
        rows = ScorecardLine.objects.select_related("saved_by").select_for_update(of=("self",))
        stored = {row.perspective: row for row in rows.filter(contract=contract, month=month)}
        changed = [
            (perspective, each)
            for perspective, each in judged.items()
            if each.standing and not _is_kept(each, stored.get(perspective))
        ]
        if changed and version_of(stored.values()) != version:
            raise Conflict(list(stored.values()))
        lines = []
        for perspective, each in changed:
            row = stored.get(perspective) or ScorecardLine(contract=contract, month=month, version=0)
            lines.append(_write(row, perspective, each, by))
        return lines


def _is_kept(judged: Judged, row: ScorecardLine | None) -> bool:
    return row is not None and (row.standing, row.words) == (judged.standing, judged.words.strip())


def _write(row: ScorecardLine, perspective: Perspective, judged: Judged, by: User) -> ScorecardLine:
    row.perspective, row.standing, row.words = perspective, judged.standing, judged.words.strip()
    row.saved_by, row.saved_at = by, clock.now()
    row.version += 1
    row.full_clean()
    row.save()
    return row


def _refuse_faults(contract: Contract, month: datetime.date, judged: Mapping[Perspective, Judged]) -> None:
    fault = nothing_to_grade(contract, month)
    if fault:
        raise ValidationError(fault)
    faults: dict[str, str] = {}
    for perspective, each in judged.items():
        if each.standing not in ("", *Standing.values) or (each.words.strip() and not each.standing):
            faults[perspective.value] = "Choose strong, sound or weak."
        elif len(each.words.strip()) > WORDS_LENGTH:
            faults[f"{perspective.value}_words"] = f"Use {WORDS_LENGTH} characters or fewer."
    if faults:
        raise ValidationError(faults)
    if not any(each.standing for each in judged.values()):
        raise ValidationError("Judge at least one of the five before you save.")
