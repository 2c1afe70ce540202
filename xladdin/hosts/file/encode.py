"""From Python values to the XML of cells, a column at a time.

A cell is written as <c r="A1" s="3"{tail}: the tail holds type and value, '/>' for a formatted cell without value, null
for no cell at all. Columns of one kind become tails inside Arrow, without a Python object per cell.
"""

from __future__ import annotations

import datetime as dt
import decimal
import math
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from xladdin.cells import ExcelError
from xladdin.errors import BadRequest
from xladdin.host_values import MAX_TEXT, SHIFT_1904, serial_number
from xladdin.hosts.file import formulas, xml
from xladdin.hosts.file.arrow import TEXT, join
from xladdin.missing import is_missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xladdin.hosts.file.scan import Bools

EMPTY: Final = "/>"

#: formats a cell gets when a date or time is written into it and it shows none yet
PLAIN, AS_DATE, AS_MOMENT, AS_TIME, AS_DURATION = range(5)
FORMATS: Final = {AS_DATE: "yyyy-mm-dd", AS_MOMENT: "yyyy-mm-dd hh:mm:ss", AS_TIME: "hh:mm:ss", AS_DURATION: "[h]:mm:ss"}

_NUMBERS: Final = (float, int, np.integer, np.floating)
_QUIRK: Final = 60  # 1900-02-29, a day that only spreadsheets know: serials up to it count from a day later
_PAST_QUIRK: Final = dt.date(1900, 3, 1)
_DAY_US: Final = 86_400_000_000
_MUST_KEEP_SPACE: Final = re.compile(r"^\s|\s$|\n|\t|  ")
_FORMULA_LIKE: Final = r"^[=+\-@]"
_TYPED: Final = "^[=']"
#: texts that `text_tail` may write otherwise than as they are, and a few more
_NEEDS_CARE: Final = r"[&<>\x00-\x1f\x7f-\x9f\x{fffe}\x{ffff}]|_x|^\pZ|\pZ$|  |^$"


@dataclass
class Encoded:
    """One column ready to write: tails, the format each cell asks for, and the texts that need Excel's quote prefix."""

    tails: pa.LargeStringArray
    wants: npt.NDArray[np.int8] | None = None
    quoted: Bools | None = None


def column(values: Any, *, entered: bool, date1904: bool, as_text: Bools | None = None) -> Encoded:
    """Encode one column.

    `entered` says that texts count as typed into Excel: '=A1' is a formula, a leading apostrophe marks a text. Without
    it every text is data. `as_text` marks cells with the text format, where Excel takes no formula either.
    """
    pandas = sys.modules.get("pandas")  # where nobody imported it, nothing is a Series
    if pandas is not None and isinstance(values, pandas.Series):
        values = values.array if isinstance(values.dtype, pandas.DatetimeTZDtype) else values.to_numpy()
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if isinstance(values, pa.Array):
        return _arrow(values, entered=entered, date1904=date1904, as_text=as_text)
    if isinstance(values, np.ndarray) and values.dtype != np.object_:
        if values.dtype.kind in "fiu":
            return Encoded(_number_tails(values.astype(np.float64)))
        if values.dtype.kind == "b":
            return Encoded(_boolean_tails(pa.array(values)))
        if values.dtype.kind == "M":
            return _date_tails(values, date1904=date1904)
        values = values.astype(np.object_)
    values = list(values)
    kinds = set(map(type, values))
    kinds.discard(type(None))
    if kinds and all(kind is not bool and issubclass(kind, _NUMBERS) for kind in kinds):
        try:
            return Encoded(_number_tails(np.array(values, np.float64)))  # None becomes NaN, a blank
        except OverflowError:  # a whole number of more than 308 digits
            return _mixed(values, entered=entered, date1904=date1904, as_text=as_text)
    if kinds == {str}:
        return _text_tails(pa.array(values, TEXT), entered=entered, as_text=as_text)
    if kinds == {dt.date} and min(value for value in values if value is not None) >= _PAST_QUIRK:
        return _date_tails(pa.array(values, pa.date32()).to_numpy(zero_copy_only=False), date1904=date1904)
    if not kinds:
        return Encoded(pa.nulls(len(values), TEXT))
    return _mixed(values, entered=entered, date1904=date1904, as_text=as_text)


