"""What is wrong with the data, as data: one bad row never hides the next hundred."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


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
