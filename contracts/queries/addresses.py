"""The same page of many contracts: its pattern is looked up once, as a look-up costs more than the rest of a row."""

from typing import Final

from django.urls import reverse

from contracts.models import Contract

_ANY: Final = "any-contract"
_ANY_NUMBER: Final = 1_234_567_890


class AddressOf:
    """``contract.address_in_unit`` for one name of an address: slugs and codes stand in an address as they are.

    ``before`` are the address's parts before the contract's own, such as a month.
    """

    def __init__(self, name: str, *before: object) -> None:
        self._start, self._end = reverse(name, args=[*before, _ANY]).split(_ANY)

    def __call__(self, contract: Contract) -> str:
        return f"{self._start}{contract.slug}{self._end}?unit={contract.unit.code}"


class AddressOfNumber:
    """The same for what an address names by its number, as its last part but fixed words."""

    def __init__(self, name: str, *before: object) -> None:
        self._start, self._end = reverse(name, args=[*before, _ANY_NUMBER]).split(str(_ANY_NUMBER))

    def __call__(self, number: int) -> str:
        return f"{self._start}{number}{self._end}"
