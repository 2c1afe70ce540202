"""A formula as the file holds it, cut into tokens; nothing is lost: the texts of the tokens make the formula again."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple, cast

from xladdin.hosts.file.address import MAX_COLUMN, MAX_ROW, Rect, column_number, parse_rect

Kind = Literal["text", "array", "error", "space", "function", "reference", "table", "name", "number", "open", "close", "comma", "operator"]


class Token(NamedTuple):
    """A piece of a formula. `sheet` is what stands before an exclamation mark, quotes taken off; `body` the rest."""

    kind: Kind
    text: str
    sheet: str = ""
    body: str = ""
    rect: Rect | None = None


_LETTER: Final = r"[^\W\d]"
_SHEET: Final = rf"(?:'(?:[^']|'')+'|(?:\[[^\[\]']+\])?{_LETTER}[\w.?\\]*(?::{_LETTER}[\w.?\\]*)?|\[\d+\])!"
_CELL: Final = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}"
_AREA: Final = rf"{_CELL}:{_CELL}|\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}|\$?[1-9][0-9]*:\$?[1-9][0-9]*|{_CELL}"
_ONE_CELL: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]+)\Z")
_ERRORS: Final = r"\#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA)"
_TOKEN: Final = re.compile(
    rf"""
      (?P<text>"(?:[^"]|"")*")
    | (?P<array>\{{(?:"(?:[^"]|"")*"|[^"{{}}])*\}})
    | (?:{_SHEET})?(?P<error>{_ERRORS})
    | (?P<space>\s+)
    | (?P<f_sheet>{_SHEET})?(?P<function>{_LETTER}[\w.\\]*)\(
    | (?P<r_sheet>{_SHEET})?(?P<reference>{_AREA})(?![\w.(\[!\\?])
    | (?P<table>(?:{_LETTER}[\w.\\]*)?\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\])(?!!|[\w'])
    | (?P<n_sheet>{_SHEET})?(?P<name>[^\W\d]|\\)(?P<rest>[\w.\\?]*)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?)
    | (?P<open>\() | (?P<close>\)) | (?P<comma>,)
    | (?P<operator><>|<=|>=|.)
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens(formula: str) -> list[Token]:
    """Cut a formula (without its equal sign) into tokens."""
    return [_token(found) for found in _TOKEN.finditer(formula)]


def _token(found: re.Match[str]) -> Token:
    kind, text = found.lastgroup, found[0]
    if kind == "function":
        return Token("function", text, _sheet(found["f_sheet"]), found["function"])
    if kind == "reference":
        rect = _rect(found["reference"])
        sheet = _sheet(found["r_sheet"])
        # XYZ123 lies beyond the last column: Excel takes it for a name
        return Token("reference", text, sheet, found["reference"], rect) if rect else Token("name", text, sheet, found["reference"])
    if kind == "rest":
        return Token("name", text, _sheet(found["n_sheet"]), found["name"] + found["rest"])
    return Token(cast("Kind", kind), text)  # the groups are named after the kinds


def _rect(text: str) -> Rect | None:
    cell = _ONE_CELL.match(text)
    if cell is None:
        return parse_rect(text)
    row, column = int(cell[2]), column_number(cell[1])
    return Rect(row, column, row, column) if row <= MAX_ROW and column <= MAX_COLUMN else None


def _sheet(prefix: str | None) -> str:
    if not prefix:
        return ""
    prefix = prefix[:-1]
    return prefix[1:-1].replace("''", "'") if prefix.startswith("'") else prefix
