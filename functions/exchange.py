"""Amounts in another currency, at the rates of the sheet Rates, and the risk ladder of payment methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.insurance import money_rows
from functions.sheet_rows import dated_rows
from xladdin.cells import describe, is_blank
from xladdin.errors import InvalidValue, NotAvailable, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

Numbers = NDArray[np.float64]
Texts = NDArray[np.object_]
Dates = NDArray[np.datetime64]
Flags = NDArray[np.bool_]
Steps = tuple[Dates, Numbers]

#: payment method -> its step, safest first (house rule: cash in advance < confirmed L/C < L/C < D/P < D/A < open account)
LADDER: Final = {"cash in advance": 0, "confirmed L/C": 1, "L/C": 2, "D/P": 3, "D/A": 4, "open account": 5}
_METHODS: Final = {
    **{name.casefold(): step for name, step in LADDER.items()},
    "cia": 0, "预付款": 0, "预付": 0, "confirmed lc": 1, "保兑信用证": 1, "lc": 2, "信用证": 2, "dp": 3, "付款交单": 3,
    "da": 4, "承兑交单": 4, "o/a": 5, "oa": 5, "赊销": 5,
}
#: grades of the house scale that count as weak
WEAK: Final = frozenset({"BB", "B", "CCC", "CC", "C", "D"})
STRONG: Final = frozenset({"AAA", "AA", "A", "BBB", ""})


def pair_rates(rows: Sequence[Sequence[Any]]) -> dict[str, Steps]:
    """Read the pairs of currencies among the rows of the sheet Rates: days rising, and the rate from each on."""
    found: dict[str, dict[np.datetime64, float]] = {}
    for where, day, row in dated_rows(tuple(map(tuple, rows)), "rates", 1):
        pair = "".join(str(row[0] or "").split()).upper()
        if "/" not in pair:
            continue
        rate = row[2] if len(row) > 2 else None
        if isinstance(rate, bool) or not isinstance(rate, (int, float)):
            raise InvalidValue(f"{where}: rate must be a number; got {describe(None if is_blank(rate) else rate)}")
        if not 0 < rate < np.inf:
            raise OutOfRange(f"{where}: rate must be above 0; got {describe(rate)}")
        found.setdefault(pair, {})[day] = float(rate)
    return {
        pair: (np.array(sorted(steps), dtype="datetime64[D]"), np.array([steps[day] for day in sorted(steps)]))
        for pair, steps in found.items()
    }


def _in_force(steps: Steps | None, days: Dates) -> tuple[Dates, Numbers]:
    """Return the day and rate in force on each day; NaT and NaN before the first."""
    since, rates = np.full(len(days), np.datetime64("NaT", "D")), np.full(len(days), np.nan)
    if steps is not None:
        place = np.searchsorted(steps[0], days, side="right") - 1
        known = (place >= 0) & ~np.isnat(days)
        since[known], rates[known] = steps[0][place[known]], steps[1][place[known]]
    return since, rates


def exchange_rates(source: str, target: str, days: Dates, pairs: dict[str, Steps]) -> Numbers:
    """Return units of `target` for one of `source` on n days: of the pair and its reverse the newer one; NaN when neither is known."""
    if source == target:
        return np.ones(len(days))
    since, rate = _in_force(pairs.get(f"{source}/{target}"), days)
    since_back, back = _in_force(pairs.get(f"{target}/{source}"), days)
    reverse = ~np.isnat(since_back) & (np.isnat(since) | (since_back > since))
    made: Numbers = np.where(reverse, 1 / back, rate)
    return made


@function(
    category="Payment plans, names, money",
    name="FXCONVERT",
    help_zh="按“利率与汇率”工作表的汇率折算金额：取该日有效的最新汇率，可反向。",
    args=(
        Arg("amount", "number", "Amount, or a column of them.", "金额，可为一列。", shape="column"),
        Arg("from_currency", "text", "ISO code of the amount.", "金额币种。", shape="column"),
        Arg("to_currency", "text", "ISO code wanted.", "目标币种。", shape="column"),
        Arg("date", "date", "Day of the rate.", "汇率日期。", shape="column"),
        Arg("rates", "any", "Rows of the sheet Rates: pair, date, rate.", "“利率与汇率”表的行：货币对、日期、汇率。", shape="range"),
    ),
    result="money",
    source="House convention: the newest rate of the pair, or of its reverse, on or before the day; no cross rates.",
    errors=(InvalidValue, NotAvailable, OutOfRange),
    examples=(
        Example((100, "USD", "CNY", "2026-02-10", [["USD/CNY", "2026-02-01", 7.2]]), 720, "Rate since 1 February.", "2月1日起汇率。"),
    ),
)
def fx_convert(amount: Numbers, from_currency: Texts, to_currency: Texts, date: Dates, rates: Sequence[Sequence[Any]]) -> Rows:
    """Amount in another currency, at the rate in force on a day.

    `amount`: n amounts; `from_currency`, `to_currency`: n codes; `date`: n days; `rates`: rows of pair (USD/CNY: yuan for one dollar),
    first day, rate. Answers n amounts, rounded half-up to the target's unit. NotAvailable, naming pair and day, without a rate.
    """
    pairs = pair_rates(rates)
    source = np.array([code.strip().upper() for code in from_currency.tolist()], dtype=object)
    target = np.array([code.strip().upper() for code in to_currency.tolist()], dtype=object)
    factor = np.full(len(amount), np.nan)
    for one, other in set(zip(source.tolist(), target.tolist(), strict=True)):
        mine = np.asarray((source == one) & (target == other), dtype=np.bool_)
        factor[mine] = exchange_rates(one, other, date[mine], pairs)
    missing = np.isnan(factor)
    made = money_rows(amount * np.where(missing, 1.0, factor), target)
    return made.fail(missing, lambda row: NotAvailable(f"rates: no {source[row]}/{target[row]} on {date[row]}; add it to the sheet Rates"))


@function(
    category="Insurance",
    help_zh="付款方式风险阶梯：0 预付、1 保兑信用证、2 信用证、3 D/P、4 D/A、5 赊销；空运或直交提单视同赊销。",
    args=(
        Arg(
            "method",
            "text",
            "cash in advance, confirmed L/C, L/C, D/P, D/A, open account.",
            "预付款、保兑信用证、信用证、D/P、D/A、赊销。",
            shape="column",
        ),
        Arg("bank_grade", "text", "Grade of the bank of an L/C.", "信用证银行等级。", shape="column", default="", blank="missing"),
        Arg("country_grade", "text", "Grade of the buyer's country.", "买方国家等级。", shape="column", default="", blank="missing"),
        Arg("insured", "boolean", "TRUE when insured.", "已投保为 TRUE。", shape="column", default=False),
        Arg(
            "shipment",
            "text",
            "title: documents hold the goods; air or direct: they do not.",
            "title：凭单提货；air 空运或 direct 直交提单：无物权凭证。",
            default="title",
            choices=("title", "air", "direct"),
        ),
    ),
    result="integer",
    source="House rule: the ladder of payment methods; a weak bank (L/C) or country (all but cash) is a step up, insurance a step down.",
    errors=(InvalidValue,),
    examples=(
        Example(("D/P", "", "", False), 3, "Documents against payment.", "付款交单。"),
        Example(("D/P", "", "", False, "air"), 5, "By air the documents hold nothing.", "空运单据无物权。"),
    ),
)
def payment_risk(method: Texts, bank_grade: Texts, country_grade: Texts, insured: Flags, shipment: str) -> Rows:
    """Risk of a method of payment, 0 (cash in advance) to 5 (open account).

    `method`: n texts; `bank_grade`, `country_grade`: AAA to D, BB and worse are weak, blank = not counted; `insured`: n truth values;
    `shipment`: title, air or direct; the last two turn L/C, D/P and D/A into open account. Answers n whole numbers, 1 to 5 unless
    paid in advance. InvalidValue for a method or grade that is not known.
    """
    steps = np.array([_METHODS.get(str(one).strip().casefold(), -1) for one in method.tolist()], dtype=np.int64)
    banks = np.array([str(one or "").strip().upper() for one in bank_grade.tolist()], dtype=object)
    countries = np.array([str(one or "").strip().upper() for one in country_grade.tolist()], dtype=object)
    risk = np.where((shipment != "title") & (steps >= LADDER["L/C"]), LADDER["open account"], steps)
    credit = np.isin(risk, (LADDER["confirmed L/C"], LADDER["L/C"]))
    weak_bank = np.array([one in WEAK for one in banks.tolist()], dtype=np.bool_)
    weak_country = np.array([one in WEAK for one in countries.tolist()], dtype=np.bool_)
    risk = risk + (credit & weak_bank) + weak_country - insured.astype(np.bool_)
    made = Rows(np.where(steps == 0, 0, np.clip(risk, 1, 5)))
    made.fail(steps < 0, lambda row: InvalidValue(f"method must be one of {', '.join(LADDER)}; got {describe(method[row])}"))
    for name, grades in (("bank_grade", banks), ("country_grade", countries)):
        bad = np.array([one not in WEAK and one not in STRONG for one in grades.tolist()], dtype=np.bool_)
        made.fail(bad, InvalidValue(f"{name} must be a grade from AAA to D"))
    return made
