"""Formulas as Excel spells them against LibreOffice's own spelling: English, but with other separators.

LibreOffice's interface takes `;` between arguments and `|` between rows of an array in every language its user may work in.
"""

from __future__ import annotations

import re
from typing import Any, Final

#: a text, a quoted sheet name, or a separator
_PIECE: Final = re.compile(r""""[^"]*"|'[^']*'|[,;|]""")
_TO_NATIVE: Final = {",": ";", ";": "|"}
_TO_EXCEL: Final = {";": ",", "|": ";"}
#: formulas that need no parser: functions of texts, numbers and cells of the same sheet
_SIMPLE: Final = re.compile(r'=(?:[A-Z]+\(|\)|,|[A-Z]{1,3}[0-9]+|[0-9.]+|[-+*/&]|"[^"]*")+\Z')
_SHEET: Final = re.compile(r"""\$?('[^']*'|[^\W\d]\w*)\.(?=\$?[A-Z]{1,3}\$?[0-9])""")
_NO_TABLE: Final = "#NAME?["


def is_simple(formula: str) -> bool:
    """Tell whether `native` spells all of a formula."""
    return _SIMPLE.match(formula) is not None


def native(formula: str) -> str:
    """Spell a formula's separators as LibreOffice's interface does."""
    return _PIECE.sub(lambda piece: _TO_NATIVE.get(piece[0], piece[0]), formula)


def excel(formula: str) -> str:
    """Spell a formula's separators as Excel does."""
    return _PIECE.sub(lambda piece: _TO_EXCEL.get(piece[0], piece[0]), formula)


def tokens(parser: Any, formula: str, at: Any) -> Any:
    """Read a formula of Excel's for the cell at an address."""
    return parser.parseFormula(native(formula.removeprefix("=")), at)


def to_excel(parser: Any, cell: Any) -> str:
    """Write a cell's formula as Excel does, with equal sign; empty for a cell without one."""
    own = str(cell.getFormula())
    if not own:
        return ""
    text = str(parser.printFormula(cell.getTokens(), cell.CellAddress))
    if _NO_TABLE in text:  # the parser loses the names of tables, the cell's own text has them
        return _SHEET.sub(r"\1!", excel(own.strip("{}")))
    return "=" + excel(text)
