"""The plan of an import: everything that was found out about a file, and the cells that would be written. Nothing is written yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from workbook.findings import Finding
from workbook.importing.columns import filled
from workbook.importing.profile import Profile
from workbook.importing.transform import Cells
from workbook.problems import text_of
from workbook.schema import Table
from xladdin.cells import date_from_serial
from xladdin.counted import counted
from xladdin.errors import CellError

_SHOWN_ROWS: Final = 5
_SHOWN_FINDINGS: Final = 10


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What would be written, and how the file was read.

    `cells` holds the new rows by field key; `kept` by header what existing rows of the same key hold in columns that the file
    does not fill (only with `replace`). `profile` is what `--save-profile` keeps.
    """

    table: Table
    source: str
    mode: str
    cells: Cells
    rows: int
    read: int
    known: int = 0
    repeated: int = 0
    mapping: dict[str, str] = field(default_factory=dict)
    unmapped: list[str] = field(default_factory=list)
    detected: dict[str, str] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    missing_customers: list[str] = field(default_factory=list)
    new_customers: Cells = field(default_factory=dict)
    kept: Cells = field(default_factory=dict)
    origin: list[int] | None = None  # of each row, its place among those there were, -1 for a new one (only with `replace`)
    disappearing: int = 0
    noted: list[str] = field(default_factory=list)  # rows that disappear with something typed in a column the file does not fill
    profile: Profile = field(default_factory=Profile)
    told: tuple[str, ...] = ()  # what the file holds that a reader of it does not see: hidden rows, cells far away

    @property
    def errors(self) -> int:
        """Number of findings of severity error."""
        return sum(finding.severity == "error" for finding in self.findings)

    def lines(self) -> list[str]:
        """Say in words what was detected and what would be written."""
        detected = ", ".join(f"{name} {value}" for name, value in self.detected.items())
        where = "in place of the rows there are" if self.mode == "replace" else "below the rows there are"
        taken = f"{counted(self.read, 'row')} read; {counted(self.rows, 'goes', 'go')} into {self.table.name}, {where}"
        lines = [f"{self.source}: {detected}", taken, *self.told]
        if self.known:
            there = counted(self.known, "row that is", "rows that are")
            lines.append(f"left out: {there} in {self.table.name} already, alike in every column")
        if self.repeated:
            lines.append(f"left out: {counted(self.repeated, 'row that repeats', 'rows that repeat')} another one of the file")
        if self.disappearing:
            lines.append(f"gone: {counted(self.disappearing, 'row')} of {self.table.name} not in the file")
        if self.noted:
            more = " …" if len(self.noted) > _SHOWN_FINDINGS else ""
            lines.append(f"with them go entries that no file brings back, in {', '.join(self.noted[:_SHOWN_FINDINGS])}{more}")
        for key, column in self.mapping.items():
            form = f" ({self.formats[key]})" if self.formats.get(key) else ""
            lines.append(f"  {key} <- {column}{form}, {filled(self.cells[key]):,} filled")
        lines += [f"  {change}" for change in self.changes]
        if self.unmapped:
            lines.append(f"not imported: {', '.join(self.unmapped)}")
        if self.missing_customers:
            customers = counted(len(self.missing_customers), "customer is", "customers are")
            done = "added" if self.new_customers else "not in Customers; --add-customers adds them"
            more = " …" if len(self.missing_customers) > _SHOWN_ROWS else ""
            lines.append(f"{customers} {done}: {', '.join(self.missing_customers[:_SHOWN_ROWS])}{more}")
        lines += self._sample()
        counts = Counter(finding.severity for finding in self.findings)
        if counts:
            lines.append("findings: " + ", ".join(counted(counts[name], name) for name in ("error", "warning", "note") if counts[name]))
            lines += [f"  row {one.row}: {one.message}" if one.row else f"  {one.message}" for one in self.findings[:_SHOWN_FINDINGS]]
            if len(self.findings) > _SHOWN_FINDINGS:
                lines.append(f"  … and {len(self.findings) - _SHOWN_FINDINGS:,} more")
        return lines

    def _sample(self) -> list[str]:
        names = list(self.cells)
        rows = [[self._shown(name, self.cells[name][row]) for name in names] for row in range(min(self.rows, _SHOWN_ROWS))]
        return [" | ".join(names), *(" | ".join(row) for row in rows)] if rows else []

    def _shown(self, name: str, cell: Any) -> str:
        if self.table.field(name).kind == "date" and isinstance(cell, float):
            try:
                return date_from_serial(cell).isoformat()
            except CellError:
                return text_of(cell)
        return text_of(cell)

    def as_json(self) -> dict[str, Any]:
        """Say the same as plain data."""
        names = list(self.cells)
        return {
            "source": self.source, "table": self.table.key, "mode": self.mode, "read": self.read, "rows": self.rows,
            "known": self.known, "repeated": self.repeated, "disappearing": self.disappearing, "noted": self.noted,
            "detected": self.detected, "told": list(self.told), "mapping": self.mapping,
            "formats": self.formats, "changes": self.changes, "unmapped": self.unmapped,
            "missing_customers": self.missing_customers, "new_customers": len(self.new_customers.get("customer_id", [])),
            "first_rows": [
                {name: self._shown(name, self.cells[name][row]) for name in names} for row in range(min(self.rows, _SHOWN_ROWS))
            ],
            "findings": [
                {"row": one.row, "column": one.column, "message": one.message, "value": one.value, "severity": one.severity}
                for one in self.findings
            ],
        }  # fmt: skip
