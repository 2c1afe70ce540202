"""Trends: how receivables, their age and the customers' grades moved from month to month, from the stored snapshots."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, Final

import numpy as np

from functions.aging import bucket_labels
from workbook.book import CreditBook
from workbook.findings import Finding
from workbook.history.moves import GONE, NEW, NO_FILE, Growth, Migration
from workbook.history.notes import notes_of
from workbook.history.series import ROLLING, Series
from workbook.history.trends import Trends
from workbook.reports.common import Exchange, amount_text, as_of_words, bucket_items, customer_names
from workbook.reports.trends_words import name
from workbook.settings import Settings
from workbook.sheet import Block, Column, ColumnKind, Invariant, Sheet, money_text, money_to_float
from xladdin.errors import BadRequest
from xladdin.registry import report

#: rows of the table, and below them the charts: the smaller tables begin under these
BLOCKS_FROM: Final = 42


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the report: the buckets of the settings; the last one belongs to the analyst."""
    language = settings.language
    buckets: list[tuple[str, str]] = [
        (f"bucket_{number}" if number else "not_due", label) for number, label in enumerate(bucket_labels(settings.limits, language))
    ]
    others: tuple[tuple[str, ColumnKind, int], ...] = (
        ("unapplied", "amount", 15), ("outstanding", "amount", 16), ("overdue", "amount", 15), ("overdue_share", "rate", 10),
        ("disputed", "amount", 15), ("customers", "integer", 11), ("look", "date", 12),
    )  # fmt: skip
    return (
        Column("month", name("month", language), "text", 14, "key"),
        *(Column(key, label, "amount", 15) for key, label in buckets),
        *(Column(key, name(key, language), kind, width, "strong" if key == "outstanding" else "plain") for key, kind, width in others),
        Column("note", name("note", language), "text", 28, "input"),
    )


