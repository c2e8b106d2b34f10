"""Text in a .csv that a spreadsheet would take for a formula: marked on the way out, unmarked on the way in."""

import re
from typing import Final

#: What starts a formula, in plain and in full-width letters; tab and line ends are skipped before one.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001
_MARKED: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001


def guarded(text: str) -> str:
    """With an apostrophe before what would run. Text that looks guarded gets one more, so that nothing is lost."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    return text[1:] if _MARKED.match(text) else text
