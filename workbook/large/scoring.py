"""Companies in Arrow batches -> their scores, through the kernel of =CREDITSCORE(): the same columns, rules and points.

A row with a value that cannot be read has no score; `problem` says why. A blank is missing, and a factor nobody gave counts its
own *missing* points, as in a cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from functions.credit_file import NAMES
from functions.customer_score import no_band, score_columns
from functions.default_probability import default_prob
from functions.default_scorecard import DEFAULT_SCORECARD
from functions.row_blocks import plain_name
from functions.scorecard import Scorecard
from functions.scoring import credit_grade
from workbook.reading import FLAGS
from xladdin.errors import BadRequest

#: names under which a company's own number is found, in this order
IDS: Final = ("customer_id", "company_id", "id", "register_no", "uscc", "统一社会信用代码", "客户编号", "客户", "name", "名称")
SCHEMA: Final = (
    ("score", pa.float64()), ("grade", pa.dictionary(pa.int8(), pa.string())), ("default_probability", pa.float64()),
    ("known", pa.float32()), ("capped", pa.bool_()), ("stale", pa.bool_()), ("problem", pa.string()),
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What is read of a source: the column of a company's number, and of each field of a credit file."""

    id_column: str
    id_type: pa.DataType
    fields: dict[str, tuple[str, str]]  # column -> (key, kind)
    scorecard: Scorecard
    as_of: dt.date

    @property
    def columns(self) -> list[str]:
        """The columns to read."""
        return list(dict.fromkeys([self.id_column, *self.fields]))

    @property
    def schema(self) -> pa.Schema:
        """The columns that are written."""
        return pa.schema([(self.id_column, self.id_type), *SCHEMA])


def make_plan(schema: pa.Schema, name: str, as_of: dt.date, id_column: str = "", scorecard: Scorecard = DEFAULT_SCORECARD) -> Plan:
    """Map the columns of a source, as =CREDITSCORE() maps its headers. Raises BadRequest for what cannot be scored."""
    fields: dict[str, tuple[str, str]] = {}
    wanted = {**{plain_name(key): (key, "number") for key in scorecard.keys}, **NAMES}
    for column in schema.names:
        found = wanted.get(plain_name(column))
        if found is None:
            continue
        twin = next((other for other, (key, _) in fields.items() if key == found[0]), None)
        if twin is not None:
            raise BadRequest(f"{name}: the columns {twin} and {column} both stand for {found[0]}; leave one out")
        _check_type(name, column, found[1], schema.field(column).type)
        fields[column] = found
    if not fields:
        raise BadRequest(f"{name} has no column of a credit file; CREDITSCORE knows current_ratio, debt_to_assets, ebit …")
    by_name = {plain_name(column): column for column in reversed(schema.names)}
    found_id = id_column if id_column in schema.names else next((by_name[plain_name(one)] for one in IDS if plain_name(one) in by_name), "")
    if (id_column and found_id != id_column) or not found_id:
        names = ", ".join(schema.names[:20])
        raise BadRequest(f"{name} has no column {id_column or 'customer_id'} that names the company; say it with --id, one of {names}")
    return Plan(found_id, schema.field(found_id).type, fields, scorecard, as_of)


def _check_type(name: str, column: str, kind: str, type_: pa.DataType) -> None:
    is_number = pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_) or pa.types.is_null(type_)
    is_day = pa.types.is_date(type_) or pa.types.is_timestamp(type_)
    is_text = pa.types.is_string(type_) or pa.types.is_large_string(type_)
    fits = {"number": is_number or is_text, "date": is_day or is_text, "flag": is_number or is_day or is_text or pa.types.is_boolean(type_)}
    if not fits[kind]:
        raise BadRequest(f"{name}: the column {column} holds {type_}, where a {kind} is wanted")


def score_batch(batch: pa.RecordBatch, plan: Plan) -> pa.RecordBatch:
    """Score one batch."""
    count = batch.num_rows
    bad: dict[str, NDArray[np.bool_]] = {}
    columns: dict[str, NDArray[Any]] = {}
    for column, (key, kind) in plan.fields.items():
        columns[key], wrong = _READ[kind](batch.column(column))
        if wrong is not None and wrong.any():
            bad[column] = wrong
    scored = score_columns(columns, plan.scorecard, np.datetime64(plan.as_of, "D"))
    none = np.isnan(scored.score)
    reason = _reasons(scored, none, bad, count)
    for wrong in bad.values():
        none = none | wrong
    score = np.where(none, 0.0, scored.score)
    grades, chances = _grades(score)
    values = [
        batch.column(plan.id_column),
        pa.array(score, mask=none),
        pa.DictionaryArray.from_arrays(pa.array(grades.astype(np.int8), mask=none), pa.array(_NAMES)),
        pa.array(chances, mask=none),
        pa.array(scored.known.astype(np.float32)),
        pa.array(scored.capped),
        pa.array(scored.stale),
        reason,
    ]
    return pa.RecordBatch.from_arrays(values, schema=plan.schema)


