"""The register as it is looked at, as a file."""

import tempfile

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts import clock
from accounts.permissions import Permission
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from commissioning.rules import long_date
from contracts.register_files.tables import write_table
from contracts.register_files.writing import CONTENT_TYPES, TooLongForWorkbook
from reporting.queries.month import NotAMonth
from reporting.queries.register_export import RegisterExport
from reporting.views.export import SPOOLED_BYTES


@gate(Permission.EXPORT_CONTRACTS)
def register_view_export(request: HttpRequest, fmt: str) -> HttpResponse:
    """The columns, order and filter of the register page with the same address; not to be imported again."""
    if fmt not in CONTENT_TYPES:
        raise Http404("A view is exported as .xlsx or .csv.")
    unit = current_unit(request)
    try:
        view = RegisterExport(user=request.user, unit=unit, params=request.GET)
    except NotAMonth as error:
        raise Http404("There is no return month with this name.") from error
    page = request.build_absolute_uri(f"{reverse('register')}?{request.GET.urlencode()}")
    about = [*view.about(address=page), ("Exported", f"{long_date(clock.today())} by {request.user}")]
    stream = tempfile.SpooledTemporaryFile(max_size=SPOOLED_BYTES)  # noqa: SIM115 - the response closes it
    try:
        write_table(view.headings, view.rows(), fmt, stream, sheet=f"Contracts {view.month.code}", about=about)
    except TooLongForWorkbook as refusal:
        stream.close()
        messages.error(request, f"{refusal} A workbook cannot hold it: export the view as .csv.")
        return redirect("register")
    stream.seek(0)
    name = f"contracts-view-{unit.code if unit else 'all-units'}-{view.month.code}-{clock.today().isoformat()}.{fmt}"
    return FileResponse(  # type: ignore[return-value]
        stream, as_attachment=True, filename=name, content_type=CONTENT_TYPES[fmt]
    )
