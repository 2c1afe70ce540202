"""How much credit a customer should get: the smallest of what its net worth, its sales and its insurance bear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.money import round_money
from functions.row_blocks import Columns, Kind, plain_name, read_rows
from xladdin.cells import describe, is_blank, read_number
from xladdin.errors import CellError, InvalidValue, NotAvailable, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

Numbers = NDArray[np.float64]
PARTS: Final = ("net_worth", "sales", "insured_limit")
#: days of a year that yearly sales are spread over
YEAR: Final = 365
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "net_worth": ("净资产", "所有者权益", "equity"),
    "sales": ("yearly sales", "营业收入", "年营业收入"),
    "terms": ("credit days", "账期", "账期天数"),
    "insured_limit": ("保险限额",),
    "own_risk": ("own risk", "自担风险"),
}
_WANTED: Final[dict[str, tuple[str, Kind]]] = {
    plain_name(text): (key, "number") for key, names in _NAMES.items() for text in (key, *names)
}
_GRADE: Final = tuple(plain_name(text) for text in ("grade", "等级", "信用等级"))
_WORDS: Final = {
    "net_worth": ("share of net worth", "净资产占比"),
    "sales": ("share of sales in the credit days", "账期内销售占比"),
    "insured_limit": ("insured limit and own risk", "保险限额加自担风险"),
}


@dataclass(frozen=True, slots=True)
class LimitPolicy:
    """What a grade bears: share of net worth, share of the sales made in the credit days, own risk as a share of the insured limit."""

    grade: str
    net_worth: float
    sales: float
    own_risk: float


#: house rule: a tenth of the net worth of a middling customer, less for weaker ones, nothing below CCC; replace it by a range of your own
POLICY: Final = (
    LimitPolicy("AAA", 0.20, 0.30, 0.50),
    LimitPolicy("AA", 0.175, 0.25, 0.40),
    LimitPolicy("A", 0.15, 0.20, 0.30),
    LimitPolicy("BBB", 0.125, 0.15, 0.20),
    LimitPolicy("BB", 0.10, 0.10, 0.10),
    LimitPolicy("B", 0.05, 0.05, 0.0),
    LimitPolicy("CCC", 0.02, 0.02, 0.0),
    LimitPolicy("CC", 0.0, 0.0, 0.0),
    LimitPolicy("C", 0.0, 0.0, 0.0),
    LimitPolicy("D", 0.0, 0.0, 0.0),
)


def read_policy(rows: Sequence[Sequence[Any]]) -> tuple[LimitPolicy, ...]:
    """Read grade, share of net worth, share of sales, own risk; a header and blank rows are skipped."""
    made: list[LimitPolicy] = []
    for number, row in enumerate(rows, start=1):
        cells = [None if is_blank(cell) else cell for cell in [*row[:4], *[None] * 4][:4]]
        if all(cell is None for cell in cells) or (number == 1 and isinstance(cells[1], str)):
            continue
        if cells[0] is None:
            raise InvalidValue(f"policy, row {number}: the grade is not named")
        shares = []
        for title, cell in zip(("share of net worth", "share of sales", "own risk"), cells[1:], strict=True):
            share = read_number(cell, f"policy, row {number}: {title}") or 0.0
            if share < 0:
                raise OutOfRange(f"policy, row {number}: {title} must be 0 or more; got {describe(cell)}")
            if share > 1:
                raise OutOfRange(f"policy, row {number}: {title} must be a fraction, 10% = 0.1; got {describe(cell)}")
            shares.append(share)
        made.append(LimitPolicy(str(cells[0]).strip(), *shares))
    if not made:
        raise InvalidValue("policy must be a range of grade, share of net worth, share of sales, own risk; it has no rows")
    names = [one.grade for one in made]
    if len(set(names)) < len(names):
        raise InvalidValue(f"policy: the grade {next(name for name in names if names.count(name) > 1)} stands there twice")
    return tuple(made)


def limit_parts(columns: Mapping[str, Numbers], shares: Numbers) -> Numbers:
    """Return what net worth, sales and insurance bear, 3 x n; NaN where it is not known.

    `columns`: by key, n amounts each (`terms` in days); `shares`: 3 x n, NaN for a grade that is not in the policy.
    """
    count = shares.shape[1]
    nothing = np.full(count, np.nan)
    worth, sales, terms, insured, own = (columns.get(key, nothing) for key in ("net_worth", "sales", "terms", "insured_limit", "own_risk"))
    risk = np.where(np.isnan(own), insured * shares[2], own)
    parts: Numbers = np.maximum(np.vstack([worth * shares[0], sales * terms / YEAR * shares[1], insured + risk]), 0.0)
    return parts


def _read(
    headers: Sequence[str], values: Sequence[Sequence[Any]], policy: Sequence[Sequence[Any]] | None
) -> tuple[Numbers, Columns, Rows, NDArray[np.bool_]]:
    table = POLICY if policy is None else read_policy(policy)
    columns, errors = read_rows(headers, values, _WANTED)
    at = [number for number, header in enumerate(headers) if plain_name(header) in _GRADE]
    if len(at) != 1:
        raise InvalidValue(f"headers must name one column grade; they name {len(at)}")
    if not any(key in columns for key in PARTS):
        raise InvalidValue(f"headers name nothing to work a limit out from; they may be {', '.join(_NAMES)}")
    place = {one.grade.casefold(): number for number, one in enumerate(table)}
    rows = np.array([place.get(str(row[at[0]]).strip().casefold(), -1) for row in values], dtype=np.int64)
    shares = np.array([[one.net_worth, one.sales, one.own_risk] for one in table] + [[np.nan] * 3])[rows].T
    negative = np.zeros(len(values), dtype=np.bool_)
    for key in ("sales", "terms", "insured_limit", "own_risk"):
        negative |= columns.get(key, np.zeros(len(values))) < 0
    parts = limit_parts(columns, shares)
    known = ~np.isnan(parts)
    limit = np.where(known, parts, np.inf).min(axis=0)
    made = Rows(round_money(np.where(np.isfinite(limit), limit, 0.0)))
    unreadable = np.zeros(len(values), dtype=np.bool_)
    unreadable[list(errors)] = True
    made.fail(unreadable, lambda row: errors[row])
    made.fail(np.asarray(negative), OutOfRange("sales, terms, insured limit and own risk cannot be negative"))
    blank = np.array([is_blank(row[at[0]]) for row in values], dtype=np.bool_)
    made.fail(blank, NotAvailable("the customer has no grade"))
    made.fail((rows < 0) & ~blank, lambda row: InvalidValue(f"the policy has no grade {values[row][at[0]]}"))
    missing: CellError = NotAvailable("neither net worth, nor sales with terms, nor an insured limit is known")
    return parts, columns, made.fail(np.asarray(~known.any(axis=0)), missing), known


HEADERS = Arg(
    "headers", "text", "Names of the columns: grade, net_worth, sales, terms, insured_limit, own_risk.",
    "列名：grade 等级、net_worth 净资产、sales 年营业收入、terms 账期、insured_limit 保险限额、own_risk 自担风险。",
    shape="range", blank="missing",
)  # fmt: skip
VALUES = Arg("values", "any", "One row per customer, as wide as the headers.", "每客户一行。", shape="rows")
TABLE = Arg(
    "policy", "any", "Grade, share of net worth, share of sales, own risk (share of the insured limit).",
    "等级、净资产占比、销售占比、自担风险（占保险限额）。", shape="range", default=None,
)  # fmt: skip
SOURCE: Final = "House rule: smallest of shares of net worth and of sales by grade, and insured limit + own risk."
SHOWN: Final = (["grade", "net_worth", "sales", "terms", "insured_limit"], [["BB", 5_000_000, 30_000_000, 60, 400_000]])


@function(
    category="Limits",
    help_zh="建议信用额度：净资产占比、账期内销售占比、保险限额加自担风险三者取小。",
    args=(HEADERS, VALUES, TABLE),
    result="number",
    source=SOURCE,
    errors=(InvalidValue, NotAvailable, OutOfRange),
    examples=(Example(SHOWN, 440_000.0, "The insured limit and a tenth of it.", "保险限额加10%自担。"),),
)
def credit_limit(headers: Sequence[str], values: Sequence[Sequence[Any]], policy: Sequence[Sequence[Any]] | None = None) -> Rows:
    """Credit limit of customers: the smallest of what net worth, sales and insurance bear.

    `headers`: k names; `values`: n rows of k cells, amounts in one currency, `terms` in days; `policy`: shares by grade that replace the
    default ones. Parts: net worth x share; yearly sales x terms / 365 x share; insured limit + own risk (an amount, else a share of the
    insured limit by grade). A blank part does not count; a negative net worth bears 0. Answers n amounts, to the cent; NotAvailable
    without a grade or any part.
    """
    return _read(headers, values, policy)[2]


@function(
    category="Limits",
    help_zh="建议额度的依据：哪一项最小，其余各项为多少。",
    args=(
        HEADERS,
        VALUES,
        TABLE,
        Arg("language", "text", "Language of the answer: en or zh.", "结果语言：en 或 zh。", default="en", choices=("en", "zh")),
    ),
    result="text",
    source=SOURCE,
    errors=(InvalidValue, NotAvailable, OutOfRange),
    examples=(
        Example(
            SHOWN,
            "insured limit and own risk 440,000; share of sales in the credit days 493,151; share of net worth 500,000",
            "The smallest part first: it is the limit.",
            "最小项在前，即为额度。",
        ),
    ),
)
def credit_limit_reason(
    headers: Sequence[str], values: Sequence[Sequence[Any]], policy: Sequence[Sequence[Any]] | None = None, language: str = "en"
) -> Rows:
    """Reason of a credit limit: its parts, the smallest first, which is the limit.

    Arguments as CREDITLIMIT; `language`: en or zh. Answers n texts; parts that are not known are left out.
    """
    parts, _, made, known = _read(headers, values, policy)
    column = 1 if language == "zh" else 0
    separator = "；" if language == "zh" else "; "
    texts = np.full(len(values), "", dtype=object)
    for row in np.flatnonzero(known.any(axis=0)).tolist():
        order = [part for part in np.argsort(parts[:, row], kind="stable").tolist() if known[part, row]]
        texts[row] = separator.join(f"{_WORDS[PARTS[part]][column]} {parts[part, row]:,.0f}" for part in order)
    return Rows(texts, made.failures)
