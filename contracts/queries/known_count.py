"""Pages of a list of which the length is known already, so that nothing is counted twice."""

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property


class KnownCount(Paginator):
    """The pages hold no rows: whoever shows one reads them by its number."""

    def __init__(self, length: int, per_page: int) -> None:
        self._length = length
        super().__init__([], per_page)

    @cached_property
    def count(self) -> int:
        return self._length

    def page(self, number: int | str) -> Page:
        return Page([], self.validate_number(number), self)
