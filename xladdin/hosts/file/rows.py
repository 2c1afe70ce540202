"""The rows of a sheet under edit: bytes as they were, except for the bands of rows something was written to.

A band is a run of rows taken apart into columns, each with its styles and tails (see `encode`). Touching a row makes a
band of it and a few neighbours; all other rows stay bytes and are never looked at. Put together again, an untouched
cell of a band gives the same bytes it was read from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from xladdin.errors import NotAWorkbook
from xladdin.hosts.file import scan
from xladdin.hosts.file.address import MAX_ROW, Rect, column_name
from xladdin.hosts.file.arrow import TEXT, join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xladdin.hosts.file.package import Chunks
    from xladdin.hosts.file.scan import Cells, Ints, Rows

Styles = npt.NDArray[np.int32]
Tails: TypeAlias = "pa.LargeStringArray | list[str | None]"

_ALIGN: Final = 256  # rows taken apart at once when a single cell is touched
_BLOCK: Final = 4_096  # rows put together or read at once: what is worked out in between stays in the processor's own memory
_MANY: Final = 32_768  # untouched rows that are not looked at for how far they reach, and whose cells are not remembered
_FEW: Final = 64  # rows that are looked at by themselves
_SPANS: Final = re.compile(r'\s+spans="[^"]*"')
_ROW_STYLE: Final = re.compile(r'\ss="(\d+)"')
_BARE: Final = re.compile(r'<row(?:\s+(?:r|spans|x14ac:dyDescent)="[^"]*")*\s*')
_NUMBER: Final = re.compile(r'\sr="(\d+)"')


@dataclass
class Column:
    """One column of a band: each cell's effective style and its tail, null where no cell stands."""

    styles: Styles
    tails: Tails

    def arrow(self, low: int, high: int) -> pa.LargeStringArray:
        """Return a piece of the tails as Arrow array."""
        piece = self.tails[low:high]
        return pa.array(piece, TEXT) if isinstance(piece, list) else piece

    def stands(self, at: int) -> bool:
        """Tell whether a cell stands there."""
        if isinstance(self.tails, list):
            return self.tails[at] is not None
        return bool(self.tails[at].is_valid)

    def shown(self, low: int, high: int) -> Styles:
        """Return the styles of the cells that stand in a piece."""
        piece = self.tails[low:high]
        if isinstance(piece, list):
            return self.styles[low:high][[one is not None for one in piece]]
        return self.styles[low:high] if not piece.null_count else self.styles[low:high][piece.is_valid().to_numpy(zero_copy_only=False)]

    def put(self, low: int, high: int, tails: pa.LargeStringArray) -> None:
        """Replace a piece of the tails. Small pieces make the column a list, so that a loop over cells stays fast."""
        if high - low == len(self.styles):
            self.tails = tails
        elif high - low < _ALIGN:
            if not isinstance(self.tails, list):
                self.tails = self.tails.to_pylist()
            self.tails[low:high] = tails.to_pylist()
        else:
            pieces = [self.arrow(0, low), tails, self.arrow(high, len(self.styles))]
            self.tails = pa.concat_arrays(pieces)


@dataclass
class Band:
    """Rows first..last taken apart; `tags` holds each row's opening tag without its end, None for a row not in the file."""

    first: int
    tags: list[str | None]
    explicit_zero: bool = False
    columns: dict[int, Column] = field(default_factory=dict)
    row_styles: dict[int, int] = field(default_factory=dict)  # by position in `tags`, for the few rows formatted as a whole

    @property
    def last(self) -> int:
        """Number of the last row."""
        return self.first + len(self.tags) - 1


