"""Cash forecast: what customers will pay, week by week, from each one's own lateness; promises and disputes replace it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np

from workbook.book import CreditBook
from workbook.due_dates import shown
from workbook.reports.common import Ints, amount_text, as_of_words, customer_names
from workbook.reports.forecast_words import name
from workbook.reports.lateness import NONE, OWN
from workbook.reports.receipts import (
    CAUTIOUS,
    DISPUTED,
    EARLY,
    EXPECTED,
    INSOLVENT,
    LATER,
    PLACES,
    UNAPPLIED,
    UNKNOWN,
    WEEKS,
    Receipts,
    by_place,
    last_weeks,
    receipts_of,
)
from workbook.reports.receipts_largest import largest_receipts
from workbook.settings import Settings
from workbook.sheet import Block, Column, ColumnKind, Invariant, Sheet, money_to_float
from xladdin.registry import report

LARGEST: Final = 25
_SHOWN: Final[dict[str, tuple[ColumnKind, int]]] = {
    "period": ("text", 36),
    "from_day": ("date", 13),
    "until_day": ("date", 13),
    **dict.fromkeys(("expected", "promised_part", "early", "cautious", "running", "cautious_running"), ("amount", 18)),
    "parts": ("integer", 9),
    "payers": ("integer", 11),
}
_STYLES: Final[dict[str, Any]] = {"period": "key", "expected": "strong"}
_OTHERS: Final = {
    LATER: "later",
    UNKNOWN: "unknown",
    DISPUTED: "disputed_place",
    INSOLVENT: "insolvent_place",
    UNAPPLIED: "unapplied_place",
}


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the report; the last ones belong to the analyst."""
    language = settings.language
    return (
        *(Column(key, name(key, language), kind, width, _STYLES.get(key, "plain")) for key, (kind, width) in _SHOWN.items()),
        Column("owner", name("owner", language), "text", 12, "input"),
        Column("note", name("note", language), "text", 28, "input"),
    )


