"""The <cols> of a sheet: widths and the styles of cells that do not exist yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from xladdin.hosts.file import xml
from xladdin.hosts.file.address import MAX_COLUMN
from xladdin.hosts.file.xml import m

if TYPE_CHECKING:
    from collections.abc import Callable

    from xladdin.hosts.file.shell import Shell

STANDARD_WIDTH: Final = 8.43
_DIGIT: Final = 7  # pixels of a digit in Calibri 11, the font of new workbooks; 5 more are margin (ECMA-376 part 1, 18.3.1.13)
_MARGIN: Final = 5


def _file_width(characters: float) -> float:
    """Turn the width Excel shows (8.43) into the one a file holds (9.140625)."""
    if characters < 1:
        return int(characters * (_DIGIT + _MARGIN) / _DIGIT * 256) / 256
    return int((characters * _DIGIT + _MARGIN) / _DIGIT * 256) / 256


def _characters(file_width: float) -> float:
    """Turn the width a file holds into the one Excel shows."""
    pixels = round(file_width * _DIGIT)
    if pixels < _DIGIT + _MARGIN:
        return round(pixels / (_DIGIT + _MARGIN), 2)
    return round((pixels - _MARGIN) / _DIGIT, 2)


class Columns:
    """Column definitions by number; runs of equal columns are split when one of them changes."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._runs: list[tuple[int, int, dict[str, str]]] = []
        cols = shell.element("cols")
        for col in cols if cols is not None else ():
            if isinstance(col.tag, str):
                attributes = {str(key): str(value) for key, value in col.attrib.items()}
                self._runs.append((xml.whole(attributes.pop("min", "")), xml.whole(attributes.pop("max", "")), attributes))

    def _get(self, number: int) -> dict[str, str]:
        return next((attributes for first, last, attributes in self._runs if first <= number <= last), {})

    def style(self, number: int) -> int:
        """Return the style of a column's missing cells."""
        return xml.whole(self._get(number).get("style"), 0)

    def styles(self, first: int, last: int) -> set[int]:
        """Return the styles of some columns."""
        found = {xml.whole(attributes.get("style"), 0) for low, high, attributes in self._runs if low <= last and high >= first}
        covered = sum(min(high, last) - max(low, first) + 1 for low, high, _ in self._runs if low <= last and high >= first)
        return found if covered == last - first + 1 else found | {0}

    def width(self, number: int) -> float:
        """Return a column's width in characters."""
        attributes = self._get(number)
        if attributes.get("hidden") in ("1", "true"):
            return 0.0
        if "width" in attributes:
            return _characters(xml.real(attributes["width"], 9.140625))
        layout = self._shell.element("sheetFormatPr")
        standard = None if layout is None else layout.get("defaultColWidth")
        return STANDARD_WIDTH if standard is None else _characters(xml.real(standard, 9.140625))

    def set_width(self, first: int, last: int, width: float) -> None:
        """Set the width of some columns."""
        self._change(first, last, lambda old: {**old, "width": f"{_file_width(width):.8g}", "customWidth": "1"})

    def hide(self, first: int, last: int, *, hidden: bool) -> None:
        """Hide or show some columns."""

        def change(old: dict[str, str]) -> dict[str, str]:
            kept = {key: value for key, value in old.items() if key != "hidden"}
            return {"width": "9.140625", **kept, "hidden": "1"} if hidden else kept

        self._change(first, last, change)

    def hidden(self, number: int) -> bool:
        """Tell whether a column is hidden."""
        return self._get(number).get("hidden") in ("1", "true")

    def hidden_runs(self) -> list[tuple[int, int]]:
        """Return the first and last of each run of hidden columns."""
        return [(low, high) for low, high, attributes in self._runs if attributes.get("hidden") in ("1", "true")]

    def restyle(self, first: int, last: int, change: Callable[[int], int]) -> None:
        """Change the styles of some columns."""
        self._change(first, last, lambda old: {"width": "9.140625", **old, "style": str(change(xml.whole(old.get("style"), 0)))})

    def _change(self, first: int, last: int, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
        out: list[tuple[int, int, dict[str, str]]] = []
        at = first
        for low, high, attributes in sorted(self._runs, key=lambda run: run[0]):
            if high < first or low > last:
                out.append((low, high, attributes))
                continue
            if low < first:
                out.append((low, first - 1, attributes))
            if low > at:
                out.append((at, low - 1, change({})))
            out.append((max(low, first), min(high, last), change(attributes)))
            at = min(high, last) + 1
            if high > last:
                out.append((last + 1, high, attributes))
        if at <= last:
            out.append((at, last, change({})))
        self._runs = [run for run in sorted(out, key=lambda run: run[0]) if run[0] <= MAX_COLUMN]
        cols = self._shell.new("cols")
        for low, high, attributes in self._runs:
            etree.SubElement(cols, m("col"), {"min": str(low), "max": str(high), **attributes})
        self._shell.put("cols", cols)
