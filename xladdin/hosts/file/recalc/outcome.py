"""What a recalculation has to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from xladdin.counted import counted

_SHOWN: Final = 10


@dataclass(slots=True)
class Recalculated:
    """Counts of cells, and by (sheet, cell) the reason of an error, a remark, or why one of our cells was left as it was.

    `calculated` counts cells with our functions that got a value, `errors` those of them that are error values, `changed` those whose
    value in the file is another one now, `left` all formula cells that the spreadsheet program calculates when it opens the file.
    """

    calculated: int = 0
    errors: int = 0
    left: int = 0
    changed: int = 0
    ours_left: int = 0
    reasons: dict[tuple[str, str], str] = field(default_factory=dict)
    error_cells: dict[tuple[str, str], str] = field(default_factory=dict)
    left_cells: dict[tuple[str, str], str] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Return up to ten lines with the reasons of error cells, and lines that say why cells were left."""
        lines = [f"{sheet}!{cell}  {code}  {self.reasons[sheet, cell]}" for (sheet, cell), code in list(self.error_cells.items())[:_SHOWN]]
        if len(self.error_cells) > _SHOWN:
            lines.append(f"… and {counted(len(self.error_cells) - _SHOWN, 'more error value')}; =CREDITWHY(cell) says why")
        by_reason: dict[str, list[tuple[str, str]]] = {}
        for where, reason in self.left_cells.items():
            by_reason.setdefault(reason, []).append(where)
        for reason, cells in list(by_reason.items())[:_SHOWN]:
            sheet, cell = cells[0]
            more = f" and {len(cells) - 1:,} more" if len(cells) > 1 else ""
            lines.append(f"{sheet}!{cell}{more}  left as it was: {reason}")
        if len(by_reason) > _SHOWN:
            lines.append(f"… and {counted(len(by_reason) - _SHOWN, 'more reason')} why cells with our functions were left as they were")
        others = self.left - self.ours_left
        if others:
            what, them = ("formula", "it") if others == 1 else ("formulas", "them")
            lines.append(f"{others:,} {what} without our functions: the spreadsheet program calculates {them} when it opens the workbook")
        return lines

    def json(self) -> dict[str, Any]:
        """Return the same for a program."""
        return {
            "calculated": self.calculated,
            "errors": self.errors,
            "left": self.left,
            "changed": self.changed,
            "cells": [
                {
                    "sheet": sheet,
                    "cell": cell,
                    "error": self.error_cells.get((sheet, cell)),
                    "left": (sheet, cell) in self.left_cells,
                    "reason": text,
                }
                for (sheet, cell), text in self.reasons.items()
            ],
        }
