"""Cached values of formula cells, and nothing else of them: formula, style and all attributes stay byte for byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from xladdin.cells import ExcelError
from xladdin.host_values import MAX_TEXT
from xladdin.hosts.file import xml
from xladdin.hosts.file.arrow import TEXT

if TYPE_CHECKING:
    from xladdin.hosts.file.sheetpart import SheetPart

#: a cell that an array formula no longer fills
EMPTY: Final = object()

_GAP: Final = 256  # rows between two results beyond which the sheet is edited in separate pieces
_TAIL: Final = re.compile(r"""((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(?:/>|>(.*)</c\s*>)\Z""", re.DOTALL)
_TYPE: Final = re.compile(r"""\s+t\s*=\s*["']([^"']*)["']""")
_CONTENT: Final = re.compile(r"<v\s*/>|<v(?:\s[^>]*)?>(.*?)</v\s*>|<is>.*?</is\s*>", re.DOTALL)
_FORMULA: Final = re.compile(r"<f\b[^>]*?(?:/>|>.*?</f\s*>)", re.DOTALL)
_KEEP_SPACE: Final = re.compile(r"^\s|\s$|\n|\t|  ")


def write_results(part: SheetPart, results: dict[tuple[int, int], Any]) -> int:
    """Write values by row and column; return how many cells changed."""
    columns: dict[int, list[int]] = {}
    for row, column in results:
        columns.setdefault(column, []).append(row)
    changed = 0
    for column, rows in columns.items():
        rows.sort()
        first = 0
        for index in range(1, len(rows) + 1):
            if index == len(rows) or rows[index] - rows[index - 1] > _GAP:
                changed += _write_run(part, column, {row: results[row, column] for row in rows[first:index]})
                first = index
    return changed


def _write_run(part: SheetPart, column: int, values: dict[int, Any]) -> int:
    changed = 0
    edits = part.rows
    for band, low, high in edits.touch(min(values), max(values)):
        target = edits.column(band, column)
        tails = target.arrow(low, high).to_pylist()
        before = changed
        for at in range(len(tails)):
            row = band.first + low + at
            if row in values:
                new = with_value(tails[at], values[row])
                if new != tails[at]:
                    tails[at] = new
                    changed += 1
        if changed != before:
            edits.put(band, column, low, high, pa.array(tails, TEXT))
    part.rows_changed |= changed > 0
    return changed


def with_value(tail: str | None, value: Any) -> str | None:
    """Put a value into a cell's XML; the same XML comes back when it holds that value already."""
    found = _TAIL.match(tail or "/>")
    if found is None:
        return tail
    attributes, inner = found[1], found[2] or ""
    kind = _TYPE.search(attributes)
    cached = _CONTENT.search(_FORMULA.sub("", inner))
    if cached is not None and _same(kind[1] if kind else "n", cached[1], value):
        return tail
    attributes = _TYPE.sub("", attributes)
    formula = _FORMULA.search(inner)
    rest = _CONTENT.sub("", inner[formula.end() :] if formula else inner)
    kept = formula[0] if formula else ""
    if value is EMPTY:
        return f"{attributes}>{kept}{rest}</c>" if kept or rest else None if tail is None else f"{attributes}/>"
    typed, content = _encoded(value)
    return f"{attributes}{typed}>{kept}{content}{rest}</c>"


def _encoded(value: Any) -> tuple[str, str]:
    if isinstance(value, ExcelError):
        return ' t="e"', f"<v>{value}</v>"
    if isinstance(value, bool):
        return ' t="b"', f"<v>{int(value)}</v>"
    if isinstance(value, (int, float)):
        number = float(value)
        return "", f"<v>{int(number) if number == int(number) and abs(number) <= 2**53 else repr(number)}</v>"
    text = str(value)[:MAX_TEXT]
    keep = ' xml:space="preserve"' if _KEEP_SPACE.search(text) else ""
    return ' t="str"', f"<v{keep}>{xml.escape_text(text)}</v>"


def _same(kind: str, cached: str | None, value: Any) -> bool:
    """Tell whether a cached value is the new one already."""
    if value is EMPTY:
        return False
    cached = cached or ""
    if isinstance(value, ExcelError):
        return kind == "e" and cached == value
    if isinstance(value, bool):
        return kind == "b" and cached.strip() in (("1", "true") if value else ("0", "false"))
    if isinstance(value, (int, float)):
        try:
            return kind == "n" and float(cached) == float(value)
        except ValueError:
            return False
    return (kind == "str" or not cached) and xml.unescape_text(cached) == value  # an empty <v> of any type reads as no text
