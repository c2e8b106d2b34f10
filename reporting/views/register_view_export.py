"""The register as it is looked at, as a file."""

from typing import IO

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from accounts import clock
from accounts.permissions import Permission
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from commissioning.rules import long_date
from contracts.register_files.tables import write_table
from contracts.register_files.writing import CONTENT_TYPES
from reporting.queries.month import NotAMonth
from reporting.queries.register_export import RegisterExport
from reporting.views.export import file_answer


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
    name = f"contracts-view-{unit.code if unit else 'all-units'}-{view.month.code}-{clock.today().isoformat()}.{fmt}"
    sheet = f"Contracts {view.month.code}"

    def write(stream: IO[bytes]) -> None:
        write_table(view.headings, view.rows(), fmt, stream, sheet=sheet, about=about)

    return file_answer(request, write, name=name, fmt=fmt, what="view")
