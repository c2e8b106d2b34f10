"""Rows for the grid: pasted from a spreadsheet, or in a file."""

from typing import Any, Final

from django import forms

from contracts.register_files.workbooks import Unreadable
from contracts.return_files.reading import MOST_BYTES, StatedRow, pasted, uploaded

MOST_SAID: Final = 50


class GridPasteForm(forms.Form):
    rows = forms.CharField(
        label="Rows copied from a spreadsheet",
        help_text="With or without headings. Without them, the columns are Reference, Risk, JET, What changed, Why "
        "not assessed and Why not by the KPIs.",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label="Or a file",
        help_text="An Excel workbook (.xlsx) or .csv, at most 5 MB and 2,000 rows.",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        text, file = cleaned.get("rows") or "", cleaned.get("file")
        if self.errors:
            return cleaned
        if text.strip() and file:
            self.add_error("file", "Paste rows or choose a file, not both.")
        elif not text.strip() and not file:
            self.add_error("rows", "Paste rows, or choose a file.")
        else:
            self._read(text, file)
        return cleaned

    def _read(self, text: str, file: Any) -> None:
        self.stated: list[StatedRow] = []
        try:
            if file and file.size > MOST_BYTES:
                raise Unreadable("The file is larger than 5 MB. Take out what is not about these returns.")
            self.stated = uploaded(file.read()) if file else pasted(text)
        except Unreadable as unread:
            self.add_error("file" if file else "rows", str(unread))

    def take(self, sentences: list[str]) -> None:
        """Why no row could be taken, beside where they came from."""
        field = "file" if self.cleaned_data.get("file") else "rows"
        for sentence in at_most(sentences):
            self.add_error(field, sentence)


def at_most(sentences: list[str]) -> list[str]:
    """Nobody reads two thousand."""
    more = len(sentences) - MOST_SAID
    return [*sentences[:MOST_SAID], f"And {more:,} more like these."] if more > 0 else sentences
