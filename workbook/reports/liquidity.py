"""Liquidity: how long receivables take to turn into cash, month by month, from the ledger as it stood."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from functions.aging import days_overdue
from functions.collection_ratios import cash_ratio, collection_effectiveness, receivables_turnover, true_dso
from functions.liquidity import average_days_delinquent, best_dso, dso, dso_count_back
from workbook.book import CreditBook
from workbook.reports.common import Exchange, Ints, as_of_words, items_of, sums
from workbook.reports.exposure import converted
from workbook.reports.insurance_cover import Cover, covers
from workbook.reports.liquidity_words import name
from workbook.reports.register_columns import OWNER_NOTE
from workbook.reports.rolling import Then, items_by_look
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE, Column, ColumnKind, Invariant, Sheet
from workbook.units import units_column
from xladdin.errors import CellError
from xladdin.registry import Rows, report

Numbers = NDArray[np.float64]
MONTHS: Final = 12
#: months of sales that days are measured on: a quarter, long enough for terms of 60 and 90 days
WINDOW: Final = 3
_DEFAULTED: Final = 90  # days past due (IFRS 9 B5.5.37)
_SHOWN: Final[dict[str, tuple[ColumnKind, int]]] = {
    "look": ("date", 12), "receivables": ("amount", 18), "not_due": ("amount", 18), "overdue_part": ("amount", 18),
    "month_sales": ("amount", 18), "dso": ("number", 11), "best_dso": ("number", 12), "add": ("number", 13), "count_back": ("number", 13),
    "cei": ("number", 10),
}  # fmt: skip


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the report; the last ones belong to the analyst."""
    language = settings.language
    styles: dict[str, Any] = {"look": "key", "dso": "strong"}
    return (
        *(Column(key, name(key, language), kind, width, styles.get(key, "plain")) for key, (kind, width) in _SHOWN.items()),
        *(Column(key, name(key, language), kind, width, "input") for key, (kind, width) in OWNER_NOTE.items()),
    )


def month_ends(as_of: dt.date, count: int) -> list[dt.date]:
    """Return the last days of the `count` months before the one of the day, rising."""
    days = [as_of.replace(day=1) - dt.timedelta(days=1)]
    while len(days) < count:
        days.append(days[-1].replace(day=1) - dt.timedelta(days=1))
    return days[::-1]


