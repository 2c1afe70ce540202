"""Liquidity: how long receivables take to turn into cash, month by month, from the ledger as it stood."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.collection_ratios import cash_ratio, collection_effectiveness, receivables_turnover, true_dso
from functions.liquidity import average_days_delinquent, best_dso, dso, dso_count_back
from workbook.book import CreditBook
from workbook.questions.balances import BUCKETS, PARTS
from workbook.questions.columns import coded, dates, flags, texts, whole
from workbook.questions.spans import YEAR_OF_MONTHS, ends, month_ends, monthly_looks
from workbook.questions.today import BUCKETS as AGES
from workbook.questions.today import open_accounts, open_by_day
from workbook.questions.traded import sales
from workbook.reports.common import Exchange, Ints, as_of_words, sums
from workbook.reports.insurance_cover import Cover, covers
from workbook.reports.liquidity_words import name
from workbook.reports.register_columns import OWNER_NOTE
from workbook.reports.rolling import Then, then_of
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE, Column, ColumnKind, Invariant, Sheet
from xladdin.errors import CellError
from xladdin.registry import Rows, report

Numbers = NDArray[np.float64]
#: months of sales that days are measured on: a quarter, long enough for terms of 60 and 90 days
WINDOW: Final = 3
_SHOWN: Final[dict[str, tuple[ColumnKind, int]]] = {
    "look": ("date", 12), "receivables": ("amount", 18), "not_due": ("amount", 18), "overdue_part": ("amount", 18),
    "month_sales": ("amount", 18), "dso": ("number", 11), "best_dso": ("number", 13), "add": ("number", 14), "count_back": ("number", 13),
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
    exchange = cover.found.exchange
    months = month_ends(as_of, YEAR_OF_MONTHS + WINDOW)
    looks = monthly_looks(as_of)
    then = then_of(book, exchange, as_of, looks)
    worth = then.worth_by_look()
    current, overdue = worth[BUCKETS[0]], np.asarray(sum(worth[key] for key in BUCKETS[1:]))
    receivables = current + overdue + worth["unapplied"]
    edges = np.array([*months, as_of], dtype="datetime64[D]")
    sold = sales_between(book, as_of, edges, exchange)  # of the months that end on edges[1:]
    figures = _figures(receivables, current, sold, edges)
    rows = np.arange(len(looks))[::-1]
    data: dict[str, Any] = {
        "look": np.array(looks, dtype="datetime64[D]")[rows],
        "receivables": receivables[rows],
        "not_due": current[rows],
        "overdue_part": overdue[rows],
        "month_sales": np.rint(sold[WINDOW - 1 :]).astype(np.int64)[rows],
        **{key: values[rows] for key, values in figures.items()},
    }
    known = bool(book.documents)
    return Sheet(
        report="liquidity",
        name="Liquidity",
        title=name("liquidity_title", language),
        subtitle=as_of_words(settings, as_of, cover.found.outstanding[cover.found.outstanding != 0].size, "unit_customers"),
        columns=columns(settings),
        data=data if known else {key: values[:0] for key, values in data.items()},
        key_columns=("look",),
        facts=_facts(book, cover, figures, receivables, sold, settings, as_of),
        notes=[finding.message for finding in exchange.problems],
        invariants=[
            Invariant(name("check_total", language), currency, int(receivables[-1]), int(cover.found.outstanding.sum())),
            *(
                Invariant(name("check_by_currency", language), code, _of_currency(then, code), amount)
                for code, amount in sorted(cover.found.ledger.items())
            ),
        ],
        problems=[*exchange.problems],
    )


def _of_currency(then: Then, code: str) -> int:
    mine = (then.look == then.count - 1) & (texts(then.table, "currency") == code)
    return int(then.units(PARTS)[mine].sum())


def sales_between(book: CreditBook, as_of: dt.date, edges: NDArray[np.datetime64], exchange: Exchange) -> Numbers:
    """Sum invoices less credit notes after each edge to the next one, in 1/10000 of the report currency. n + 1 edges -> n."""
    sold = sales(book, exchange, as_of)
    signed = np.where(flags(sold, "billed"), 1, -1) * whole(sold, "amount")
    codes, rows = coded(sold, "currency")
    month = np.searchsorted(edges, ends(as_of, whole(sold, "span")), side="left") - 1
    inside = (month >= 0) & (month < len(edges) - 1)
    total = np.zeros((len(edges) - 1, len(codes)), dtype=np.int64)
    np.add.at(total, (month[inside], rows[inside]), signed[inside])
    made: Numbers = np.maximum((total * np.array([exchange.rate(code) or 0.0 for code in codes])).sum(axis=1), 0.0)
    return made


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
    book: CreditBook, cover: Cover, figures: dict[str, Numbers], receivables: Ints, sold: Numbers, settings: Settings, as_of: dt.date
) -> list[tuple[str, str]]:
    language = settings.language
    facts = [
        (name(label, language), name("days", language, days=figures[key][-1]))
        for label, key in (("fact_dso", "dso"), ("fact_best", "best_dso"))
        if np.isfinite(figures[key][-1])
    ]
    written = open_by_day(book, as_of)
    codes, rows = coded(written, "currency")
    worth = whole(written, "open") * np.array([cover.found.exchange.rate(code) or 0.0 for code in codes])[rows] if codes else np.zeros(0)
    if worth.sum() > 0:
        age = true_dso(np.maximum(worth, 0), dates(written, "document_date"), np.datetime64(as_of, "D"))
        facts.append((name("fact_true", language), name("days", language, days=age)))
    year = sold[-YEAR_OF_MONTHS:].sum() / MONEY_SCALE
    turned = _plain(receivables_turnover(np.array([year]), np.array([np.maximum(receivables, 0).mean() / MONEY_SCALE])))[0]
    if np.isfinite(turned):
        facts.append((name("fact_turnover", language), f"{turned:.1f}"))
    if settings.own_liabilities:
        cash, owed = np.array([settings.own_cash]), np.array([settings.own_liabilities])
        claims = np.array([_claims(book, cover, as_of) / MONEY_SCALE])
        before, after = (_plain(cash_ratio(cash, owed, extra))[0] for extra in (np.zeros(1), claims))
        facts.append((name("fact_ratio", language), f"{before:.2f} / {after:.2f}"))
    return facts


def _claims(book: CreditBook, cover: Cover, as_of: dt.date) -> int:
    """Sum the insured part of what customers owe for more than 90 days, in the report currency."""
    accounts = open_accounts(book, cover.found.exchange, as_of)
    place = {key: number for number, key in enumerate(cover.found.customers)}
    who = np.array([place[key] for key in texts(accounts, "customer_id").tolist()], dtype=np.int64)
    owed = sums(who, whole(accounts, AGES[-1]), len(place))
    share = np.divide(cover.insured, cover.balance, out=np.zeros(len(owed)), where=cover.balance > 0)
    return int((np.minimum(owed, cover.balance) * share).sum())
