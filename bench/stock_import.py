"""What a stock import would be: a resource of django-import-export, as its documentation would have it written.

Foreign keys by ForeignKeyWidget, many-to-many by ManyToManyWidget, a row found again by its unit and reference. Of our
checks it has none; what the table cannot be without (address, who added it) is filled in before a row is saved.
"""

from typing import Any

from django.db.models import QuerySet
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget, ManyToManyWidget

from accounts.models import User
from commissioning.models import CommissioningUnit, Organisation, ServiceArea
from commissioning.rules import slug_of
from contracts.models import Contract


class OfUnit(ForeignKeyWidget):
    """A service area of the row's unit: units name theirs alike."""

    def get_queryset(self, value: Any, row: Any, *args: Any, **kwargs: Any) -> QuerySet[ServiceArea]:
        return ServiceArea.objects.filter(unit__code=row["Unit"])


class StockContracts(ModelResource):
    unit = Field(attribute="unit", column_name="Unit", widget=ForeignKeyWidget(CommissioningUnit, "code"))
    reference = Field(attribute="reference", column_name="Reference")
    title = Field(attribute="title", column_name="Title")
    description = Field(attribute="description", column_name="Description")
    service_area = Field(attribute="service_area", column_name="Service area", widget=OfUnit(ServiceArea, "name"))
    providers = Field(
        attribute="providers",
        column_name="Providers",
        widget=ManyToManyWidget(Organisation, field="name", separator="|"),
    )
    officer = Field(attribute="officer", column_name="Contract officer", widget=ForeignKeyWidget(User, "email"))
    deputies = Field(
        attribute="deputies", column_name="Deputies", widget=ManyToManyWidget(User, field="email", separator="|")
    )
    service_manager = Field(
        attribute="service_manager", column_name="Service manager", widget=ForeignKeyWidget(User, "email")
    )

    class Meta:
        model = Contract
        import_id_fields = ("unit", "reference")
        fields = (
            "unit",
            "reference",
            "title",
            "description",
            "service_area",
            "providers",
            "officer",
            "deputies",
            "service_manager",
            "management",
            "procurement_regime",
            "procurement_route",
            "annual_value",
            "whole_life_value",
            "start",
            "initial_end",
            "notice_months",
        )

    def __init__(self, *, by: User) -> None:
        super().__init__()
        self.by = by

    def before_save_instance(self, instance: Contract, row: Any, **kwargs: Any) -> None:
        instance.slug = slug_of(instance.reference)
        instance.created_by = self.by