@report(
    key="cash_forecast",
    sheet="Cash forecast",
    label="Cash forecast",
    label_zh="现金预测",
    help="Expected receipts by week, early and late, from each customer's own lateness; promises and disputes replace it.",
    help_zh="按各客户自身付款习惯预测逐周回款（含较早与谨慎情形）；承诺与争议优先。",
    columns=columns,
    order=9,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """Place every open item in a week; all places together are the ledger."""
    language, currency = settings.language, settings.report_currency
    made = receipts_of(book, settings, as_of)
    sums = [by_place(made, column) for column in (EXPECTED, EARLY, CAUTIOUS)]
    promised = by_place(made, EXPECTED, made.promised)
    starts = [as_of + dt.timedelta(days=7 * number + 1) for number in range(WEEKS)]
    ends = [as_of + dt.timedelta(days=7 * (number + 1)) for number in range(WEEKS)]
    blank: list[Any] = [None] * (PLACES - WEEKS)
    summed = [np.cumsum(one[:WEEKS]).tolist() + blank for one in (sums[EXPECTED], sums[CAUTIOUS])]
    data: dict[str, Any] = {
        "period": [
            *(name("week", language, number=number + 1) for number in range(WEEKS)),
            *(name(key, language) for key in _OTHERS.values()),
        ],
        "from_day": [*starts, ends[-1] + dt.timedelta(days=1), *blank[1:]],
        "until_day": [*ends, *blank],
        "expected": sums[EXPECTED],
        "promised_part": promised,
        "early": sums[EARLY],
        "cautious": sums[CAUTIOUS],
        "running": summed[0],
        "cautious_running": summed[1],
        "parts": _items(made),
        "payers": _payers(made),
    }
    known = bool(len(made.units))
    total = {key: int(np.asarray(data[key]).sum()) for key in ("expected", "promised_part", "early", "cautious")}
    total_row = {"period": name("sum", language), **total}
    return Sheet(
        report="cash_forecast",
        name="Cash forecast",
        title=name("forecast_title", language),
        subtitle=as_of_words(settings, as_of, made.found.outstanding[made.found.outstanding != 0].size, "unit_customers"),
        columns=columns(settings),
        data=data if known else {key: values[:0] for key, values in data.items()},
        key_columns=("period",),
        states={"period": [*(f"week_{number + 1}" for number in range(WEEKS)), *_OTHERS.values()] if known else []},
        totals=[total_row] if known else [],
        total_keys={currency: total_row} if known else {},
        facts=_facts(book, made, sums, promised, settings, as_of) if known else [],
        notes=[name("how", language), *(finding.message for finding in made.found.exchange.problems)],
        invariants=[
            Invariant(name("check_parts", language), code, int(made.units[made.currency == code].sum()), amount)
            for code, amount in sorted(made.found.ledger.items())
        ],
        blocks=[_by_currency(made, language), _largest(book, made, settings, as_of)] if known else [],
        chart=[(name("week", language, number=number + 1), float(money_to_float(sums[EXPECTED][number]))) for number in range(WEEKS)],
        problems=[*made.found.exchange.problems],
    )


def _items(made: Receipts) -> Ints:
    """Count the items of each place."""
    number = np.zeros(PLACES, dtype=np.int64)
    np.add.at(number, made.place[:, EXPECTED], made.number)
    return number


def _payers(made: Receipts) -> Ints:
    """Count the customers of each place."""
    pairs = np.unique(made.who * PLACES + made.place[:, EXPECTED])
    return np.bincount(pairs % PLACES, minlength=PLACES)


def _facts(
    book: CreditBook, made: Receipts, sums: list[Ints], promised: Ints, settings: Settings, as_of: dt.date
) -> list[tuple[str, str]]:
    language, currency = settings.language, settings.report_currency
    facts = []
    for count in (4, WEEKS):
        expected, early, late = (amount_text(int(one[:count].sum()), currency) for one in sums)
        facts.append((name("fact_weeks", language, weeks=count), name("range", language, expected=expected, low=late, high=early)))
    facts.append((name("fact_promised", language), amount_text(int(promised.sum()), currency)))
    facts.append((name("fact_not_forecast", language), amount_text(int(sums[EXPECTED][UNKNOWN:UNAPPLIED].sum()), currency)))
    placed = ~made.promised & (made.place[:, EXPECTED] <= LATER)
    if placed.any():
        own = made.number[placed & (made.basis == OWN)].sum() / made.number[placed].sum()
        facts.append((name("fact_own_history", language), f"{own:.0%}"))
    expected_then, came = (round(one) for one in last_weeks(book, settings, as_of))
    if expected_then or came:
        words = name("tested", language, expected=amount_text(expected_then, currency), came=amount_text(came, currency))
        facts.append((name("fact_test", language), words))
    return facts


def _by_currency(made: Receipts, language: str) -> Block:
    """Show each currency by itself: its parts add up to its ledger."""
    codes = sorted(dict.fromkeys(made.currency.tolist()))
    data: dict[str, list[Any]] = {key: [] for key in ("currency", "blank", "blank2", "weeks_4", "weeks_13", "later", "not_forecast", "sum")}
    for code in codes:
        mine = made.currency == code
        sums = np.zeros(PLACES, dtype=np.int64)
        np.add.at(sums, made.place[mine, EXPECTED], made.units[mine])
        row = (code, "", "", sums[:4].sum(), sums[:WEEKS].sum(), sums[LATER], sums[LATER + 1 :].sum(), sums.sum())
        for key, value in zip(data, row, strict=True):
            data[key].append(value if isinstance(value, str) else int(value))
    labels = {"weeks_4": name("fact_weeks", language, weeks=4), "weeks_13": name("fact_weeks", language, weeks=WEEKS)}
    return Block(
        name("by_currency", language),
        tuple(
            Column(key, "" if key.startswith("blank") else labels.get(key) or name(key, language), "text" if number < 3 else "amount", 18,
                   "key" if key == "currency" else "strong" if key == "sum" else "plain")
            for number, key in enumerate(data)
        ),
        data,
    )  # fmt: skip


def _largest(book: CreditBook, made: Receipts, settings: Settings, as_of: dt.date) -> Block:
    """List the largest parts that are expected, document by document, with their days."""
    language = settings.language
    parts = largest_receipts(book, made, as_of, LARGEST)
    basis = [
        name("basis_promise", language) if promised else name(f"basis_{kind}", language) if kind != NONE else ""
        for promised, kind in zip(parts.promised.tolist(), parts.basis.tolist(), strict=True)
    ]
    data: dict[str, Any] = {  # in the order that suits the columns above: text, two days, amounts
        "name": customer_names(book, parts.customers, language),
        "due_date": shown(parts.due),
        "expected_on": parts.day[:, EXPECTED],
        "amount_report": parts.worth,
        "document_no": parts.documents,
        "early_on": parts.day[:, EARLY],
        "late_on": parts.day[:, CAUTIOUS],
        "basis": basis,
        "customer_id": parts.customers,
    }
    kinds: dict[str, Any] = {"expected_on": "date", "early_on": "date", "late_on": "date", "due_date": "date", "amount_report": "amount"}
    styles: dict[str, Any] = {"name": "key", "amount_report": "strong"}
    return Block(
        name("largest", language),
        tuple(
            Column(key, name(key, language, currency=settings.report_currency), kinds.get(key, "text"), 18, styles.get(key, "plain"))
            for key in data
        ),
        data,
    )
