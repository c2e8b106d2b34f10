"""A page's form with what a browser would send of it, so that what is typed goes where a person's typing would go."""

import re
from html.parser import HTMLParser
from typing import Any, Final

_ERRORS: Final = re.compile(r'govuk-error-summary__list">(.*?)</ul>', re.DOTALL)
_TAGS: Final = re.compile(r"<[^>]+>")

_BUTTONS: Final = ("submit", "button", "image", "reset")

Fields = dict[str, str]


def form_with(name: str, html: str) -> Fields:
    """The fields of the page's form that has one of this name. Raises LookupError where there is none."""
    reader = _Forms()
    reader.feed(html)
    for fields in reader.forms:
        if name in fields:
            return fields
    raise LookupError(f"The page has no form with the field {name}.")


def refusals(html: str) -> str:
    """What the page's summary of errors says; empty where it has none."""
    found = _ERRORS.search(html)
    return " ".join(_TAGS.sub(" ", found[1]).split()) if found else ""


class _Forms(HTMLParser):
    """Buttons are left out: which one is pressed is for whoever sends the form to say."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Fields] = []
        self.fields: Fields = {}
        self.typing_in = self.choosing = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        name = given.get("name") or ""
        match tag:
            case "form":
                self.fields = {}
                self.forms.append(self.fields)
            case "input" if given.get("type") in _BUTTONS:
                pass
            case "input" if given.get("type") in ("radio", "checkbox"):
                self.fields |= {name: given.get("value") or "on"} if "checked" in given else {}
            case "input":
                self.fields[name] = given.get("value") or ""
            case "textarea":
                self.typing_in = name
                self.fields[name] = ""
            case "select":
                self.choosing = name
            case "option" if "selected" in given or self.choosing not in self.fields:
                self.fields[self.choosing] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self.typing_in:
            self.fields[self.typing_in] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.typing_in = ""
