"""The drawings of the pages: risk marks, JET chips, sparklines, charts and term tracks, as SVG.

Pure functions: values in, safe markup out, every text escaped. They carry classes only, so that one drawing serves the
screen, print and a strict Content-Security-Policy.
"""

from .bars import Part, key, spark, stack, track
from .charts import Month, jet_columns, jet_history
from .marks import NO_VIEW, heat_cell, jet, mark, pips, rag, risk_key
from .steps import steps

__all__ = [
    "NO_VIEW",
    "Month",
    "Part",
    "heat_cell",
    "jet",
    "jet_columns",
    "jet_history",
    "key",
    "mark",
    "pips",
    "rag",
    "risk_key",
    "spark",
    "stack",
    "steps",
    "track",
]
