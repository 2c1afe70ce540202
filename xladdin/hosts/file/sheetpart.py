"""One sheet of the file: its rows, what surrounds them, and the few operations everything else is made of."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xladdin.errors import BadRequest
from xladdin.hosts.file import decode, encode, sheetformulas, tableparts, xml
from xladdin.hosts.file.address import MAX_COLUMN, MAX_ROW, Rect, parse_rect
from xladdin.hosts.file.arrow import TEXT
from xladdin.hosts.file.columns import Columns
from xladdin.hosts.file.rows import SheetRows, drop_bare_rows
from xladdin.hosts.file.shell import Shell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from xladdin.hosts.file.decode import Objects
    from xladdin.hosts.file.encode import Encoded
    from xladdin.hosts.file.rows import Band, Column
    from xladdin.hosts.file.workbook import Workbook

MOST_CELLS: Final = 1 << 26  # read at once: a million rows of 64 columns; each takes 8 bytes before it holds anything
_FILLED: Final = 4  # times the memory of a blank cell that a filled one takes, at least
_NARROW: Final = 256  # columns that are emptied whether or not they are used
_DIMENSION: Final = re.compile(rb'ref="([^"]*)"')


class SheetPart:
    """A sheet's XML part; nothing of it is read before it is needed."""

    def __init__(self, workbook: Workbook, part: str) -> None:
        self.workbook, self.part = workbook, part
        self._shell: Shell | None = None
        self._rows: SheetRows | None = None
        self._columns: Columns | None = None
        self._has_formulas: bool | None = None
        self._extent: Rect | None = None
        self._extent_known = False
        self.rows_changed = False

    @property
    def name(self) -> str:
        """Name on the tab."""
        items = self.workbook.sheet_items()
        return next((item.get("name") or "" for item in items if self.workbook.sheet_part(item) is self), self.part)

    def reset(self) -> None:
        """Forget what was read, after the file was replaced."""
        self.__init__(self.workbook, self.part)  # type: ignore[misc]

    def _load(self) -> tuple[Shell, SheetRows, Columns]:
        if self._shell is None or self._rows is None or self._columns is None:
            data = xml.normalise(self.workbook.package.read(self.part), self.part)
            self._shell = Shell(data, self.part)
            self._columns = Columns(self._shell)
            self._rows = SheetRows(data, self._shell.rows_begin, self._shell.rows_end, self._columns.style)
        return self._shell, self._rows, self._columns

    @property
    def shell(self) -> Shell:
        """What surrounds the rows."""
        return self._load()[0]

    @property
    def rows(self) -> SheetRows:
        """The rows."""
        return self._load()[1]

    @property
    def columns(self) -> Columns:
        """The widths and default styles of columns."""
        return self._load()[2]

    # ---- reading

    def extent(self) -> Rect:
        """Return the used range, A1 for an empty sheet. The file's own statement is taken when the rows agree with it."""
        if not self._extent_known:
            stated = self._stated_extent()
            self._extent = stated if stated and not self.rows.bands else self.rows.extent(stated)
            self._extent_known = True
        return self._extent or Rect(1, 1, 1, 1)

    def _bounds(self) -> Rect:
        """Return a rectangle that holds all cells there are, without looking at them: the rows of the file, and all columns."""
        numbers, bands = self.rows.rows.numbers, self.rows.bands
        last = [int(numbers[-1])] if len(numbers) else []
        return Rect(1, 1, max([*last, *(band.last for band in bands[-1:]), 1]), MAX_COLUMN)

    def _stated_extent(self) -> Rect | None:
        stated = self.shell.get("dimension")
        found = _DIMENSION.search(stated) if stated else None
        rect = parse_rect(found[1].decode()) if found else None
        numbers = self.rows.rows.numbers
        if rect is None or not len(numbers) or rect.height * rect.width == 1:
            return None
        return rect if (rect.row, rect.last_row) == (numbers[0], numbers[-1]) else None

    def read(self, rect: Rect, *, dates: bool = True) -> Objects:
        """Return the values of a rectangle as an array of Python objects; without `dates`, dates are their serial numbers."""
        _refuse_huge(self, max(rect.height, 0) * max(rect.width, 0), rect)
        out: Objects = np.full((max(rect.height, 0), max(rect.width, 0)), None, np.object_)
        book = self.workbook
        mask = book.date_styles if dates else np.zeros(1, np.bool_)
        for cells in self.rows.cells(rect.row, rect.last_row):
            found = decode.values(cells, book.shared_strings, mask, date1904=book.date1904)
            inside = (cells.column >= rect.column) & (cells.column <= rect.last_column)
            if inside.all():
                out[cells.row - rect.row, cells.column - rect.column] = found
            else:
                out[cells.row[inside] - rect.row, cells.column[inside] - rect.column] = found[inside]
        return out

    def read_filled(self, last_row: int, last_column: int) -> tuple[list[int], dict[int, list[Any]]]:
        """Return the columns that hold something as far as a corner, by number, and the rows that do, with a cell for each of them.

        What lies between far cells takes no memory: a cell in XFD1048576 is one row and one column more.
        """
        book, pieces, count = self.workbook, [], 0
        for cells in self.rows.cells(1, last_row):
            values = decode.values(cells, book.shared_strings, book.date_styles, date1904=book.date1904)
            chosen = (cells.column <= last_column) & np.array([value is not None and value != "" for value in values.tolist()], np.bool_)
            count += int(chosen.sum())
            _refuse_huge(self, count * _FILLED, Rect(1, 1, last_row, last_column))
            if chosen.any():
                pieces.append((cells.row[chosen], cells.column[chosen], values[chosen]))
        if not pieces:
            return [], {}
        row, column, value = (np.concatenate(one) for one in zip(*pieces, strict=True))
        numbers, across = np.unique(column, return_inverse=True)
        lines, down = np.unique(row, return_inverse=True)
        _refuse_huge(self, len(numbers) * len(lines), Rect(1, 1, int(lines[-1]), int(numbers[-1])))
        table: Objects = np.full((len(lines), len(numbers)), None, np.object_)
        table[down, across] = value
        return numbers.tolist(), dict(zip(lines.tolist(), table.tolist(), strict=True))

    @property
    def has_formulas(self) -> bool:
        """Tell whether any cell has, or was given, a formula."""
        if self._has_formulas is None:
            rows = self.rows
            self._has_formulas = rows.data.find(b"<f", rows.begin, rows.end) >= 0
        return self._has_formulas

    def style_at(self, row: int, column: int) -> int:
        """Return the style a cell shows, also where no cell stands."""
        for cells in self.rows.untouched(row, row):
            index = np.flatnonzero(cells.column == column)
            if len(index):
                return int(cells.style[index[0]])
        for band, at, _ in self.rows.touched(row, row):
            found = band.columns.get(column)
            if found is not None and found.stands(at):
                return int(found.styles[at])
        return self.rows.row_style(row) or self.columns.style(column)

    def styles(self, rect: Rect) -> set[int]:
        """Return the styles that occur in a rectangle, those of missing cells included."""
        found: set[int] = set()
        count = 0
        for cells in self.rows.untouched(rect.row, rect.last_row):
            inside = (cells.column >= rect.column) & (cells.column <= rect.last_column)
            found.update(np.unique(cells.style[inside]).tolist())
            count += int(inside.sum())
        for band, low, high in self.rows.touched(rect.row, rect.last_row):
            for number, column in band.columns.items():
                if rect.column <= number <= rect.last_column:
                    there = column.shown(low, high)
                    found.update(np.unique(there).tolist())
                    count += len(there)
        if count < rect.height * rect.width:
            found.update(self.columns.styles(rect.column, rect.last_column))
        return found

    # ---- writing

    def write(self, rect: Rect, encoded: Sequence[Encoded]) -> None:
        """Write columns of encoded cells; each cell keeps its style, unless its value asks for a date format or a quote."""
        _refuse_overhang(rect)
        for offset, item in enumerate(encoded):
            self._replace(rect.row, rect.last_row, rect.column + offset, item.tails)
            if item.wants is not None or item.quoted is not None or self.workbook.has_quotes:
                self._restyle_written(rect.row, rect.column + offset, item)

    def _replace(self, first: int, last: int, column: int, tails: pa.LargeStringArray) -> None:
        done = 0
        for band, low, high in self.edit(first, last):
            target = self.rows.column(band, column)
            piece = tails.slice(done, high - low)
            done += high - low
            self._note_formulas(target.arrow(low, high), piece)
            target = self.rows.column(band, column)  # un-sharing a formula may have replaced the texts
            blank = piece.is_null().to_numpy(zero_copy_only=False)
            if blank.any():
                piece = self._keep_formats(band, target, column, low, high, piece, blank)
            self.rows.put(band, column, low, high, piece)

    def _keep_formats(
        self, band: Band, target: Column, number: int, low: int, high: int, piece: pa.LargeStringArray, blank: npt.NDArray[np.bool_]
    ) -> pa.LargeStringArray:
        """Leave a blank cell standing where it shows a format the column or row would not give it."""
        default = self.rows.defaults(band, number)[low:high]
        formatted = blank & (target.styles[low:high] != default)
        return pc.if_else(pa.array(formatted), pa.scalar(encode.EMPTY, TEXT), piece) if formatted.any() else piece

    def _restyle_written(self, row: int, column: int, item: Encoded) -> None:
        """Give dates a date format where the cell has none, and set or take away the quote prefix."""
        styles = self.workbook.styles
        done = 0
        for band, low, high in self.edit(row, row + len(item.tails) - 1):
            target = self.rows.column(band, column).styles[low:high]
            wants = item.wants[done : done + high - low] if item.wants is not None else np.zeros(high - low, np.int8)
            quoted = item.quoted[done : done + high - low] if item.quoted is not None else np.zeros(high - low, np.bool_)
            done += high - low
            keys = target.astype(np.int64) * 16 + wants * 2 + quoted
            for key in np.unique(keys).tolist():
                old, want, quote = key // 16, key % 16 // 2, bool(key % 2)
                new = old
                if want and not self.workbook.is_date(old) and styles.number_format(old) == "General":
                    new = styles.with_number_format(old, encode.FORMATS[want])
                if quote != styles.quoted(old):
                    new = styles.with_quote(new, quoted=quote)
                if new != old:
                    target[keys == key] = new

    def restyle(self, rect: Rect, change: Callable[[int], int]) -> None:
        """Change the style of every cell of a rectangle; whole columns and rows change their default and the cells there are."""
        whole_columns = (rect.row, rect.last_row) == (1, MAX_ROW)
        if whole_columns:
            used = self.extent()
            self.columns.restyle(rect.column, rect.last_column, change)
            rect = Rect(used.row, rect.column, used.last_row, min(rect.last_column, max(used.last_column, rect.column)))
        elif (rect.column, rect.last_column) == (1, MAX_COLUMN):
            used = self.extent()
            rect = Rect(rect.row, used.column, rect.last_row, used.last_column)
        pieces = self.edit(rect.row, rect.last_row)
        if whole_columns:  # bands may reach beyond the used rows, and rows written there later take the style from them
            pieces = [(band, 0, len(band.tags)) for band in self.rows.bands]
        for band, low, high in pieces:
            for number in range(rect.column, rect.last_column + 1):
                column = self.rows.column(band, number)
                piece = column.styles[low:high]
                changes = [(old, new) for old in np.unique(piece).tolist() if (new := change(old)) != old]
                before = piece.copy() if len(changes) > 1 else piece
                for old, new in changes:
                    piece[before == old] = new
                if changes:
                    self._settle(band, column, number, low, high)

    def _settle(self, band: Band, column: Column, number: int, low: int, high: int) -> None:
        """Make blank cells appear where a format must show, and vanish where none does."""
        tails = column.arrow(low, high)
        blank = pc.or_kleene(tails.is_null(), pc.equal(tails, encode.EMPTY)).fill_null(fill_value=True).to_numpy(zero_copy_only=False)
        if not blank.any():
            return
        shows = blank & (column.styles[low:high] != self.rows.defaults(band, number)[low:high])
        kept = pc.if_else(pa.array(blank & ~shows), pa.scalar(None, TEXT), tails)
        self.rows.put(band, number, low, high, pc.if_else(pa.array(shows), pa.scalar(encode.EMPTY, TEXT), kept))

    def set_styles(self, rect: Rect, styles: Sequence[int | None]) -> None:
        """Give each column of a rectangle one style."""
        _refuse_overhang(rect)
        for band, low, high in self.edit(rect.row, rect.last_row):
            for offset, style in enumerate(styles):
                if style is not None:
                    self.rows.column(band, rect.column + offset).styles[low:high] = style

    def clear(self, rect: Rect, *, contents: bool, formats: bool) -> None:
        """Empty cells, take their formats, or both; then the cells are gone from the file."""
        both = rect.overlap(self._bounds() if rect.width <= _NARROW else self.extent())
        if both is None:
            return
        for number in range(both.column, both.last_column + 1):
            if formats:
                for band, low, high in self.edit(both.row, both.last_row):
                    column = self.rows.column(band, number)
                    column.styles[low:high] = self.rows.defaults(band, number)[low:high] if contents else 0
                    self._settle(band, column, number, low, high)
            if contents:
                self._replace(both.row, both.last_row, number, pa.nulls(both.height, TEXT))
        if contents and formats:
            for band, low, high in self.edit(both.row, both.last_row):
                drop_bare_rows(band, low, high)

    def move_row(self, source: int, target: int, first: int, last: int) -> None:
        """Move cells first..last of a row to another row, values and styles; the old ones are gone."""
        self.edit(min(source, target), min(source, target))
        for number in range(first, last + 1):
            [(band, low, high)] = self.edit(source, source)
            column = self.rows.column(band, number)
            tails, style = column.arrow(low, high), int(column.styles[low])
            default = int(self.rows.defaults(band, number)[low])
            self.rows.put(band, number, low, high, pa.nulls(1, TEXT))
            column.styles[low] = default
            [(band, low, high)] = self.edit(target, target)
            self.rows.column(band, number).styles[low] = style
            self.rows.put(band, number, low, high, tails)

    def set_rows(self, first: int, last: int, attributes: dict[str, str | None]) -> None:
        """Set or (with None) remove attributes of rows, such as their height."""
        self.set_each_row(first, [attributes] * (last - first + 1))

    def set_each_row(self, first: int, attributes: Sequence[dict[str, str | None] | None]) -> None:
        """Do so for rows from one on, each with its own attributes; None leaves a row as it is."""
        given = iter(attributes)
        for band, low, high in self.edit(first, first + len(attributes) - 1):
            for index in range(low, high):
                wanted = next(given)
                if wanted is None:
                    continue
                tag = band.tags[index] or f'<row r="{band.first + index}"'
                for key, value in wanted.items():
                    tag = _without(tag, key) + (f' {key}="{value}"' if value is not None else "")
                band.tags[index] = tag

    def row_height(self, row: int) -> float:
        """Return a row's height in points."""
        found = re.search(r'\sht="([^"]+)"', self.rows.tag(row))
        if found:
            return xml.real(found[1], 15.0)
        layout = self.shell.element("sheetFormatPr")
        return xml.real(layout.get("defaultRowHeight"), 15.0) if layout is not None else 15.0

    def row_hidden(self, row: int) -> bool:
        """Tell whether a row is hidden."""
        return re.search(r'\shidden="(1|true)"', self.rows.tag(row)) is not None

    def edit(self, first: int, last: int) -> list[tuple[Band, int, int]]:
        """Take rows apart to change them; return the bands with the positions of the rows in them."""
        if first > last:
            return []
        bands = self.rows.touch(first, last)
        self.rows_changed = True
        self._extent_known = False
        return bands

    # ---- formulas that others depend on

    def _note_formulas(self, old: pa.LargeStringArray, new: pa.LargeStringArray) -> None:
        gained = bool(pc.any(pc.match_substring(new, "<f")).as_py())
        lost = self.has_formulas and bool(pc.any(pc.match_substring(old, "<f")).as_py())
        if gained:
            self._has_formulas = True
        if gained or lost:
            self.workbook.formulas_changed = True
        if lost and pc.any(pc.match_substring_regex(old, r'<f [^>]*t="shared"')).as_py():
            sheetformulas.unshare(self)

    # ---- saving

    def flush(self) -> bool:
        """Hand the part's new bytes to the package; tell whether there was anything new."""
        if self._shell is None or self._rows is None or not (self.rows_changed or self._shell.changed):
            return False
        if self.rows_changed:
            tableparts.follow_headers(self)
            self._state_extent()
        self.workbook.package.write(self.part, [self._shell.before(), *self._rows.chunks(), self._shell.after()])
        return True

    def _state_extent(self) -> None:
        """Correct what the sheet says of its own size, a hint that readers use to make room."""
        stated = self.shell.get("dimension")
        if stated is not None:
            self.shell.put_bytes("dimension", _DIMENSION.sub(f'ref="{self.extent().a1()}"'.encode(), stated, count=1))


def _without(tag: str, key: str) -> str:
    """Take an attribute out of a row's tag; most rows have none of the kind."""
    return _attribute(key).sub("", tag) if f'{key}="' in tag else tag


@lru_cache(maxsize=16)
def _attribute(key: str) -> re.Pattern[str]:
    return re.compile(rf'\s{key}="[^"]*"')


def _refuse_huge(sheet: SheetPart, count: int, rect: Rect) -> None:
    """Refuse a rectangle that no sheet fills, before room is made for it."""
    if count > MOST_CELLS:
        last = Rect(rect.last_row, rect.last_column, rect.last_row, rect.last_column).a1()
        raise BadRequest(
            f"the sheet {sheet.name} of {sheet.workbook.path.name} reaches to {last}, which makes {count:,} cells: "
            f"more than {MOST_CELLS:,} are not read at once. Delete what stands far away from the rest, in the last row or column"
        )


def _refuse_overhang(rect: Rect) -> None:
    if rect.last_row > MAX_ROW or rect.last_column > MAX_COLUMN:
        raise BadRequest(f"{rect.height:,} rows from row {rect.row} do not fit a sheet of {MAX_ROW:,} rows and {MAX_COLUMN:,} columns")
