"""One contract as its page needs it, in one row: its view of a month, and all whom it names."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, DateField, Exists, IntegerField, Model, OuterRef, Subquery
from django.db.models.functions import JSONObject

from accounts.models import User
from commissioning.access import scope_of
from commissioning.models import Organisation, ServiceArea
from contracts.models import Contract, ContractDeputy, ContractProvider, ReviewedContract
from contracts.queries.built_once import Given, Prepared
from governance.models import Board
from reporting.queries.month import ReturnMonth, with_view


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
    """A contract in sight with its unit, ``with_view``'s columns, and the names of what it refers to or None.

    Besides ``providers_named``, ``deputies_named``, ``is_own``, and ``is_reviewed``: whether it is part of any service
    review. One query.
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
    contracts = Contract.objects.filter(pk=Given("contract", BigIntegerField())).select_related("unit")
    return with_view(contracts, _GivenMonth()).annotate(  # type: ignore[arg-type]
        host_name=_of(Organisation, "unit__host"),
        area_name=_of(ServiceArea, "service_area"),
        buyer_name=_of(Organisation, "buyer"),
        officer_name=_of(User, "officer"),
        service_manager_name=_of(User, "service_manager"),
        board_name=_of(Board, "board"),
        board_opened_on=_of(Board, "board", column="opened_on"),
        providers_json=ArraySubquery(
            providers.values(json=JSONObject(pk="organisation_id", name="organisation__name"))
        ),
        deputies_json=ArraySubquery(deputies.values(json=JSONObject(pk="user_id", name="user__name"))),
        is_reviewed=Exists(ReviewedContract.objects.filter(contract=OuterRef("pk"))),
    )


def _of(model: type[Model], key: str, *, column: str = "name") -> Subquery:
    """A dozen joins in one statement take the database longer to plan than all else here takes."""
    return Subquery(model._default_manager.filter(pk=OuterRef(key)).values(column))


_VIEWED: Final[Prepared[Any]] = Prepared(_all_of_it)
