"""One contract as its page needs it, in one row: its view of a month, and all whom it names."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, DateField, Exists, IntegerField, OuterRef
from django.db.models.functions import JSONObject

from commissioning.access import scope_of
from contracts.models import Contract, ContractDeputy, ContractProvider, ReviewedContract
from contracts.queries.built_once import Given, Prepared
from reporting.queries.month import ReturnMonth, with_view

#: Of what the contract refers to, what its page says.
_RELATED: Final = (
    *(f"unit__{name}" for name in ("code", "name", "return_working_day", "first_return_month", "host__name")),
    *(f"{name}__name" for name in ("service_area", "buyer", "officer", "service_manager", "board")),
    "board__opened_on",
)


class _GivenMonth:
    """Stands for a ReturnMonth in the statement."""

    month = Given("month", DateField())
    previous = Given("previous", DateField())
    last_day = Given("last_day", DateField())
    first_working_day_open = Given("first_working_day_open", IntegerField())


@dataclass(frozen=True)
class Named:
    """A person or an organisation, as far as the page says anything of it."""

    pk: int
    name: str


def viewed(user: Any, pk: int, month: ReturnMonth) -> Any:
    """A contract in sight, with ``with_view``'s columns, ``providers_named``, ``deputies_named``, ``is_own`` and
    ``is_reviewed``, whether it is part of any service review. One query.
    """
    (contract,) = _VIEWED.rows(
        contract=pk,
        month=month.month,
        previous=month.previous,
        last_day=month.last_day,
        first_working_day_open=month.first_working_day_open,
    )
    contract.providers_named = [Named(**each) for each in contract.providers_json]
    contract.deputies_named = [Named(**each) for each in contract.deputies_json]
    people = {user.pk, *scope_of(user).stands_in_for}
    makers = {contract.officer_id, contract.service_manager_id, *(each.pk for each in contract.deputies_named)}
    contract.is_own = not people.isdisjoint(makers)
    return contract


def _all_of_it() -> Any:
    providers = ContractProvider.objects.filter(contract=OuterRef("pk")).order_by("position", "pk")
    deputies = ContractDeputy.objects.filter(contract=OuterRef("pk")).order_by("user__name")
    return (
        with_view(Contract.objects.filter(pk=Given("contract", BigIntegerField())), _GivenMonth())  # type: ignore[arg-type]
        .select_related("unit__host", "service_area", "buyer", "officer", "service_manager", "board")
        .only(*(field.name for field in Contract._meta.concrete_fields), *_RELATED)
        .annotate(
            providers_json=ArraySubquery(
                providers.values(json=JSONObject(pk="organisation_id", name="organisation__name"))
            ),
            deputies_json=ArraySubquery(deputies.values(json=JSONObject(pk="user_id", name="user__name"))),
            is_reviewed=Exists(ReviewedContract.objects.filter(contract=OuterRef("pk"))),
        )
    )


_VIEWED: Final = Prepared(_all_of_it)
