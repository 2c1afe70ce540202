"""From the bytes of cells to Python values, a column of work at a time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from xladdin.cells import ERROR_CODES, ExcelError
from xladdin.host_values import SHIFT_1904
from xladdin.hosts.file import scan, xml

if TYPE_CHECKING:
    from xladdin.hosts.file.scan import Bools, Cells, Ints

Objects = npt.NDArray[np.object_]

_ERRORS: Final = {code: ExcelError(code) for code in ERROR_CODES}
_DAY_US: Final = 86_400_000_000
_LAST: Final = 2_958_466  # the day after 9999-12-31
_QUIRK: Final = 60  # 1900-02-29


def texts(raw: pa.LargeStringArray) -> Objects:
    """Read XML texts: entities, line ends and _xHHHH_. Equal texts become one Python object, which saves most of the memory."""
    coded = raw.dictionary_encode()
    values = coded.dictionary.to_pylist()
    for index in _suspicious(coded.dictionary):
        values[index] = xml.unescape_text(values[index])
    found = np.empty(len(values) + 1, np.object_)
    found[:-1], found[-1] = values, None
    out: Objects = found[coded.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)]
    return out


def _suspicious(raw: pa.LargeStringArray) -> list[int]:
    mask = pc.match_substring_regex(raw, r"[&\r]|_x")
    return [int(index) for index in np.flatnonzero(mask.to_numpy(zero_copy_only=False))]


def numbers(raw: pa.LargeStringArray) -> npt.NDArray[np.float64]:
    """Read numbers; what is none comes out as NaN."""
    try:
        parsed = raw.cast(pa.float64())
    except pa.ArrowInvalid:
        parsed = pa.array([_number(text) for text in raw.to_pylist()], pa.float64())
    return parsed.fill_null(float("nan")).to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def values(cells: Cells, shared: Objects, date_styles: Bools, *, date1904: bool) -> Objects:
    """Return one Python value per cell: float, str, bool, datetime, ExcelError or None."""
    out: Objects = np.empty(len(cells), np.object_)
    kind = cells.kind
    for code in np.unique(kind).tolist():
        chosen = np.flatnonzero(kind == code)
        raw = scan.spans(cells.data, cells.value_start[chosen], cells.value_end[chosen])
        if code == scan.NUMBER:
            out[chosen] = _dated(numbers(raw), cells.style[chosen], date_styles, date1904=date1904)
        elif code == scan.SHARED:
            position = numbers(raw)
            valid = (position >= 0) & (position < len(shared))
            out[chosen[valid]] = shared[position[valid].astype(np.int64)]
        elif code == scan.BOOLEAN:
            out[chosen] = [None if text is None else text.strip() in ("1", "true") for text in raw.to_pylist()]
        elif code == scan.ERROR:
            out[chosen] = [_ERRORS.get(text, _ERRORS["#VALUE!"]) for text in raw.to_pylist()]
        elif code == scan.DATE:
            out[chosen] = [_iso(text) for text in raw.to_pylist()]
        else:
            out[chosen] = texts(raw)
    for index in cells.slow:
        if kind[index] in (scan.INLINE, scan.STRING):
            text = scan.slow_text(cells.data[cells.tail_start[index] : cells.tail_end[index]], int(kind[index]))
            out[index] = None if text is None else xml.unescape_text(text)
    return out


def _iso(text: str | None) -> Any:
    if not text:
        return None
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text


def _dated(serials: npt.NDArray[np.float64], styles: Ints, date_styles: Bools, *, date1904: bool) -> Objects:
    blank = np.isnan(serials)
    out: Objects = serials.astype(np.object_)
    out[blank] = None
    known = np.minimum(styles, len(date_styles) - 1)
    as_date = np.flatnonzero(date_styles[known] & ~blank)
    if len(as_date):
        out[as_date] = dates(serials[as_date], date1904=date1904)
    return out


def dates(serials: npt.NDArray[np.float64], *, date1904: bool = False) -> Objects:
    """Turn serial numbers into datetimes, rounded to milliseconds. What is no day (negative, 1900-02-29) stays a number."""
    days = serials + SHIFT_1904 if date1904 else serials
    valid = (days >= 0) & (days < _LAST) & ~((days >= _QUIRK) & (days < _QUIRK + 1))
    unique, back = np.unique(days[valid], return_inverse=True)
    since_1899 = np.where(unique < _QUIRK, unique + 1, unique)  # 1900-01-01 is 1, but the days from 1900-03-01 on count one too many
    since_1899 = np.where(unique < 1, unique, since_1899)  # a time of day only
    micros = (np.round(since_1899 * (_DAY_US / 1000)) * 1000).astype(np.int64)
    moments = np.datetime64("1899-12-30", "us") + micros.astype("timedelta64[us]")
    out: Objects = serials.astype(np.object_)
    out[valid] = moments.astype(np.object_)[back]
    return out


def shared_strings(data: bytes) -> Objects:
    """Read the table of shared strings."""
    buffer = np.frombuffer(data, np.uint8)
    tags = np.flatnonzero(buffer[:-2] == ord("<")) if len(buffer) > 2 else np.empty(0, np.int64)
    first, second = buffer[tags + 1], buffer[tags + 2]
    item = np.flatnonzero((first == ord("s")) & (second == ord("i")))
    if not len(item):
        return np.empty(0, np.object_)
    close = np.append(item[1:], len(tags))
    kind = np.full(len(item), scan.INLINE, np.int64)
    starts = np.full(len(item), -1, np.int64)
    ends = starts.copy()
    tags = np.append(tags, len(data))
    slow = scan._texts(buffer, tags, first, second, item, kind, starts, ends)  # noqa: SLF001 - the same reading as in cells
    out = texts(scan.spans(data, starts, ends))
    out[starts < 0] = ""
    for index in slow:
        piece = data[tags[item[index]] : tags[close[index]]]
        out[index] = xml.unescape_text(scan.slow_text(piece, scan.INLINE) or "")
    return out
