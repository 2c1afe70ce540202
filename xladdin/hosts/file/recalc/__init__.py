"""Recalculation of a closed workbook: cells with our functions get right values, all else is left to the spreadsheet program.

    find our cells (scan) -> everything they depend on, made plain (plan, translate) -> calculate (calculator) -> write values (results)

Of a cell nothing but its cached value is written. Native formulas that depend on our cells keep their old values until a spreadsheet
program opens the workbook; a changed workbook asks it to calculate everything then.
"""

from __future__ import annotations

from xladdin.hosts.file.recalc.outcome import Recalculated
from xladdin.hosts.file.recalc.run import recalculate

__all__ = ["Recalculated", "recalculate"]
