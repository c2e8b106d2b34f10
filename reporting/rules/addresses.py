"""Addresses as texts that can be kept and compared."""

from typing import Final
from urllib.parse import parse_qsl, urlencode

#: Parts of an address that a saved view leaves open: it is of the month that is looked at, from its first page.
LEFT_OPEN: Final = ("month", "page")


def normal_query(text: str) -> str:
    """The query of an address in its one form, so that equal views are equal texts.

    >>> normal_query("?risk=red&page=2&cols=jet&q=&risk=amber&cols=risk")
    'cols=jet%2Crisk&risk=amber&risk=red'
    """
    pairs = [(name, value.strip()) for name, value in parse_qsl(text.removeprefix("?")) if name not in LEFT_OPEN]
    columns = [code for name, value in pairs if name == "cols" for code in value.split(",") if code]
    rest = {(name, value) for name, value in pairs if name != "cols" and value}
    if columns:
        rest.add(("cols", ",".join(dict.fromkeys(columns))))
    return urlencode(sorted(rest))