def _arrow(values: pa.Array, *, entered: bool, date1904: bool, as_text: Bools | None) -> Encoded:
    kind = values.type
    if pa.types.is_dictionary(kind):
        return _arrow(values.dictionary_decode(), entered=entered, date1904=date1904, as_text=as_text)
    if pa.types.is_boolean(kind):
        return Encoded(_boolean_tails(values))
    if pa.types.is_decimal(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return Encoded(_number_tails(values.cast(pa.float64(), safe=False).fill_null(math.nan).to_numpy(zero_copy_only=False)))
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        moments = values.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
        return _date_tails(moments, date1904=date1904)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return _text_tails(values.cast(TEXT), entered=entered, as_text=as_text)
    return _mixed(values.to_pylist(), entered=entered, date1904=date1904, as_text=as_text)


def _number_tails(values: npt.NDArray[np.float64]) -> pa.LargeStringArray:
    texts = pa.array(values, mask=~np.isfinite(values)).cast(TEXT)
    tails = join("><v>", texts, "</v></c>")
    infinite = np.isinf(values)
    if infinite.any():
        return pc.if_else(pa.array(infinite), pa.scalar(error_tail("#NUM!"), TEXT), tails)
    return tails


def _boolean_tails(values: pa.BooleanArray) -> pa.LargeStringArray:
    yes, no = (pa.scalar(f' t="b"><v>{n}</v></c>', TEXT) for n in (1, 0))
    return pc.if_else(values, yes, no)


def _date_tails(moments: npt.NDArray[np.datetime64], *, date1904: bool) -> Encoded:
    missing = np.isnat(moments)
    micros = (moments.astype("datetime64[us]") - np.datetime64("1899-12-30", "us")).astype(np.int64)
    micros[missing] = 0
    serials = micros / _DAY_US
    if ((serials < 0) | ((serials >= 1) & (serials < 2)))[~missing].any():
        raise BadRequest("a date before 1900-01-01 fits no cell: write it as text")
    serials = np.where((serials < _QUIRK + 1) & (serials >= 1), serials - 1, serials)
    if date1904:
        serials = serials - SHIFT_1904
    serials = np.where(missing, np.nan, serials)
    wants = np.where(missing, PLAIN, np.where(micros % _DAY_US == 0, AS_DATE, AS_MOMENT)).astype(np.int8)
    return Encoded(_number_tails(serials), wants)


def _text_tails(values: pa.LargeStringArray, *, entered: bool, as_text: Bools | None) -> Encoded:
    """Encode a column of texts through its distinct texts."""
    coded = values.dictionary_encode()
    distinct, indices = coded.dictionary, coded.indices
    if entered and pc.any(pc.match_substring_regex(distinct, _TYPED)).as_py():
        return _mixed(values.to_pylist(), entered=True, date1904=False, as_text=as_text)
    tails = _distinct_tails(distinct).take(indices)
    if entered:
        return Encoded(tails)
    like = pc.match_substring_regex(distinct, _FORMULA_LIKE)
    if not pc.any(like).as_py():
        return Encoded(tails)
    return Encoded(tails, quoted=like.take(indices).fill_null(fill_value=False).to_numpy(zero_copy_only=False))


def _distinct_tails(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """Encode texts: the plain ones inside Arrow, singly those with markup, odd characters or outer blanks, empty or too long ones."""
    tails = join(' t="inlineStr"><is><t>', texts, "</t></is></c>")
    odd = pc.or_(pc.match_substring_regex(texts, _NEEDS_CARE), pc.greater(pc.utf8_length(texts), MAX_TEXT))
    if not pc.any(odd).as_py():
        return tails
    return pc.replace_with_mask(tails, odd, pa.array([text_tail(text) for text in texts.filter(odd).to_pylist()], TEXT))


#: a link of constants, which shows its second one
_LINK: Final = re.compile(r'=HYPERLINK\("(?:[^"]|"")*","((?:[^"]|"")*)"\)', re.IGNORECASE)


def text_tail(text: str) -> str | None:
    """Encode one text; the empty text is a blank, as Excel takes it."""
    if not text:
        return None
    if len(text) > MAX_TEXT:
        raise BadRequest(f"a cell holds at most {MAX_TEXT:,} characters; got {len(text):,}, beginning with {text[:30]!r}")
    keep = ' xml:space="preserve"' if _MUST_KEEP_SPACE.search(text) else ""
    return f' t="inlineStr"><is><t{keep}>{xml.escape_text(text)}</t></is></c>'


def error_tail(code: str) -> str:
    """Encode an error value."""
    return f' t="e"><v>{code}</v></c>'


def formula_tail(formula: str) -> str:
    """Encode a formula. Only what a link shows is known without calculating; Excel calculates the rest on opening."""
    link = _LINK.fullmatch(formula)
    if link is not None:
        shown = xml.escape_text(link[1].replace('""', '"'))
        return f' t="str"><f>{xml.escape_text(formulas.to_file(formula))}</f><v>{shown}</v></c>'
    return f"><f>{xml.escape_text(formulas.to_file(formula))}</f></c>"


def _mixed(values: Sequence[Any], *, entered: bool, date1904: bool, as_text: Bools | None) -> Encoded:
    tails: list[str | None] = []
    wants = np.zeros(len(values), np.int8)
    quoted = np.zeros(len(values), np.bool_)
    for index, value in enumerate(values):
        if isinstance(value, str) and not isinstance(value, ExcelError):
            text = str(value)
            if entered and text[:1] == "=" and len(text) > 1 and (as_text is None or not as_text[index]):
                tails.append(formula_tail(text))
                continue
            if entered and text[:1] == "'" and (as_text is None or not as_text[index]):
                text, quoted[index] = text[1:], True
            elif not entered and text[:1] in tuple("=+-@"):
                quoted[index] = True
            tails.append(text_tail(text))
        else:
            tail, wants[index] = _scalar(value, date1904=date1904)
            tails.append(tail)
    return Encoded(pa.array(tails, TEXT), wants if wants.any() else None, quoted if quoted.any() else None)


def _scalar(value: Any, *, date1904: bool) -> tuple[str | None, int]:
    """Encode one value that is no text: its tail and the format it asks for."""
    if isinstance(value, ExcelError):
        return error_tail(str(value)), PLAIN
    if value is None or is_missing(value):
        return None, PLAIN
    if isinstance(value, (bool, np.bool_)):
        return f' t="b"><v>{int(value)}</v></c>', PLAIN
    if isinstance(value, (int, float, np.number, decimal.Decimal)):
        return number_tail(_float(value)), PLAIN
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[us]").item()
    if isinstance(value, np.timedelta64):
        value = value.astype("timedelta64[us]").item()
    if isinstance(value, (dt.datetime, dt.date)):
        return number_tail(serial_number(value, date1904=date1904)), AS_MOMENT if _has_time(value) else AS_DATE
    if isinstance(value, dt.time):
        seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
        return number_tail(seconds / 86400), AS_TIME
    if isinstance(value, dt.timedelta):
        return number_tail(value / dt.timedelta(days=1)), AS_DURATION
    raise BadRequest(f"a cell cannot hold {type(value).__name__}: {value!r:.60}")


def _float(value: Any) -> float:
    if isinstance(value, decimal.Decimal) and value.is_nan():
        return math.nan
    try:
        return float(value)
    except OverflowError:  # a whole number of more than 308 digits
        return math.inf


def _has_time(value: dt.date) -> bool:
    return isinstance(value, dt.datetime) and (value.hour, value.minute, value.second, value.microsecond) != (0, 0, 0, 0)


def number_tail(value: float) -> str | None:
    """Encode one number; NaN is a blank, an infinite one #NUM!."""
    if math.isnan(value):
        return None
    if math.isinf(value):
        return error_tail("#NUM!")
    return f"><v>{value!r}</v></c>" if value != int(value) or abs(value) > 2**53 else f"><v>{int(value)}</v></c>"
