"""What is wrong with the data, as data: one bad row never hides the next hundred."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning", "note"]
#: a line for a reader: a cell may hold 32,767 characters, and what a message quotes may come from one
LONGEST_LINE: Final = 1_500


def line_of(text: str) -> str:
    """Cut a text to what is read in one line."""
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]} …"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: which table, which row of its sheet, which column, what is wrong, and the value found.

    error: the row or the value could not be used as it stands; warning: it was used, with an assumption; note: worth knowing.
    `row` is the number at the left edge of the sheet (0: the table as a whole). `amount` and `currency` say how much money
    was left out because of it, so that totals reconcile.
    """

    source: str
    row: int
    column: str
    message: str
    value: str = ""
    severity: Severity = "error"
    amount: str = ""
    currency: str = ""

    def __post_init__(self) -> None:
        """Cut what quotes a very long cell."""
        for name in ("message", "value"):
            object.__setattr__(self, name, line_of(getattr(self, name)))
