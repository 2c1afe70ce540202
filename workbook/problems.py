"""Collects findings while tables are read and checked, and says them in the language of the settings."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from workbook.findings import Finding
from workbook.messages import M, column_label, say, table_label
from workbook.schema import CHOICES_ZH
from workbook.tables import TABLES
from xladdin.plain_text import writable

#: of one problem in one column this many are listed singly; the rest is one line with its count
LISTED: Final = 1_000
_LONGEST: Final = 80


@dataclass(slots=True)
class Problems:
    """The findings so far, in the order in which they were met."""

    language: str = "en"
    _found: list[tuple[str, Finding]] = field(default_factory=list)

    def add(self, code: str, source: str, row: int, column: str = "", value: Any = "", **values: Any) -> None:
        """Add one finding; `value` is the cell as found, `values` fill the other placeholders of the message."""
        shown = text_of(value)
        labels = {"column": column_label(source, column, self.language), "table": table_label(source, self.language)}
        message = say(code, self.language, value=shown, **labels, **values)
        self._found.append((code, Finding(source, row, column, message, shown, M[code].severity)))

    def withdraw(self, code: str, source: str, column: str, rows: set[int]) -> None:
        """Take back what later turned out not to matter in these rows."""
        self._found = [
            (one, finding)
            for one, finding in self._found
            if not (one == code and finding.source == source and finding.column == column and finding.row in rows)
        ]

    def choice(self, key: str) -> str:
        """Return a choice's word in the language."""
        return CHOICES_ZH.get(key, key) if self.language == "zh" else key

    def mark_left_out(self, source: str, columns: tuple[str, ...], amounts: Mapping[int, tuple[str, str]]) -> dict[int, tuple[str, str]]:
        """Write the amount of each row that is left out on its first error in one of the columns; return the rows that had none."""
        left = dict(amounts)
        for index, (code, finding) in enumerate(self._found):
            if finding.source == source and finding.row in left and finding.severity == "error" and finding.column in columns:
                amount, currency = left.pop(finding.row)
                self._found[index] = (code, replace(finding, amount=amount, currency=currency))
        return left

    def add_left_out(self, source: str, columns: str, count: int, amount: str, currency: str) -> None:
        """Add one line for rows that are left out without an error of their own."""
        message = say("left_out", self.language, count=count, columns=columns)
        self._found.append(("left_out", Finding(source, 0, "", message, amount=amount, currency=currency)))

    def finish(self) -> list[Finding]:
        """Return the findings by table and row; of very many alike, those without an amount become one line with a count."""
        listed: list[Finding] = []
        seen: dict[tuple[str, str, str], int] = defaultdict(int)
        examples: dict[tuple[str, str, str], Finding] = {}
        for code, finding in self._found:
            key = (finding.source, finding.column, code)
            if not finding.amount:
                seen[key] += 1
                if seen[key] > LISTED:
                    examples.setdefault(key, finding)
                    continue
            listed.append(finding)
        for key, first in examples.items():
            message = say("more", self.language, count=seen[key] - LISTED, first=first.message)
            listed.append(replace(first, message=message, value=""))
        order = {table.name: number for number, table in enumerate(TABLES.values())}
        return sorted(listed, key=lambda finding: (order.get(finding.source, len(order)), finding.row))


def text_of(value: Any) -> str:
    """Write a cell for a reader: numbers with 15 digits as Excel holds them, long texts cut."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ") if value.time() != dt.time() else value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    text = writable(str(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
