"""The formula cells of a sheet, found without a Python object for each."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from xladdin.hosts.file import formulas, xml
from xladdin.hosts.file.address import MAX_ROW, Rect, parse_rect
from xladdin.hosts.file.arrow import TEXT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from xladdin.hosts.file.sheetpart import SheetPart

Ints = npt.NDArray[np.int64]

_ELEMENT: Final = re.compile(r"<f\b([^>]*?)(?:/>|>(.*?)</f\s*>)", re.DOTALL)
_ATTRIBUTE: Final = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_SHARED: Final = r"""<f\b[^>]*\bt=["']shared["']"""
_SHARED_INDEX: Final = r"""<f\b[^>]*\bsi=["'](?P<index>\d+)["']"""
_WITH_AREA: Final = r"""<f\b[^>]*\bt=["'](?:array|dataTable)["']"""
_SHIFT: Final = 15  # columns of a sheet fit into 15 bits


class Formula(NamedTuple):
    """What a formula cell's XML says."""

    text: str  # as the file holds it, without equal sign
    kind: str  # normal, shared, array, dataTable
    dynamic: bool  # an array that spills as far as its answer goes


class SheetFormulas:
    """Where the formula cells of a sheet lie; each is known by its position in these arrays."""

    def __init__(self, part: SheetPart) -> None:
        rows, columns, tails = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [pa.array([], TEXT)]
        if part.has_formulas:
            for cells in part.rows.cells(1, MAX_ROW):
                found = cells.tails()
                chosen = np.flatnonzero(pc.match_substring(found, "<f").to_numpy(zero_copy_only=False))
                if len(chosen):
                    rows.append(cells.row[chosen])
                    columns.append(cells.column[chosen])
                    tails.append(found.take(pa.array(chosen)))
        self.rows: Ints = np.concatenate(rows)
        self.columns: Ints = np.concatenate(columns)
        self.tails: pa.LargeStringArray = pa.concat_arrays(tails)

    def __len__(self) -> int:
        return len(self.rows)

    # ---- texts

    def formula(self, index: int) -> Formula:
        """Return the formula of a cell, a shared one moved to where the cell stands."""
        tail = self.tails[index].as_py()
        found = _ELEMENT.search(tail)
        if found is None:
            return Formula("", "normal", dynamic=False)
        attributes = dict(_ATTRIBUTE.findall(found[1]))
        kind, text = attributes.get("t", "normal"), xml.unescape_entities(found[2] or "")
        if kind == "shared" and not text:
            text = self._shared(attributes.get("si", ""), index)
        return Formula(text.removeprefix("="), kind, dynamic=bool(re.match(r'[^>]*\bcm\s*=\s*["\'][1-9]', tail)))

    def _shared(self, number: str, index: int) -> str:
        master = self._masters.get(number)
        if master is None:
            return ""
        row, column, text = master
        return formulas.shift(text, int(self.rows[index]) - row, int(self.columns[index]) - column)

    @cached_property
    def _masters(self) -> dict[str, tuple[int, int, str]]:
        """The cells that hold the text of each shared formula."""
        masters = {}
        for index in self._matching(_SHARED):
            found = _ELEMENT.search(self.tails[index].as_py())
            if found and found[2]:
                number = dict(_ATTRIBUTE.findall(found[1])).get("si", "")
                masters[number] = (int(self.rows[index]), int(self.columns[index]), xml.unescape_entities(found[2]))
        return masters

    def calling(self, names: Collection[str]) -> list[int]:
        """Return the cells whose formula may call one of some functions."""
        if not len(self) or not names:
            return []
        pattern = rf"(?i)\b(?:{'|'.join(map(re.escape, names))})\("
        found = set(self._matching(pattern))
        shared = [number for number, (_, _, text) in self._masters.items() if re.search(pattern, text)] if self._has_shared else []
        if shared:
            indices = pc.struct_field(pc.extract_regex(self.tails, _SHARED_INDEX), "index")
            chosen = pc.is_in(indices, pa.array(shared, indices.type)).fill_null(fill_value=False)
            found.update(np.flatnonzero(chosen.to_numpy(zero_copy_only=False)).tolist())
        return sorted(found)

    @cached_property
    def _has_shared(self) -> bool:
        return bool(len(self)) and bool(pc.any(pc.match_substring_regex(self.tails, _SHARED)).as_py())

    def _matching(self, pattern: str) -> Iterable[int]:
        return np.flatnonzero(pc.match_substring_regex(self.tails, pattern).to_numpy(zero_copy_only=False)).tolist()

    # ---- places

    @cached_property
    def areas(self) -> dict[int, Rect]:
        """The rectangles that array formulas and data tables fill, by the position of their cell."""
        areas = {}
        for index in self._matching(_WITH_AREA) if len(self) else ():
            found = _ELEMENT.search(self.tails[index].as_py())
            rect = parse_rect(dict(_ATTRIBUTE.findall(found[1])).get("ref", "")) if found else None
            if rect is not None:
                areas[index] = rect
        return areas

    @cached_property
    def _covered(self) -> tuple[Ints, Ints, Ints]:
        """Rows, columns and formula of every cell whose value a formula gives, those filled by array formulas included."""
        rows, columns, owners = [self.rows], [self.columns], [np.arange(len(self))]
        for index, rect in self.areas.items():
            down, across = np.mgrid[rect.row : rect.last_row + 1, rect.column : rect.last_column + 1]
            rows.append(down.ravel()[1:])
            columns.append(across.ravel()[1:])
            owners.append(np.full(down.size - 1, index))
        return np.concatenate(rows), np.concatenate(columns), np.concatenate(owners)

    @cached_property
    def _by_cell(self) -> dict[int, int]:
        rows, columns, owners = self._covered
        return dict(zip((rows << _SHIFT | columns).tolist(), owners.tolist(), strict=True))

    def inside(self, rect: Rect) -> list[int]:
        """Return the formulas that give values to cells of a rectangle."""
        if not len(self):
            return []
        if rect.height * rect.width == 1:
            found = self._by_cell.get(rect.row << _SHIFT | rect.column)
            return [] if found is None else [found]
        rows, columns, owners = self._covered
        chosen = (rows >= rect.row) & (rows <= rect.last_row) & (columns >= rect.column) & (columns <= rect.last_column)
        return np.unique(owners[chosen]).tolist() if chosen.any() else []

    def cells_inside(self, rect: Rect) -> tuple[Ints, Ints]:
        """Return rows and columns of all cells of a rectangle that a formula fills."""
        rows, columns, _ = self._covered
        chosen = (rows >= rect.row) & (rows <= rect.last_row) & (columns >= rect.column) & (columns <= rect.last_column)
        return rows[chosen], columns[chosen]