@dataclass
class SheetRows:
    """All rows of a sheet. `default_style` tells a column's style where no cell stands."""

    data: bytes
    begin: int
    end: int
    default_style: Callable[[int], int]
    bands: list[Band] = field(default_factory=list)
    _rows: Rows | None = None
    _scanned: dict[int, Cells] = field(default_factory=dict)
    _odd: dict[int, int] = field(default_factory=dict)

    @property
    def rows(self) -> Rows:
        """Where the rows of the file lie; found once, when first asked."""
        if self._rows is None:
            self._rows = scan.index_rows(self.data, self.begin, self.end)
        return self._rows

    # ---- editing

    def touch(self, first: int, last: int) -> list[tuple[Band, int, int]]:
        """Take rows apart where that has not happened yet; return the bands with the positions of first..last in them."""
        gaps, at = [], first
        for band in self._overlapping(first, last):
            if band.first > at:
                gaps.append((at, band.first - 1))
            at = band.last + 1
        if at <= last:
            gaps.append((at, last))
        for gap_first, gap_last in gaps:
            self._make_band(gap_first, gap_last)
        return self.touched(first, last)

    def column(self, band: Band, number: int) -> Column:
        """Return a band's column, new and empty when nothing stands in it yet."""
        column = band.columns.get(number)
        if column is None:
            column = band.columns[number] = Column(self.defaults(band, number), pa.nulls(len(band.tags), TEXT))
        return column

    def put(self, band: Band, number: int, low: int, high: int, tails: pa.LargeStringArray) -> None:
        """Write tails into a column; a row that gains a cell loses its `spans`, an optional hint that may now be wrong."""
        column = self.column(band, number)
        gained = pc.and_(tails.is_valid(), column.arrow(low, high).is_null()).to_numpy(zero_copy_only=False)
        for index in (np.flatnonzero(gained) + low).tolist():
            tag = band.tags[index]
            if tag and "spans=" in tag:
                band.tags[index] = _SPANS.sub("", tag)
        column.put(low, high, tails)

    def _overlapping(self, first: int, last: int) -> list[Band]:
        low = self._position(first)
        found = []
        for band in self.bands[low:]:
            if band.first > last:
                break
            found.append(band)
        return found

    def _position(self, row: int) -> int:
        """Position of the first band that ends at or behind a row."""
        low, high = 0, len(self.bands)
        while low < high:
            middle = (low + high) // 2
            if self.bands[middle].last < row:
                low = middle + 1
            else:
                high = middle
        return low

    def _make_band(self, first: int, last: int) -> None:
        position = self._position(first)
        if last - first + 1 < _ALIGN:  # a loop over single cells shall not make a band of each row
            before = self.bands[position - 1].last + 1 if position else 1
            after = self.bands[position].first - 1 if position < len(self.bands) else MAX_ROW
            first = max(first - (first - 1) % _ALIGN, before)
            last = min(max(last, first - (first - 1) % _ALIGN + _ALIGN - 1), after)
        band = Band(first, [None] * (last - first + 1))
        low, high = self.rows.slice_of(first, last)
        if high > low:
            self._take_apart(band, low, high)
        self.bands.insert(position, band)

    def _take_apart(self, band: Band, low: int, high: int) -> None:
        for start, number in zip(self.rows.starts[low:high].tolist(), self.rows.numbers[low:high].tolist(), strict=True):
            tag = self._tag_from(start)
            band.tags[number - band.first] = tag if _NUMBER.search(tag) else f'<row r="{number}"' + tag.removeprefix("<row")
            if (row_style := _style_of(tag)) is not None:
                band.row_styles[number - band.first] = row_style
        parts = [self._scan(*piece) for piece in _blocks(low, high)]
        band.explicit_zero = any(part.explicit_zero for part in parts)
        row = np.concatenate([part.row for part in parts])
        column = np.concatenate([part.column for part in parts])
        style = np.concatenate([part.style for part in parts])
        tails = pa.concat_arrays([part.tails() for part in parts])
        if high - low > _ALIGN:  # most of the sheet: what is left is found again where it is asked for
            self._scanned.clear()
        if not len(column):  # rows with a height or a format of their own and not one cell
            return
        order = np.argsort(column, kind="stable")
        numbers, edges = np.unique(column[order], return_index=True)
        for number, chosen in zip(numbers.tolist(), np.split(order, edges[1:]), strict=True):
            target = self.column(band, number)
            at = row[chosen] - band.first
            target.styles[at] = style[chosen]
            where = np.zeros(len(band.tags), np.int64)
            missing = np.ones(len(band.tags), np.bool_)
            where[at], missing[at] = chosen, False
            target.tails = tails.take(pa.array(where, mask=missing))

    # ---- reading

    def base_pieces(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Yield positions in `rows` of the rows first..last that are still bytes, in blocks of bounded size."""
        at = first
        for edge_first, edge_last in [*((band.first, band.last) for band in self._overlapping(first, last)), (last + 1, last + 1)]:
            if edge_first > at:
                low, high = self.rows.slice_of(at, edge_first - 1)
                yield from _blocks(low, high)
            at = max(at, edge_last + 1)

    def cells(self, first: int, last: int) -> Iterator[Cells]:
        """Yield the cells of some rows as they are now, in blocks of bounded size; bands come after the rest."""
        if first > last:
            return
        yield from self.untouched(first, last)
        for band, start, end in self.touched(first, last):
            for chunk in _compose(band, start, end):
                data = bytes(chunk) + b"</sheetData></worksheet>"
                rows = scan.index_rows(data, 0, len(chunk))
                yield scan.scan(data, rows, 0, len(rows.numbers))

    def untouched(self, first: int, last: int) -> Iterator[Cells]:
        """Yield the cells of those rows that are still bytes."""
        for low, high in self.base_pieces(first, last):
            yield self._scan(low, high)

    def _scan(self, low: int, high: int) -> Cells:
        """Find the cells of rows that are still bytes, of one block; of a sheet that is not large it is remembered.

        A report's sheet is read before the report is made, looked through for what an analyst wrote, and then taken apart.
        """
        if len(self.rows.numbers) > _MANY or high - low < _FEW:
            return self._counted(scan.scan(self.data, self.rows, low, high))
        block = low // _BLOCK
        if block not in self._scanned:
            start = block * _BLOCK
            self._scanned[block] = self._counted(scan.scan(self.data, self.rows, start, min(start + _BLOCK, len(self.rows.numbers))))
        return self._scanned[block].part(int(self.rows.numbers[low]), int(self.rows.numbers[high - 1]))

    def _counted(self, cells: Cells) -> Cells:
        """Refuse a sheet of which too many cells must be read one by one."""
        if cells.odd:
            self._odd[int(cells.row[0])] = len(cells.odd)
            if sum(self._odd.values()) > scan.MOST_ODD:
                raise NotAWorkbook("a sheet holds too many cells written in an unusual way: open the workbook in Excel and save it again")
        return cells

    def touched(self, first: int, last: int) -> list[tuple[Band, int, int]]:
        """Return the bands there are among some rows, each with its first position and the one after the last."""
        return [(band, max(first - band.first, 0), min(last, band.last) - band.first + 1) for band in self._overlapping(first, last)]

    def extent(self, stated: Rect | None) -> Rect | None:
        """Return the rectangle of all cells there are, None for an empty sheet.

        `stated` is what the file says, if it is to be believed: it spares looking at many untouched rows, at the price of
        columns that count although an edit emptied them.
        """
        found = [rect for band in self.bands for rect in _band_extents(band)]
        pieces = list(self.base_pieces(1, MAX_ROW))
        if stated is not None and sum(high - low for low, high in pieces) > _MANY:
            rows = [int(self.rows.numbers[at]) for low, high in pieces for at in (low, high - 1)]
            found.append(stated._replace(row=min(rows), last_row=max(rows)))
        else:
            for low, high in pieces:
                part = self._scan(low, high)
                if len(part):
                    found.append(Rect(int(part.row.min()), int(part.column.min()), int(part.row.max()), int(part.column.max())))
        if not found:
            return None
        top, left, bottom, right = zip(*found, strict=True)
        return Rect(min(top), min(left), max(bottom), max(right))

    def tag(self, row: int) -> str:
        """Return a row's opening tag without its end, empty for a row that is not in the file."""
        for band in self._overlapping(row, row):
            return band.tags[row - band.first] or ""
        low, high = self.rows.slice_of(row, row)
        return "" if low == high else self._tag_from(int(self.rows.starts[low]))

    def _tag_from(self, start: int) -> str:
        """Return the opening tag of a row that is still bytes, without its end and with double quotes."""
        tag = self.data[start : self.data.index(b">", start)].decode().replace("'", '"')
        return tag.removesuffix("/").rstrip()

    def row_style(self, row: int) -> int:
        """Return the style a row gives to its missing cells, 0 for none."""
        return _style_of(self.tag(row)) or 0

    def defaults(self, band: Band, column: int) -> Styles:
        """Return the styles that a band's missing cells in a column show: the row's, else the column's."""
        styles = np.full(len(band.tags), self.default_style(column), np.int32)
        for index, style in band.row_styles.items():
            styles[index] = style
        return styles

    # ---- putting together

    def chunks(self) -> Chunks:
        """Return the bytes of all rows as they are now."""
        out: Chunks = []
        data = memoryview(self.data)
        if not self.bands:
            return [data[self.begin : self.end]]
        at = 1
        for band in self.bands:
            low, high = self.rows.slice_of(at, band.first - 1)
            out.append(data[self.rows.starts[low] : self.rows.starts[high]])
            out.extend(_compose(band))
            at = band.last + 1
        low, high = self.rows.slice_of(at, MAX_ROW)
        out.append(data[self.rows.starts[low] : self.rows.starts[high]])
        return out


def _blocks(low: int, high: int) -> Iterator[tuple[int, int]]:
    """Part positions of rows into blocks of bounded size, with the same edges each time."""
    for edge in range(low - low % _BLOCK, high, _BLOCK):
        yield max(edge, low), min(edge + _BLOCK, high)


def _style_of(tag: str | None) -> int | None:
    """Return the style of a row that is formatted as a whole."""
    if not tag or "customFormat" not in tag:
        return None
    found = _ROW_STYLE.search(tag)
    return int(found[1]) if found else None


def drop_bare_rows(band: Band, low: int, high: int) -> None:
    """Forget rows that have neither cells nor a height, style or outline of their own."""
    filled = np.zeros(high - low, np.bool_)
    for column in band.columns.values():
        filled |= column.arrow(low, high).is_valid().to_numpy(zero_copy_only=False)
    for index in (np.flatnonzero(~filled) + low).tolist():
        if (tag := band.tags[index]) and _BARE.fullmatch(tag):
            band.tags[index] = None


def _band_extents(band: Band) -> Iterator[Rect]:
    for number, column in band.columns.items():
        there = np.flatnonzero(column.arrow(0, len(band.tags)).is_valid().to_numpy(zero_copy_only=False))
        if len(there):
            yield Rect(band.first + int(there[0]), number, band.first + int(there[-1]), number)


def _compose(band: Band, start: int = 0, end: int | None = None) -> Iterator[memoryview]:
    """Write a band's rows, a block at a time."""
    stop = len(band.tags) if end is None else end
    for low in range(start, stop, _BLOCK):
        high = min(low + _BLOCK, stop)
        tags = band.tags[low:high]
        numbers = pa.array(np.arange(band.first + low, band.first + high)).cast(TEXT)
        cells: list[Any] = []
        filled = np.zeros(high - low, np.bool_)
        for number in sorted(band.columns):
            column = band.columns[number]
            tails = column.arrow(low, high)
            valid = tails.is_valid().to_numpy(zero_copy_only=False)
            if valid.any():
                filled |= valid
                cells.append(_cells(number, numbers, column.styles[low:high], tails, explicit_zero=band.explicit_zero))
        if not filled.any() and not any(tags):
            continue
        opening = pa.array(tags, TEXT)
        missing = opening.is_null()
        if pc.any(missing).as_py():
            opening = pc.if_else(missing, join('<row r="', numbers, '"'), opening)
        there = filled | ~missing.to_numpy(zero_copy_only=False)
        inner = join(*cells, null_as_empty=True) if cells else ""
        body = join(opening, ">", inner, "</row>")
        alone = join(opening, "/>")
        rows = body if filled.all() else pc.if_else(pa.array(filled), body, alone)
        if not there.all():
            rows = rows.filter(pa.array(there))
        yield _bytes_of(rows)


def _cells(
    number: int, rows: pa.LargeStringArray, styles: Styles, tails: pa.LargeStringArray, *, explicit_zero: bool
) -> pa.LargeStringArray:
    """Write one column's cells; null where none stands."""
    zero = '" s="0"' if explicit_zero else '"'
    if (styles == styles[0]).all():
        style: Any = f'" s="{styles[0]}"' if styles[0] else zero
    else:
        distinct, back = np.unique(styles, return_inverse=True)
        names = pa.array([f'" s="{index}"' if index else zero for index in distinct.tolist()], TEXT)
        style = names.take(pa.array(back))
    return join(f'<c r="{column_name(number)}', rows, style, tails)


def _bytes_of(texts: pa.LargeStringArray) -> memoryview:
    """Return the texts one after the other, which is how Arrow holds them."""
    offsets: Ints = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return memoryview(texts.buffers()[2])[offsets[0] : offsets[-1]] if len(texts) else memoryview(b"")
