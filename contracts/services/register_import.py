"""A register file from the upload to the confirmation: received, checked, questions answered, confirmed."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.models import CommissioningUnit
from contracts.models import ImportedRow, ImportOutcome, ImportState, ProviderQuestion, RegisterImport
from contracts.register_files.reading import Table, read_table
from contracts.register_files.workbooks import Unreadable
from contracts.resources.columns import BY_NAME, Layout, layout_of
from contracts.resources.comparison import Judge, Judged
from contracts.resources.providers import NEW, Question
from contracts.resources.register import CleanRow, RegisterResource
from contracts.resources.stored import to_json
from contracts.resources.surroundings import surroundings_of

SMALL: Final = 500
"""Rows that are checked while the person waits; more are a job."""
PROGRESS_STEPS: Final = 10
BATCH: Final = 10_000

Progress = Callable[[int], None]


def receive_register(*, unit: CommissioningUnit, name: str, content: bytes, by: User) -> RegisterImport:
    """Keep the file; raises ValidationError where it is no register, naming each heading at fault."""
    table, _ = _opened(content)
    register_import = RegisterImport(
        unit=unit,
        file_name=name[-200:],
        uploaded_at=clock.now(),
        uploaded_by=by,
        rows_total=len(table.rows),
    )
    with act("Register file received", by=by, reason=name):
        register_import.file.save(name, ContentFile(content), save=False)
        register_import.save()
    return register_import


def _opened(content: bytes) -> tuple[Table, Layout]:
    try:
        table = read_table(content)
    except Unreadable as refusal:
        raise ValidationError({"file": str(refusal)}) from None
    layout = layout_of(table.headings)
    if layout.faults:
        raise ValidationError({"file": layout.faults})
    return table, layout


def is_small(register_import: RegisterImport) -> bool:
    return register_import.rows_total <= SMALL


# The check


def check_register(*, register_import_id: int) -> None:
    """Judge every row and keep the verdicts. Run twice or broken off, it does no harm: the last one counts."""
    waiting = RegisterImport.objects.filter(
        pk=register_import_id, state__in=[ImportState.RECEIVED, ImportState.CHECKING]
    )
    if not waiting.update(state=ImportState.CHECKING, rows_done=0):
        return
    register_import = RegisterImport.objects.select_related("unit", "uploaded_by").get(pk=register_import_id)
    with register_import.file.open("rb") as stream:
        table, layout = _opened(stream.read())
    rows = _cleaned(table, layout, progress=_progress_of(register_import, first=0))
    answers = dict(register_import.provider_questions.exclude(answer="").values_list("key", "answer"))
    around = surroundings_of(
        unit=register_import.unit,
        user=register_import.uploaded_by,
        day=clock.today(),
        rows=[row.values for _, row in rows],
        answers=answers,
    )
    judge = Judge(around)
    progress = _progress_of(register_import, first=len(rows) // 2)
    verdicts = [judge.judge(number, row) for number, row in _counted(rows, progress)]
    _keep_verdicts(
        register_import,
        verdicts,
        questions=around.matcher.questions,
        answers=answers,
        new_providers=around.matcher.new_providers(),
        new_areas=judge.new_areas,
    )


def _progress_of(register_import: RegisterImport, *, first: int) -> Progress:
    """Two passes over the rows make the whole, so each row counts half in each."""

    def tell(done: int) -> None:
        RegisterImport.objects.filter(pk=register_import.pk).update(rows_done=first + done // 2)

    return tell


def _counted(rows: list[Any], progress: Progress) -> Any:
    """The rows, telling the progress a fixed number of times."""
    marks = {len(rows) * step // PROGRESS_STEPS for step in range(1, PROGRESS_STEPS + 1)}
    for done, row in enumerate(rows, start=1):
        yield row
        if len(rows) > SMALL and done in marks:
            progress(done)


def _cleaned(table: Table, layout: Layout, *, progress: Progress) -> list[tuple[int, CleanRow]]:
    resource = RegisterResource()
    places = [(BY_NAME[name].header, place) for name, place in layout.places.items()]
    return [
        (
            row.number,
            resource.clean_row(
                {header: row.cells[place] if place < len(row.cells) else "" for header, place in places}
            ),
        )
        for row in _counted(table.rows, progress)
    ]


def _keep_verdicts(
    register_import: RegisterImport,
    verdicts: list[Judged],
    *,
    questions: Mapping[str, Question],
    answers: Mapping[str, str],
    new_providers: list[dict[str, Any]],
    new_areas: list[str],
) -> None:
    counts = dict.fromkeys(ImportOutcome, 0) | _count(verdicts)
    with transaction.atomic():
        held = RegisterImport.objects.select_for_update().get(pk=register_import.pk)
        if held.state != ImportState.CHECKING:
            return
        held.rows.all().delete()
        held.provider_questions.all().delete()
        ImportedRow.objects.bulk_create((_row(held, verdict) for verdict in verdicts), batch_size=BATCH)
        ProviderQuestion.objects.bulk_create(_question(held, key, asked, answers) for key, asked in questions.items())
        held.to_create = counts[ImportOutcome.CREATE]
        held.to_change = counts[ImportOutcome.CHANGE]
        held.unchanged = counts[ImportOutcome.SAME]
        held.at_fault = counts[ImportOutcome.FAULT]
        held.new_providers = new_providers
        held.new_service_areas = new_areas
        held.rows_done = held.rows_total
        held.state = ImportState.CHECKED
        held.save()


def _count(verdicts: list[Judged]) -> dict[Any, int]:
    counts: dict[Any, int] = {}
    for verdict in verdicts:
        counts[verdict.outcome] = counts.get(verdict.outcome, 0) + 1
    return counts


def _row(register_import: RegisterImport, verdict: Judged) -> ImportedRow:
    values = verdict.values
    to_write = verdict.outcome in (ImportOutcome.CREATE, ImportOutcome.CHANGE)
    days = {name: values.get(name) for name in ("start", "initial_end") if BY_NAME[name].header not in verdict.unread}
    return ImportedRow(
        register_import=register_import,
        number=verdict.number,
        reference=values.get("reference") or "",
        title=(values.get("title") or ""),
        start=days.get("start"),
        initial_end=days.get("initial_end"),
        outcome=verdict.outcome,
        is_doubtful=verdict.is_doubtful,
        changes=verdict.changes,
        faults=verdict.faults,
        values=to_json(values) if to_write else {},
        contract_id=verdict.stored.pk if verdict.stored else None,
        fingerprint=verdict.stored.fingerprint if verdict.stored else "",
    )


def _question(
    register_import: RegisterImport, key: str, asked: Question, answers: Mapping[str, str]
) -> ProviderQuestion:
    return ProviderQuestion(
        register_import=register_import,
        key=key,
        name=asked.named.name,
        candidates=[[str(candidate), name] for candidate, name in asked.candidates],
        answer=answers.get(key, ""),
    )


# What the person does with the preview


def check_again(*, register_import: RegisterImport, note: str = "") -> None:
    """Put a file back in the queue to be checked, unless it is being imported or was."""
    checkable = [ImportState.RECEIVED, ImportState.CHECKING, ImportState.CHECKED, ImportState.FAILED]
    RegisterImport.objects.filter(pk=register_import.pk, state__in=checkable).update(
        state=ImportState.RECEIVED, rows_done=0, note=note
    )


def answer_providers(
    *,
    register_import: RegisterImport,
    answers: Mapping[int, str],
    by: User,
    rest_are_new: bool = False,
    more: bool = False,
) -> bool:
    """Keep what the person says of doubtful names, by question; whether the file is now to be checked with them.

    `rest_are_new` answers every question that is left. With `more` to come the check waits, while one is left.
    """
    with act("Doubtful providers answered", by=by, reason=register_import.file_name):
        held = RegisterImport.objects.select_for_update().get(pk=register_import.pk)
        if held.state != ImportState.CHECKED:
            raise ValidationError("This import is at work. Wait until it is done.")
        questions = list(held.provider_questions.all())
        for question in questions:
            question.answer = answers.get(question.pk, question.answer) or (NEW if rest_are_new else "")
        ProviderQuestion.objects.bulk_update(questions, ["answer"])
        if more and not all(question.answer for question in questions):
            return False
        held.state = ImportState.RECEIVED
        held.rows_done = 0
        held.note = ""
        held.save(update_fields=["state", "rows_done", "note"])
        return True


def confirm_register(*, register_import: RegisterImport, by: User) -> None:
    """Let the import begin: all rows or none. Raises ValidationError where it may not; twice is once."""
    with act("Register import confirmed", by=by, reason=register_import.file_name):
        held = RegisterImport.objects.select_for_update().get(pk=register_import.pk)
        if held.state in (ImportState.CONFIRMED, ImportState.APPLIED):
            return
        if held.state != ImportState.CHECKED:
            raise ValidationError("This file has not been checked yet.")
        if held.at_fault:
            raise ValidationError("Mend the rows at fault and upload the file again: all rows are imported or none.")
        if held.provider_questions.filter(answer="").exists():
            raise ValidationError("Say of each doubtful provider whether it is one already known.")
        if not held.to_write:
            raise ValidationError("There is nothing to import: the register already says what the file says.")
        held.state = ImportState.CONFIRMED
        held.confirmed_at = clock.now()
        held.confirmed_by = by
        held.save(update_fields=["state", "confirmed_at", "confirmed_by"])


def mark_failed(*, register_import_id: int) -> None:
    """After a fault of ours: say so, instead of showing a job that never ends."""
    RegisterImport.objects.filter(pk=register_import_id).exclude(state=ImportState.APPLIED).update(
        state=ImportState.FAILED,
        note="Something went wrong on our side and nothing was imported. Check the file again.",
    )
