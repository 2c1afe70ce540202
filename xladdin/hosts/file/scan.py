"""Finding the cells in a sheet's XML without a parser and without a Python object per cell.

A sheet of a million rows holds some 80 million tags; a parser makes an object or an event of each. Here NumPy finds all
'<' at once (a raw '<' never stands in XML text), the few tags that matter are told apart by their next letters, and what
comes out are arrays: row, column, style, type, and where in the bytes the value and the rest of the cell lie. Cells that
are written in an unusual way (other attributes, another order, rich text) are marked and read one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xladdin.errors import NotAWorkbook
from xladdin.hosts.file import address
from xladdin.hosts.file.arrow import TEXT

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]

NUMBER, SHARED, STRING, INLINE, BOOLEAN, ERROR, DATE = range(7)
_KINDS: Final = {"n": NUMBER, "s": SHARED, "str": STRING, "inlineStr": INLINE, "b": BOOLEAN, "e": ERROR, "d": DATE}

_ROW: Final = re.compile(rb"<row\b([^>]*)>")
_ROW_NUMBER: Final = re.compile(rb"""\sr=["'](\d+)["']""")
_CELL_TAG: Final = re.compile(rb"<c\b([^>]*?)(/?)>")
_ATTRIBUTE: Final = re.compile(rb"""\s+([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_T_TAG: Final = re.compile(rb"<t(?:\s[^>]*)?>(.*?)</t>|<rPh\b.*?</rPh>", re.DOTALL)
_V_TAG: Final = re.compile(rb"<v(?:\s[^>]*)?>(.*?)</v>", re.DOTALL)
_CDATA: Final = re.compile(rb"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_PRESERVE: Final = len('<t xml:space="preserve">')
_DIGITS: Final = 7
MOST_TAGS: Final = 12_000_000  # of the rows that are read at once, 4,096 of them; each takes some 50 bytes
MOST_ODD: Final = 1_000_000  # cells of one block that are read one by one
_AFTER_NAME: Final = np.frombuffer(b" >/\n\r\t", np.uint8)  # what may follow the name of a tag


@dataclass
class Rows:
    """Where each row of a sheet lies: numbers ascending, `starts` with one more entry, the end of the last row."""

    numbers: Ints
    starts: Ints

    def slice_of(self, first: int, last: int) -> tuple[int, int]:
        """Return the positions in these arrays of the rows numbered first..last."""
        low, high = np.searchsorted(self.numbers, [first, last + 1])
        return int(low), int(high)


@dataclass
class Cells:
    """The cells of some rows, in the order of the file; positions count from the start of `data`."""

    data: bytes
    row: Ints
    column: Ints
    style: Ints
    explicit_zero: bool  # the writer says s="0", which others leave out
    kind: Ints
    tail_start: Ints  # what follows r="…" and s="…", up to the end of the cell
    tail_end: Ints
    value_start: Ints  # the text between <v> and </v>, or between <t> and </t>; -1 when there is none
    value_end: Ints
    odd: dict[int, bytes]  # tails of cells with further attributes
    slow: set[int]  # cells whose text is rich or quoted

    def __len__(self) -> int:
        return len(self.row)

    def part(self, first: int, last: int) -> Cells:
        """Return the cells of the rows first..last."""
        low, high = np.searchsorted(self.row, [first, last + 1]).tolist()
        if (low, high) == (0, len(self)):
            return self
        piece = slice(low, high)
        odd = {index - low: tail for index, tail in self.odd.items() if low <= index < high}
        slow = {index - low for index in self.slow if low <= index < high}
        return Cells(
            self.data, self.row[piece], self.column[piece], self.style[piece], self.explicit_zero, self.kind[piece],
            self.tail_start[piece], self.tail_end[piece], self.value_start[piece], self.value_end[piece], odd, slow,
        )  # fmt: skip

    def tails(self) -> pa.LargeStringArray:
        """Return each cell's XML after its style as one Arrow array."""
        found = spans(self.data, self.tail_start, self.tail_end)
        if not self.odd:
            return found
        texts = found.to_pylist()
        for index, tail in self.odd.items():
            texts[index] = tail.decode()
        return pa.array(texts, TEXT)


def index_rows(data: bytes, begin: int, end: int) -> Rows:
    """Find the rows between two positions. A row without a number follows the one before it."""
    starts: list[int] = []
    at = data.find(b"<row", begin, end)
    while at >= 0:
        if len(starts) > address.MAX_ROW:
            raise NotAWorkbook(f"a sheet has more than {address.MAX_ROW:,} rows: the workbook is damaged")
        starts.append(at)
        at = data.find(b"<row", at + 4, end)
    rows = _numbered(data, np.array([*starts, end], np.int64)) or _numbered_singly(data, begin, end)
    if len(rows.numbers) > 1 and not (np.diff(rows.numbers) > 0).all():
        raise NotAWorkbook("the rows of a sheet are out of order or twice in the file: open the workbook in Excel and save it again")
    return rows


def _numbered(data: bytes, starts: Ints) -> Rows | None:
    """Read the numbers of rows that all begin with <row r="…", as every program writes them; else None."""
    buffer: Bytes = np.frombuffer(data, np.uint8)
    at = starts[:-1] + 8
    if not len(at) or at[-1] + 24 > len(buffer) or not _matches(buffer, starts[:-1], b'<row r="').all():
        return None
    behind, numbers = _digits(buffer, at, np.zeros(len(at), np.int64))
    return Rows(numbers, starts) if ((behind > at) & (buffer[behind] == ord('"'))).all() else None


def _numbered_singly(data: bytes, begin: int, end: int) -> Rows:
    numbers, starts, last = [], [], 0
    for found in _ROW.finditer(data, begin, end):
        number = _ROW_NUMBER.search(found[1])
        last = int(number[1][:_DIGITS]) if number else last + 1
        numbers.append(last)
        starts.append(found.start())
    return Rows(np.array(numbers, np.int64), np.array([*starts, end], np.int64))


def spans(data: bytes, starts: Ints, ends: Ints) -> pa.LargeStringArray:
    """Cut many ascending pieces out of some bytes at once. Pieces with a start of -1 come out as null."""
    missing = starts < 0
    if missing.any():
        last = np.maximum.accumulate(np.where(missing, 0, ends))
        starts, ends = np.where(missing, last, starts), np.where(missing, last, ends)
    edges = np.empty(2 * len(starts) + 1, np.int64)
    edges[0:-1:2], edges[1::2] = starts, ends
    edges[-1] = ends[-1] if len(ends) else 0
    both = pa.LargeStringArray.from_buffers(2 * len(starts), pa.py_buffer(edges), pa.py_buffer(data))
    every_other = np.arange(0, 2 * len(starts), 2)
    return both.take(pa.array(every_other, mask=missing) if missing.any() else pa.array(every_other))


def scan(data: bytes, rows: Rows, low: int, high: int) -> Cells:
    """Read the cells of rows low..high-1 (positions in `rows`)."""
    begin, end = int(rows.starts[low]), int(rows.starts[high])
    # behind the rows follows at least </sheetData></worksheet>, so looking a few bytes past `end` stays inside
    buffer: Bytes = np.frombuffer(data, np.uint8)
    if data.count(b"<", begin, end) > MOST_TAGS:
        raise NotAWorkbook(f"the rows {rows.numbers[low]} to {rows.numbers[high - 1]} of a sheet hold too many cells to be read")
    tags = np.flatnonzero(buffer[begin:end] == ord("<")) + begin
    first, second = buffer[tags + 1], buffer[tags + 2]
    is_cell = (first == ord("c")) & np.isin(second, _AFTER_NAME)
    cell = np.flatnonzero(is_cell)
    start = tags[cell]
    tags = np.append(tags, end)
    is_end = np.append(is_cell | ((first == ord("/")) & (second == ord("r"))) | ((first == ord("r")) & (second == ord("o"))), [True])
    empty = is_end[cell + 1]  # the next tag is no part of this cell: <c …/>
    row_index = np.searchsorted(rows.starts[low : high + 1], start, side="right") - 1 + low
    number = rows.numbers[row_index]

    column, style, kind, at, regular, explicit = _attributes(buffer, start, number)
    closing = np.flatnonzero((first == ord("/")) & (second == ord("c")))
    close = cell.copy()  # an empty cell holds nothing: no later tag is inside it
    with_content = np.flatnonzero(~empty)
    if len(closing) != len(with_content):
        raise NotAWorkbook("a sheet of the workbook is damaged: its cells do not close")
    close[with_content] = closing
    close_at = tags[close]
    tail_end = np.where(empty, at + 2, close_at + 4)
    regular &= np.where(empty, buffer[at] == ord("/"), buffer[at] == ord(">"))

    value_start = np.full(len(cell), -1, np.int64)
    value_end = value_start.copy()
    plain_v = (first == ord("v")) & (second == ord(">"))
    _first_inside(tags, np.flatnonzero(plain_v), cell, close, 3, value_start, value_end)
    slow = _texts(buffer, tags, first, second, cell, kind, value_start, value_end)
    odd_v = np.flatnonzero((first == ord("v")) & (second == ord(" ")) | (first == ord("!")))
    slow.update((np.searchsorted(cell, odd_v, side="right") - 1).tolist())

    cells = Cells(data, number, column, style, explicit, kind, _tail_start(at, kind, regular), tail_end, value_start, value_end, {}, slow)
    odd = np.flatnonzero(~regular)
    if len(odd) > MOST_ODD:
        raise NotAWorkbook(f"a sheet holds {len(odd):,} cells written in an unusual way: open the workbook in Excel and save it again")
    for index in odd.tolist():
        _read_odd(cells, index, int(start[index]), bool(empty[index]), int(close_at[index]) + 4)
    return cells


def _attributes(buffer: Bytes, start: Ints, number: Ints) -> tuple[Ints, Ints, Ints, Ints, Bools, bool]:
    """Read r="AB12" s="3" t="s" of all cells at once; a cell that looks otherwise is marked as not regular."""
    limit = len(buffer) - 1
    regular = _matches(buffer, start, b'<c r="')
    at = np.minimum(start + 6, limit - 8)
    column = np.zeros(len(start), np.int64)
    for _ in range(3):
        letter = buffer[at].astype(np.int64)
        is_letter = (letter >= ord("A")) & (letter <= ord("Z"))
        column = np.where(is_letter, column * 26 + letter - 64, column)
        at = at + is_letter
    seen = np.zeros(len(start), np.int64)
    at, seen = _digits(buffer, at, seen)
    regular &= (seen == number) & (column > 0) & (buffer[at] == ord('"'))
    at = np.minimum(at + 1, limit - 24)

    has_style = _matches(buffer, at, b' s="')
    after, style = _digits(buffer, np.where(has_style, at + 4, at), np.zeros(len(start), np.int64))
    style = np.where(has_style, style, 0)
    regular &= ~has_style | (buffer[after] == ord('"'))
    explicit = bool((has_style & (style == 0)).any())
    at = np.where(has_style, after + 1, at)

    kind = np.full(len(start), NUMBER, np.int64)
    typed = _matches(buffer, at, b' t="')
    after = np.where(typed, at + 4, at)
    words = _eight(buffer, after)
    for name, code in _KINDS.items():
        # one name is longer than eight bytes by its quote
        same = typed & (_begins(words, name.encode() + b'"') if len(name) < 8 else _matches(buffer, after, name.encode() + b'"'))
        kind[same] = code
        after[same] += len(name) + 1
        typed &= ~same
    regular &= ~typed
    return column, style, kind, after, regular, explicit


def _tail_start(at: Ints, kind: Ints, regular: Bools) -> Ints:
    """Step back over t="…", which belongs to the value."""
    lengths = np.zeros(len(_KINDS), np.int64)
    for name, code in _KINDS.items():
        lengths[code] = len(name) + 5
    lengths[NUMBER] = 0
    return np.where(regular, at - lengths[kind], at)


def _eight(buffer: Bytes, at: Ints) -> Words:
    """Return the eight bytes from each position on as one number, the first byte lowest: fetched once instead of one by one."""
    every = np.ndarray((len(buffer) - 7,), "<u8", buffer, 0, (1,))
    found: Words = every[at]
    return found


def _matches(buffer: Bytes, at: Ints, text: bytes) -> Bools:
    same = np.ones(len(at), np.bool_)
    for offset in range(0, len(text), 8):
        same &= _begins(_eight(buffer, at + offset), text[offset : offset + 8])
    return same


def _begins(words: Words, text: bytes) -> Bools:
    """Tell which of eight bytes each begin with a text."""
    mask, wanted = ((1 << 8 * len(text)) - 1, int.from_bytes(text, "little"))
    begins: Bools = (words & np.uint64(mask)) == np.uint64(wanted)
    return begins


def _digits(buffer: Bytes, at: Ints, value: Ints) -> tuple[Ints, Ints]:
    """Read the number that stands at each position; positions move behind it."""
    words = _eight(buffer, at)
    more = np.ones(len(at), np.bool_)
    for place in range(_DIGITS):
        digit = ((words >> np.uint64(8 * place)) & np.uint64(255)).astype(np.int64) - ord("0")
        more &= (digit >= 0) & (digit <= 9)
        if not more.any():
            break
        value = np.where(more, value * 10 + digit, value)
        at = at + more
    return at, value


def _first_inside(tags: Ints, wanted: Ints, cell: Ints, close: Ints, skip: int, starts: Ints, ends: Ints) -> None:
    """Set the text span of the first wanted tag inside each cell."""
    if not len(wanted):
        return
    position = np.searchsorted(wanted, cell)
    tag = np.append(wanted, len(tags))[position]
    inside = tag < close
    starts[inside] = tags[tag[inside]] + skip
    ends[inside] = tags[tag[inside] + 1]


def _texts(buffer: Bytes, tags: Ints, first: Bytes, second: Bytes, cell: Ints, kind: Ints, starts: Ints, ends: Ints) -> set[int]:
    """Set the text span of inline strings; return the cells whose text stands in several pieces or unusual tags."""
    text_tags = np.flatnonzero((first == ord("t")) & ((second == ord(">")) | (second == ord(" ")) | (second == ord("/"))))
    if not len(text_tags):
        return set()
    owner = np.searchsorted(cell, text_tags, side="right") - 1
    count = np.bincount(owner, minlength=len(cell))
    one = (count == 1)[owner] & (kind[owner] == INLINE)
    bare = second[text_tags] == ord(">")
    spaced = np.zeros(len(text_tags), np.bool_)
    candidates = np.flatnonzero(second[text_tags] == ord(" "))
    where = np.minimum(tags[text_tags[candidates]], len(buffer) - _PRESERVE - 1)
    spaced[candidates] = _matches(buffer, where, b'<t xml:space="preserve">')
    good = one & (bare | spaced)
    index = text_tags[good]
    starts[owner[good]] = tags[index] + np.where(bare[good], 3, _PRESERVE)
    ends[owner[good]] = tags[index + 1]
    return set(owner[~good].tolist())


def _read_odd(cells: Cells, index: int, start: int, empty: bool, end: int) -> None:
    """Read one cell that is written in an unusual way and set its entries."""
    tag = _CELL_TAG.match(cells.data, start)
    if tag is None:
        raise NotAWorkbook("a sheet of the workbook is damaged: a cell has no end")
    attributes = {key.decode(): (a or b).decode() for key, a, b in _ATTRIBUTE.findall(tag[1])}
    reference = attributes.pop("r", None)
    if reference is None:
        previous = index > 0 and cells.row[index - 1] == cells.row[index]
        cells.column[index] = cells.column[index - 1] + 1 if previous else 1
    else:
        rect = address.parse_rect(reference)
        if rect is None or rect.row != cells.row[index]:
            raise NotAWorkbook(f"a sheet of the workbook is damaged: cell {reference} stands in row {cells.row[index]}")
        cells.column[index] = rect.column
    cells.style[index] = _style(attributes.pop("s", "0"))
    cells.kind[index] = _KINDS.get(attributes.get("t", "n"), NUMBER)
    rest = "".join(f' {key}="{value}"' for key, value in attributes.items())
    if empty:
        end = tag.end()
        cells.odd[index] = f"{rest}/>".encode()
    else:
        cells.odd[index] = rest.encode() + b">" + cells.data[tag.end() : end]
    # keep the positions ascending, so that all tails can be cut at once; the text itself comes from `odd`
    cells.tail_start[index], cells.tail_end[index] = start, end
    if cells.kind[index] in (SHARED, BOOLEAN, ERROR, STRING, NUMBER, DATE) and not empty:
        found = _V_TAG.search(cells.data, tag.end(), end)
        cells.value_start[index], cells.value_end[index] = found.span(1) if found else (-1, -1)
    elif cells.kind[index] == INLINE:
        cells.slow.add(index)


def _style(text: str) -> int:
    if not text.isdecimal() or len(text) > _DIGITS:
        raise NotAWorkbook(f"a sheet of the workbook is damaged: a cell has the style {text[:20]!r}")
    return int(text)


def slow_text(xml_of_cell: bytes, kind: int) -> str | None:
    """Read the text of one cell (or shared string) that is rich, quoted or unusual; phonetic hints are left out."""
    pieces = _T_TAG.findall(xml_of_cell) if kind == INLINE else _V_TAG.findall(xml_of_cell)[:1]
    if not pieces:
        return None
    if any(b"<![CDATA[" in piece for piece in pieces):
        plain = [_CDATA.sub(lambda found: found[1].replace(b"&", b"&amp;").replace(b"<", b"&lt;"), piece) for piece in pieces]
        return b"".join(plain).decode()
    return b"".join(pieces).decode()