@report(
    key="trends",
    sheet="Trends",
    label="Trends",
    label_zh="趋势",
    help="Aging month by month, roll rates, migration of grades, and whose overdue grew, from the snapshots that xladdin snapshot stores.",
    help_zh="逐月账龄、迁徙率、等级迁移及逾期增加最多的客户，来自 xladdin snapshot 存储的快照。",
    columns=columns,
    order=18,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """Show the months up to the day, the latest first; without snapshots, what to run."""
    language = settings.language
    exchange = Exchange(book, settings, as_of)
    sheet = Sheet(
        report="trends",
        name="Trends",
        title=name("trends_title", language),
        subtitle=as_of_words(settings, as_of, 0, "unit_snapshots"),
        columns=columns(settings),
        data={column.key: [] for column in columns(settings) if column.style != "input"},
        key_columns=("month",),  # a note stays with its month when a later day of it is stored
        charts=_no_charts(language),
        blocks_from=BLOCKS_FROM,
    )
    if book.history is None:
        return replace(sheet, notes=[name("no_folder", language)])
    try:
        trends: Trends | None = book.history.trends(settings, exchange, as_of)
    except BadRequest as error:
        text = name("unreadable", language, why=error)
        return replace(sheet, notes=[text], problems=[Finding("trends", 0, "look", text, "", "error")])
    if trends is None:
        return replace(sheet, notes=[name("no_snapshots", language, folder=book.history.folder.name, workbook=book.name)])
    series = trends.series
    problems = [*exchange.problems, *_moved_since(book, settings, as_of, series)]
    notes = notes_of(trends, language)
    return replace(
        sheet,
        subtitle=as_of_words(settings, as_of, len(series.looks), "unit_snapshots"),
        data=_rows(series),
        facts=_facts(trends, settings),
        notes=[*notes, *(finding.message for finding in problems)],
        invariants=_invariants(series, settings),
        blocks=_blocks(book, trends, settings),
        problems=problems,
        charts=_charts(series, language),
    )


def _rows(series: Series) -> dict[str, Any]:
    """Lay the looks out, the latest first; what was stored in another way leaves blanks."""
    rows = range(len(series.looks))[::-1]
    keys = ["not_due", *(f"bucket_{number}" for number in range(1, len(series.counting.limits) + 2))]
    shown = series.same_limits & series.same_count
    owed = series.outstanding
    return {
        "month": [f"{day:%Y-%m}" for day in series.days[::-1]],
        "look": np.array(series.days, dtype="datetime64[D]")[::-1],
        **{key: [int(series.buckets[row, number]) if shown[row] else None for row in rows] for number, key in enumerate(keys)},
        "unapplied": series.buckets[::-1, -1],
        "outstanding": owed[::-1],
        "overdue": [int(series.overdue[row]) if series.same_count[row] else None for row in rows],
        "overdue_share": [_share(series, row) for row in rows],
        "disputed": series.disputed[::-1],
        "customers": series.customers[::-1],
    }


def _share(series: Series, row: int) -> float | None:
    if not series.same_count[row] or series.outstanding[row] <= 0:
        return None
    return float(series.overdue[row] / series.outstanding[row])


def _facts(trends: Trends, settings: Settings) -> list[tuple[str, str]]:
    language, series = settings.language, trends.series
    last = len(series.looks) - 1
    facts = [
        (name("fact_newest", language), f"{series.days[last]}"),
        (name("outstanding", language), amount_text(int(series.outstanding[last]), settings.report_currency)),
    ]
    share = _share(series, last)
    if share is not None:
        looks = (("fact_month_before", last - 1 if last - 1 in series.pairs else None), ("fact_year_before", _year_before(series)))
        shares = [(label, None if row is None else _share(series, row)) for label, row in looks]
        before = [f"{name(label, language)} {then:.1%}" for label, then in shares if then is not None]
        facts.append((name("overdue_share", language), f"{share:.1%}" + (f" ({', '.join(before)})" if before else "")))
    if trends.migration is not None:
        worse, better = trends.migration.turned
        facts.append((name("fact_worse", language), f"{worse:,} / {better:,}"))
    return facts


def _year_before(series: Series) -> int | None:
    """Return the look of the same month a year ago."""
    last = series.days[-1]
    return next((at for at, day in enumerate(series.days) if (day.year, day.month) == (last.year - 1, last.month)), None)


def _moved_since(book: CreditBook, settings: Settings, as_of: dt.date, series: Series) -> list[Finding]:
    """Say where the ledger is no longer what the snapshot of the same day says."""
    if series.days[-1] != as_of:
        return []
    now: dict[str, int] = {}
    for (_, currency), amount in bucket_items(book, settings, as_of).control.items():
        now[currency] = now.get(currency, 0) + amount
    then = series.by_currency[-1]
    change = {code: now.get(code, 0) - then.get(code, 0) for code in sorted({**now, **then})}
    if not any(change.values()):
        return []
    what = ", ".join(f"{code} {money_text(amount)}" for code, amount in change.items() if amount)
    text = name("ledger_moved", settings.language, day=as_of, what=what)
    return [Finding("trends", 0, "outstanding", text, "", "warning")]


def _invariants(series: Series, settings: Settings) -> list[Invariant]:
    """Hold the two tables of the snapshots against each other; cash that settles the oldest items is taken off in one of them only."""
    if any(look.aging.unapplied != "own column" for look in series.looks):
        return []
    return [Invariant(name("check_ages", settings.language), code, one, other) for code, (one, other) in series.items.items()]


def _blocks(book: CreditBook, trends: Trends, settings: Settings) -> list[Block]:
    language, series = settings.language, trends.series
    made = []
    if series.pairs:
        made += [_rolls(series, language), _losses(series, settings)]
    if trends.migration is not None:
        made += _migration(trends.migration, language)
    if trends.growth is not None and trends.growth.customers:
        made.append(_growth(book, trends.growth, settings))
    return made


def _rolls(series: Series, language: str) -> Block:
    pairs = series.pairs[::-1]
    rates = [series.rolls(at) for at in pairs]
    keys = [f"roll_{number}" for number in range(ROLLING - 1)]
    heads: list[tuple[str, ColumnKind]] = [("month", "text"), ("from", "date"), ("to", "date"), *((key, "rate") for key in keys)]
    return Block(
        name("rolls_title", language),
        tuple(Column(key, name(key, language), kind, 15) for key, kind in heads),
        {
            "month": [f"{series.days[at + 1]:%Y-%m}" for at in pairs],
            "from": [series.days[at] for at in pairs],
            "to": [series.days[at + 1] for at in pairs],
            **{key: [row[number] for row in rates] for number, key in enumerate(keys)},
        },
    )


def _losses(series: Series, settings: Settings) -> Block:
    """Show the rates of all pairs together, and the loss rates that follow."""
    language = settings.language
    losses = series.losses(settings.loss_given_default)
    title = name("losses_title", language, count=len(series.pairs), lost=f"{settings.loss_given_default:.0%}")
    heads: tuple[tuple[str, ColumnKind], ...] = (("class", "text"), ("roll", "rate"), ("loss_rate", "rate"))
    return Block(
        title,
        tuple(Column(key, name(key, language), kind, 15) for key, kind in heads),
        {
            "class": [name(key, language) for key in ("age_0", "age_1", "age_2", "age_3", "defaulted")],
            "roll": [*series.pooled(), None],
            "loss_rate": losses or [None] * ROLLING,
        },
    )


def _migration(moved: Migration, language: str) -> list[Block]:
    """Lay the moves out as two matrices, the worst grade last: customers, and what they owe and ordered on the second day."""
    words = {key: name(key, language) for key in (NEW, GONE, NO_FILE)}
    cells = {(one, other): (count, after) for one, other, count, _, after in moved.moves}
    ends = [
        [grade for grade in (*moved.grades, NO_FILE, side) if any(move[at] == grade for move in moved.moves)]
        for at, side in enumerate((NEW, GONE))
    ]
    currency = moved.last.facts["scores"].report_currency
    days = {"first": moved.first.day, "last": moved.last.day}
    titles = (name("moved_title", language, **days), name("moved_amount_title", language, currency=currency, **days))
    kinds: tuple[ColumnKind, ...] = ("integer", "amount")
    return [
        Block(
            title,
            (
                Column("from", name("from_to", language), "text", 15),
                *(Column(f"to_{number}", words.get(grade, grade), kind, 15) for number, grade in enumerate(ends[1])),
            ),
            {
                "from": [words.get(grade, grade) for grade in ends[0]],
                **{
                    f"to_{number}": [cells[one, other][at] if (one, other) in cells else None for one in ends[0]]
                    for number, other in enumerate(ends[1])
                },
            },
        )
        for at, (title, kind) in enumerate(zip(titles, kinds, strict=True))
    ]


def _growth(book: CreditBook, grown: Growth, settings: Settings) -> Block:
    language = settings.language
    heads: tuple[tuple[str, ColumnKind], ...] = (
        ("customer_id", "text"), ("before", "amount"), ("after", "amount"), ("growth", "amount"), ("", "text"), ("name", "text"),
    )  # fmt: skip
    blank = [""] * len(grown.customers)  # between an amount and a name, which is long and reaches over the columns right of it
    return Block(
        name("growth_title", language, first=grown.first, last=grown.last, currency=settings.report_currency),
        tuple(Column(key or "blank", name(key, language) if key else "", kind, 15) for key, kind in heads),
        {
            "blank": blank,
            "customer_id": grown.customers,
            "before": grown.before,
            "after": grown.after,
            "growth": grown.after - grown.before,
            "name": customer_names(book, np.array(grown.customers, dtype=object), language),
        },
    )


def _no_charts(language: str) -> dict[str, list[list[Any]]]:
    return {
        "ages": [["", *(name(f"age_{number}", language) for number in range(ROLLING + 1))]],
        "share": [["", name("chart_share", language)]],
        "rolls": [["", *(name(f"roll_{number}", language) for number in range(ROLLING - 1))]],
    }


def _charts(series: Series, language: str) -> dict[str, list[list[Any]]]:
    """Lay out the cells behind the charts, the oldest month first."""
    made = _no_charts(language)
    months = [f"{day:%Y-%m}" for day in series.days]
    made["ages"] += [[month, *money_to_float(row).tolist()] for month, row in zip(months, series.ages, strict=True)]
    shares = [_share(series, row) for row in range(len(months))]
    made["share"] += [[month, None if share is None else round(100 * share, 2)] for month, share in zip(months, shares, strict=True)]
    rates = {at + 1: series.rolls(at) for at in series.pairs}
    for row, month in enumerate(months):
        made["rolls"].append([month, *(None if rate is None else round(100 * rate, 2) for rate in rates.get(row, [None] * (ROLLING - 1)))])
    return made
