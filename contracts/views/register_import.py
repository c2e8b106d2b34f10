"""Importing a register: upload, preview, answers about providers, confirmation."""

import io
import tempfile
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from contracts import tasks
from contracts.forms.register_import import ProviderAnswersForm, RegisterUploadForm
from contracts.models import RegisterImport
from contracts.queries.register_import import faults_of, import_preview, recent_imports
from contracts.register_files.template import write_template
from contracts.register_files.writing import CONTENT_TYPES, CSV, XLSX, write_csv
from contracts.services.register_import import (
    answer_providers,
    check_again,
    confirm_register,
    is_small,
    receive_register,
)

SPOOLED_BYTES: Final = 1 << 20


def load_import(request: HttpRequest, pk: int) -> RegisterImport:
    return get_object_or_404(RegisterImport.objects.visible_to(request.user).select_related("unit"), pk=pk)


@gate(Permission.EDIT_CONTRACTS)
def register_import(request: HttpRequest) -> HttpResponse:
    """Upload. A file that is no register comes back at once, with every heading at fault named."""
    form = RegisterUploadForm(
        request.POST or None, request.FILES or None, user=request.user, current=current_unit(request)
    )
    if not form.units:
        raise PermissionDenied(Permission.EDIT_CONTRACTS.description)
    if request.method == "POST" and form.is_valid():
        received = _received(request, form)
        if received is not None:
            _start(tasks.check_register_import, received)
            return redirect("register_import_show", pk=received.pk)
    return render(
        request, "contracts/import_upload.html", {"form": form, "recent": list(recent_imports(user=request.user))}
    )


def _received(request: HttpRequest, form: RegisterUploadForm) -> RegisterImport | None:
    unit, file = form.cleaned_data["unit"], form.cleaned_data["file"]
    try:
        return receive_register(unit=unit, name=file.name, content=file.read(), by=request.user)  # type: ignore[arg-type]
    except ValidationError as refusal:
        form.add_error("file", refusal.messages)
        return None


def _start(job: Any, waiting: RegisterImport) -> None:
    """Small files at once, so that no worker is needed for them; large ones as a job that tells how far it is."""
    if is_small(waiting):
        job(waiting.pk)
    else:
        job.delay_on_commit(waiting.pk)


@gate(Permission.EDIT_CONTRACTS)
@require_GET
def register_import_template(request: HttpRequest) -> HttpResponse:
    """The empty register with its guidance; the service areas to choose from are the current unit's."""
    unit = current_unit(request)
    areas = list(unit.service_areas.values_list("name", flat=True)) if unit else []
    stream = io.BytesIO()
    write_template(stream, service_areas=areas)
    stream.seek(0)
    return FileResponse(  # type: ignore[return-value]
        stream, as_attachment=True, filename="contract-register-template.xlsx", content_type=CONTENT_TYPES[XLSX]
    )


@gate(Permission.EDIT_CONTRACTS, load=load_import)
@require_GET
def register_import_show(request: HttpRequest, shown: RegisterImport) -> HttpResponse:
    """How far a job is, or the preview, or what was imported."""
    is_part = request.headers.get("HX-Request") == "true"
    if shown.is_at_work:
        template = "contracts/_import_progress.html" if is_part else "contracts/import_working.html"
        return render(request, template, {"shown": shown})
    if is_part:  # the job is done: the browser loads the whole page
        return HttpResponse(headers={"HX-Refresh": "true"})
    return _preview(request, shown, ProviderAnswersForm(register_import=shown, after=_after(request.GET)))


def _after(given: QueryDict) -> int:
    """The question that the page of questions follows; none where the address was changed by hand."""
    written = given.get("after", "")
    return int(written) if written.isdecimal() and len(written) < 19 else 0


def _preview(request: HttpRequest, shown: RegisterImport, form: ProviderAnswersForm) -> HttpResponse:
    preview = import_preview(
        shown=shown,
        open_questions=len(form.asked),
        outcome=request.GET.get("outcome", ""),
        page=request.GET.get("page"),
    )
    return render(request, "contracts/import_show.html", {"shown": shown, "form": form, "preview": preview})


@gate(Permission.EDIT_CONTRACTS, load=load_import)
@require_POST
def register_import_providers(request: HttpRequest, shown: RegisterImport) -> HttpResponse:
    form = ProviderAnswersForm(request.POST, register_import=shown, after=_after(request.POST))
    if not form.is_valid():
        return _preview(request, shown, form)
    try:
        is_to_check = answer_providers(
            register_import=shown,
            answers=form.answers(),
            by=request.user,  # type: ignore[arg-type]
            rest_are_new=form.rest_are_new,
            more=form.more,
        )
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("register_import_show", pk=shown.pk)
    if not is_to_check:
        return redirect(f"{reverse('register_import_show', args=[shown.pk])}?after={form.here[-1].pk}")
    _start(tasks.check_register_import, shown)
    return redirect("register_import_show", pk=shown.pk)


@gate(Permission.EDIT_CONTRACTS, load=load_import)
@require_POST
def register_import_check(request: HttpRequest, shown: RegisterImport) -> HttpResponse:
    """Compare the file with the register as it is now."""
    check_again(register_import=shown)
    _start(tasks.check_register_import, shown)
    return redirect("register_import_show", pk=shown.pk)


@gate(Permission.EDIT_CONTRACTS, load=load_import)
@require_POST
def register_import_confirm(request: HttpRequest, shown: RegisterImport) -> HttpResponse:
    try:
        confirm_register(register_import=shown, by=request.user)  # type: ignore[arg-type]
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("register_import_show", pk=shown.pk)
    _start(tasks.apply_register_import, shown)
    return redirect("register_import_show", pk=shown.pk)


@gate(Permission.EDIT_CONTRACTS, load=load_import)
@require_GET
def register_import_faults(request: HttpRequest, shown: RegisterImport) -> HttpResponse:
    """Every fault as a line, to hand to whoever keeps the file."""
    stream = tempfile.SpooledTemporaryFile(max_size=SPOOLED_BYTES)  # noqa: SIM115 - the response closes it
    write_csv(["Row", "Reference", "Column", "What is wrong"], faults_of(shown), stream)
    stream.seek(0)
    return FileResponse(  # type: ignore[return-value]
        stream, as_attachment=True, filename=f"import-{shown.pk}-faults.csv", content_type=CONTENT_TYPES[CSV]
    )
