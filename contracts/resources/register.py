"""The register as a django-import-export resource: one field a column, for reading rows and for writing them."""

import datetime
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

from contracts.choices import Management, NoticeGivenBy, NoticeKind, ProcurementRegime, ProcurementRoute
from contracts.models.contract import LONGEST_DESCRIPTION
from contracts.resources.columns import BY_NAME, COLUMNS
from contracts.resources.parties import read_identifier, read_provider_name, read_share, write_share
from contracts.resources.widgets import (
    ChoiceWidget,
    DateWidget,
    EmailWidget,
    ListWidget,
    MoneyWidget,
    MonthsWidget,
    TextWidget,
    read_date,
    read_email,
    read_months,
)


class Fault(NamedTuple):
    """What is wrong in one column of a row, as a sentence."""

    header: str
    sentence: str


class CleanRow(NamedTuple):
    """The cells of a row that could be read, by column name, and the faults of those that could not."""

    values: dict[str, Any]
    faults: list[Fault]


def uk_date(day: datetime.date) -> str:
    return f"{day:%d/%m/%Y}"


def _field(name: str, widget: Widget) -> Field:
    return Field(attribute=name, column_name=BY_NAME[name].header, widget=widget)


class RegisterResource(Resource):
    """Reads a row into plain values and writes a contract's values as cells.

    What a row would do to the register, and the writing of it, is not done row by row: `comparison` judges all rows
    against dictionaries and `services.register_import` writes them in sets.
    """

    reference = _field("reference", TextWidget(most=60, needed="Every contract needs a reference."))
    title = _field("title", TextWidget(most=300, needed="Every contract needs a title."))
    description = _field("description", TextWidget(most=LONGEST_DESCRIPTION))
    service_area = _field("service_area", TextWidget(most=120))
    providers = _field("providers", ListWidget(read_provider_name, str))
    identifiers = _field("identifiers", ListWidget(read_identifier, str, keeps_empty_places=True))
    officer = _field("officer", EmailWidget())
    deputies = _field("deputies", ListWidget(read_email, str))
    service_manager = _field("service_manager", EmailWidget())
    management = _field("management", ChoiceWidget(Management))
    procurement_regime = _field("procurement_regime", ChoiceWidget(ProcurementRegime))
    procurement_route = _field("procurement_route", ChoiceWidget(ProcurementRoute))
    annual_value = _field("annual_value", MoneyWidget())
    whole_life_value = _field("whole_life_value", MoneyWidget())
    funding = _field("funding", ListWidget(read_share, write_share))
    start = _field("start", DateWidget())
    initial_end = _field("initial_end", DateWidget())
    options = _field("options", ListWidget(read_months, str))
    exercised = _field("exercised", ListWidget(read_date, uk_date, keeps_empty_places=True))
    used = _field("used", ListWidget(read_months, str, keeps_empty_places=True))
    notice_months = _field("notice_months", MonthsWidget())
    notice_given_on = _field("notice_given_on", DateWidget())
    notice_given_by = _field("notice_given_by", ChoiceWidget(NoticeGivenBy))
    notice_kind = _field("notice_kind", ChoiceWidget(NoticeKind))
    notice_ends_on = _field("notice_ends_on", DateWidget())

    def clean_row(self, cells: Mapping[str, Any]) -> CleanRow:
        """Read the cells given by heading; a column that the file lacks is in neither part of the answer."""
        values: dict[str, Any] = {}
        faults = []
        for name, field in self.fields.items():
            if field.column_name not in cells:
                continue
            try:
                values[name] = field.clean(cells)
            except ValueError as refusal:
                faults.append(Fault(field.column_name, str(refusal)))
        return CleanRow(values, faults)

    def cells_of(self, values: Mapping[str, Any]) -> list[Any]:
        """The cells of a contract's values in the order of the columns: dates, numbers and text."""
        return [render(values[name]) for name, render in self._renders]

    @cached_property
    def _renders(self) -> list[tuple[str, Callable[[Any], Any]]]:
        """What each column's field exports by, found once: an export asks for it a million times."""
        return [(column.name, self.fields[column.name].widget.render) for column in COLUMNS]