def _reasons(scored: Any, none: NDArray[np.bool_], bad: dict[str, NDArray[np.bool_]], count: int) -> pa.Array:
    if not none.any() and not bad:
        return pa.nulls(count, pa.string())
    words: list[str | None] = [None] * count
    for row in np.flatnonzero(none).tolist():
        words[row] = str(no_band(scored, row))
    for column, wrong in bad.items():
        for row in np.flatnonzero(wrong).tolist():
            words[row] = f"{column} cannot be read"
    return pa.array(words, pa.string())


def _edges() -> tuple[list[str], NDArray[np.float64], NDArray[np.float64]]:
    """Ask the functions themselves for each whole score: grade and probability change at whole scores only."""
    names = [str(name) for name in credit_grade(np.arange(101, dtype=np.float64)).values]
    chances = np.asarray(default_prob(np.array(names, dtype=object)).values, dtype=np.float64)
    distinct = list(dict.fromkeys(names))
    first = [names.index(one) for one in distinct]
    return distinct, np.array(first, dtype=np.float64), chances[first]


_NAMES, _LOWS, _CHANCES = _edges()


def _grades(score: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    place = np.searchsorted(_LOWS, score, side="right") - 1
    return place, _CHANCES[place]


Read = tuple[NDArray[Any], NDArray[np.bool_] | None]


def _numbers(column: pa.Array) -> Read:
    wrong = None
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column, wrong = _read_texts(column, pa.float64())
    elif not pa.types.is_floating(column.type):
        column = column.cast(pa.float64())
    values = np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)
    endless = np.isinf(values)
    if endless.any():
        wrong = endless if wrong is None else wrong | endless
    return values, wrong


def _read_texts(column: pa.Array, kind: pa.DataType) -> tuple[pa.Array, NDArray[np.bool_] | None]:
    """Read texts; what is none of the kind is null and wrong."""
    text = pc.utf8_trim_whitespace(column)
    text = pc.if_else(pc.equal(text, ""), pa.scalar(None, text.type), text)
    shape = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$" if pa.types.is_floating(kind) else r"^\d{4}-\d{2}-\d{2}$"
    fits = pc.match_substring_regex(text, shape)
    wrong = np.asarray(pc.invert(pc.fill_null(fits, fill_value=True)).to_numpy(zero_copy_only=False), dtype=np.bool_)
    text = pc.if_else(pc.fill_null(fits, fill_value=False), text, pa.scalar(None, text.type))
    if pa.types.is_floating(kind):
        return text.cast(kind), wrong
    day = pc.strptime(text, format="%Y-%m-%d", unit="s", error_is_null=True)
    lost = np.asarray(pc.and_(pc.is_valid(text), pc.is_null(day)).to_numpy(zero_copy_only=False), dtype=np.bool_)
    return day.cast(kind), wrong | lost


def _days(column: pa.Array) -> Read:
    wrong = None
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column, wrong = _read_texts(column, pa.date32())
    return np.asarray(column.cast(pa.date32()).to_numpy(zero_copy_only=False), dtype="datetime64[D]"), wrong


def _flags(column: pa.Array) -> Read:
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        return _days(column)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        text = pc.utf8_lower(pc.utf8_trim_whitespace(column))
        yes, no = ([word for word, truth in FLAGS.items() if truth == value] for value in (True, False))
        day = pc.match_substring_regex(text, r"^\d{4}-\d{2}-\d{2}")
        is_yes = pc.or_(pc.is_in(text, value_set=pa.array(yes, text.type)), day)
        is_no = pc.is_in(text, value_set=pa.array(no, text.type))
        blank = pc.or_(pc.is_null(text), pc.equal(text, ""))
        values = np.where(_mask(is_yes), 1.0, np.where(_mask(is_no), 0.0, np.nan))
        return values, ~(_mask(is_yes) | _mask(is_no) | _mask(blank))
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64), None


def _mask(column: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(pc.fill_null(column, fill_value=False).to_numpy(zero_copy_only=False), dtype=np.bool_)


_READ: Final[dict[str, Callable[[pa.Array], Read]]] = {"number": _numbers, "date": _days, "flag": _flags}