@report(
    key="liquidity",
    sheet="Liquidity",
    label="Liquidity",
    label_zh="流动性",
    help="Days sales outstanding and its family, month by month; collection effectiveness; cash ratio before and after insurance.",
    help_zh="逐月应收账款周转天数系列、催收效率指数、保险前后现金比率。",
    columns=columns,
    order=7,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """Show the ledger as it stood at the month ends of a year and on the day, the latest first."""
    language, currency = settings.language, settings.report_currency
    cover = covers(book, settings, as_of)
    exchange, ledger = cover.found.exchange, book.tables["ledger"]
    ends = month_ends(as_of, MONTHS + WINDOW)
    looks = [*ends[WINDOW:], as_of]
    then = items_by_look(ledger, looks)
    late = then.applied & (days_overdue(then.due, np.array(looks, dtype="datetime64[D]")[then.look]) > 0)
    worth = then.exact_worth(exchange)
    receivables = sums(then.look, worth, len(looks))
    overdue = sums(then.look[late], worth[late], len(looks))
    current = sums(then.look[then.applied & ~late], worth[then.applied & ~late], len(looks))
    edges = np.array([ends[0], *ends[1:], as_of], dtype="datetime64[D]")
    sales = sales_between(ledger, edges, exchange)  # of the months that end on edges[1:]
    figures = _figures(receivables, current, sales, edges)
    rows = np.arange(len(looks))[::-1]
    data: dict[str, Any] = {
        "look": np.array(looks, dtype="datetime64[D]")[rows],
        "receivables": receivables[rows],
        "not_due": current[rows],
        "overdue_part": overdue[rows],
        "month_sales": np.rint(sales[WINDOW - 1 :]).astype(np.int64)[rows],
        **{key: values[rows] for key, values in figures.items()},
    }
    known = bool(ledger.num_rows)
    return Sheet(
        report="liquidity",
        name="Liquidity",
        title=name("liquidity_title", language),
        subtitle=as_of_words(settings, as_of, cover.found.outstanding[cover.found.outstanding != 0].size, "unit_customers"),
        columns=columns(settings),
        data=data if known else {key: values[:0] for key, values in data.items()},
        key_columns=("look",),
        facts=_facts(book, cover, figures, receivables, sales, settings, as_of),
        notes=[finding.message for finding in exchange.problems],
        invariants=[
            Invariant(name("check_total", language), currency, int(receivables[-1]), int(cover.found.outstanding.sum())),
            *(
                Invariant(name("check_by_currency", language), code, _of_currency(then, len(looks) - 1, code), amount)
                for code, amount in sorted(cover.found.ledger.items())
            ),
        ],
        problems=[*exchange.problems],
    )


def _of_currency(then: Then, look: int, code: str) -> int:
    return int(then.opened[(then.look == look) & (then.currencies == code)].sum())


def sales_between(ledger: pa.Table, edges: NDArray[np.datetime64], exchange: Exchange) -> Numbers:
    """Sum invoices less credit notes after each edge to the next one, in 1/10000 of the report currency. n + 1 edges -> n."""
    kinds = pc.is_in(ledger["document_type"], pa.array(["invoice", "credit note"]))
    sold = ledger.filter(pc.and_(ledger["usable"], pc.fill_null(kinds, fill_value=False)))
    units, _ = units_column(sold["amount"])
    signed: Ints = np.where(np.asarray(pc.equal(sold["document_type"], "credit note")), -np.abs(units), units)
    days = np.asarray(sold["document_date"].to_numpy(zero_copy_only=False), dtype="datetime64[D]")
    codes, rows = np.unique(np.asarray(sold["currency"].fill_null("").to_pylist(), dtype=object).astype(str), return_inverse=True)
    worth = signed * np.array([exchange.rate(code) or 0.0 for code in codes.tolist()])[rows] if len(signed) else signed.astype(np.float64)
    month = np.searchsorted(edges, days, side="left") - 1
    inside = (month >= 0) & (month < len(edges) - 1) & ~np.isnat(days)
    return np.maximum(np.bincount(month[inside], weights=worth[inside], minlength=len(edges) - 1), 0.0)


def _figures(receivables: Ints, current: Ints, sales: Numbers, edges: NDArray[np.datetime64]) -> dict[str, Numbers]:
    """Work out the days and the index of every look; NaN where there were no sales, or nothing was collectable."""
    count = len(receivables)
    owed, fresh = np.maximum(receivables, 0) / MONEY_SCALE, np.maximum(current, 0) / MONEY_SCALE
    monthly = sales / MONEY_SCALE
    quarter = np.array([monthly[number : number + WINDOW].sum() for number in range(count)])
    at = np.arange(count) + WINDOW  # the edge of each look
    days = (edges[at] - edges[at - WINDOW]).astype(np.float64)
    lengths = np.diff(edges).astype(np.float64)
    before = np.concatenate([[np.nan], owed[:-1]])
    cei = np.full(count, np.nan)
    cei[1:] = _plain(collection_effectiveness(before[1:], monthly[WINDOW:], owed[1:], fresh[1:], 1.0))
    return {
        "dso": _plain(dso(owed, quarter, days)),
        "best_dso": _plain(best_dso(fresh, quarter, days)),
        "add": _plain(average_days_delinquent(owed, fresh, quarter, days)),
        "count_back": np.array([_counted(owed[one], monthly[: one + WINDOW][::-1], lengths[: one + WINDOW][::-1]) for one in range(count)]),
        "cei": cei,
    }


def _counted(owed: float, sold: Numbers, days: Numbers) -> float:
    """Count back, the latest month first; NaN where a year's sales do not cover what is owed."""
    try:
        return float(dso_count_back(float(owed), sold, days))
    except CellError:
        return float("nan")


def _plain(made: Rows) -> Numbers:
    """Return the numbers of a function's answer, NaN where it failed."""
    values = np.asarray(made.values, dtype=np.float64).copy()
    for mask, _ in made.failures:
        values[mask] = np.nan
    return values


def _facts(
    book: CreditBook, cover: Cover, figures: dict[str, Numbers], receivables: Ints, sales: Numbers, settings: Settings, as_of: dt.date
) -> list[tuple[str, str]]:
    language = settings.language
    facts = [
        (name(label, language), name("days", language, days=figures[key][-1]))
        for label, key in (("fact_dso", "dso"), ("fact_best", "best_dso"))
        if np.isfinite(figures[key][-1])
    ]
    items = items_of(book, as_of)
    items = items.take(items.applied & (items.dates("document_date") <= np.datetime64(as_of, "D")))
    if len(items.money("open")):
        rates = {code: cover.found.exchange.rate(code) or 0.0 for code in set(items.texts("currency").tolist())}
        worth = items.money("open") * np.array([rates[code] for code in items.texts("currency").tolist()])
        if worth.sum() > 0:
            age = true_dso(np.maximum(worth, 0), items.dates("document_date"), np.datetime64(as_of, "D"))
            facts.append((name("fact_true", language), name("days", language, days=age)))
    year = sales[-MONTHS:].sum() / MONEY_SCALE
    turned = _plain(receivables_turnover(np.array([year]), np.array([np.maximum(receivables, 0).mean() / MONEY_SCALE])))[0]
    if np.isfinite(turned):
        facts.append((name("fact_turnover", language), f"{turned:.1f}"))
    if settings.own_liabilities:
        cash, owed = np.array([settings.own_cash]), np.array([settings.own_liabilities])
        claims = np.array([_claims(cover, items_of(book, as_of).take(items_of(book, as_of).applied), as_of) / MONEY_SCALE])
        before, after = (_plain(cash_ratio(cash, owed, extra))[0] for extra in (np.zeros(1), claims))
        facts.append((name("fact_ratio", language), f"{before:.2f} / {after:.2f}"))
    return facts


def _claims(cover: Cover, items: Any, as_of: dt.date) -> int:
    """Sum the insured part of what customers owe for more than 90 days, in the report currency."""
    old = items.take(days_overdue(items.dates("due_date"), np.datetime64(as_of, "D")) > _DEFAULTED)
    place = {key: number for number, key in enumerate(cover.found.customers)}
    owed, _ = converted(old.texts("customer_id"), old.texts("currency"), old.money("open"), place, cover.found.exchange)
    share = np.divide(cover.insured, cover.balance, out=np.zeros(len(owed)), where=cover.balance > 0)
    return int((np.minimum(owed, cover.balance) * share).sum())
