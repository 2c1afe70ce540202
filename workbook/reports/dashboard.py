"""Dashboard: the figures that matter and five charts on one page, each from the report that owns it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.aging import bucket_labels, index_of_days
from workbook.book import CreditBook
from workbook.indicators.compute import ALARM, Measured, measured
from workbook.questions.balances import BUCKETS
from workbook.questions.columns import whole
from workbook.questions.spans import monthly_looks
from workbook.questions.today import BUCKETS as NOW
from workbook.questions.today import open_accounts
from workbook.reports.common import Ints, as_of_words, customer_names
from workbook.reports.dashboard_words import name
from workbook.reports.default_rule import defaults_of, expected_losses, with_default
from workbook.reports.insurance_cover import Cover, covers
from workbook.reports.liquidity import make as make_liquidity
from workbook.reports.receipts import EXPECTED, by_place, receipts_of
from workbook.reports.rolling import then_of
from workbook.reports.scores_limits import grades_of
from workbook.reports.unrated import missing_rates
from workbook.reports.watch_words import name as watch_name
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE, Column, ColumnKind, Invariant, Sheet, money_to_float
from xladdin.registry import report

LIMITS: Final = (0, 30, 60, 90)
AGES: Final = len(LIMITS) + 1
LOOKS: Final = 6
TOP: Final = 20
_DEFAULTED: Final = 90  # days past due (IFRS 9 B5.5.37)
_DSO: Final = ("dso", "best_dso", "add")
_SHOWN: Final[dict[str, tuple[ColumnKind, int]]] = {
    "figure": ("text", 30), "today": ("number", 19), "month_ago": ("number", 19), "change": ("number", 17), "unit": ("text", 18),
    "place": ("link", 24),
}  # fmt: skip
_STYLES: Final[dict[str, Any]] = {"figure": "key", "today": "strong"}


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the report; the last one belongs to the analyst."""
    language = settings.language
    return (
        *(Column(key, name(key, language), kind, width, _STYLES.get(key, "plain")) for key, (kind, width) in _SHOWN.items()),
        Column("note", name("note", language), "text", 34, "input"),
    )


@report(
    key="dashboard",
    sheet="Dashboard",
    label="Dashboard",
    label_zh="仪表盘",
    help="One page: the main figures against the last month end, age of receivables, DSO, grades, largest customers, warnings.",
    help_zh="一页总览：主要指标与上月末对比、账龄、DSO、等级、最大客户与预警。",
    columns=columns,
    order=16,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """Gather the figures of the other reports and the blocks behind the charts."""
    language, currency = settings.language, settings.report_currency
    cover, watch = covers(book, settings, as_of), measured(book, settings, as_of)
    found = cover.found
    liquidity = make_liquidity(book, settings, as_of)
    ages, looks, items = _ages(book, cover, as_of)
    grades, by_grade, chances = _grades(book, cover, settings, as_of)
    rows = _figures(book, cover, watch, liquidity, ages, chances, settings, as_of) if found.customers else []
    order = np.argsort(-found.exposure, kind="stable")[:TOP]
    order = order[found.exposure[order] > 0]
    names = customer_names(book, np.array(found.customers, dtype=object)[order], language)
    labels = [text or found.customers[row] for text, row in zip(names, order.tolist(), strict=True)]
    largest = money_to_float(found.exposure[order]).tolist()
    exposure = name("exposure", language)
    map_rows, map_total = _map(watch, language)
    counted = name("count_unit", language)
    data = {key: [row[at] for row in rows] for at, key in enumerate(_SHOWN)}
    return Sheet(
        report="dashboard",
        name="Dashboard",
        title=name("dashboard_title", language),
        subtitle=as_of_words(settings, as_of, int((found.outstanding != 0).sum()), "unit_customers"),
        columns=columns(settings),
        data=data,
        key_columns=("figure",),
        states={"figure": [row[-1] for row in rows]},
        facts=[],
        notes=[finding.message for finding in found.exchange.problems],
        invariants=[
            Invariant(name("check_aging", language), currency, int(ages[-1].sum()), items),
            Invariant(name("check_grades", language), currency, sum(by_grade), int(found.exposure.sum())),
            Invariant(name("check_map", language), currency, map_total, int(found.exposure.sum())),
        ],
        kinds={(row, key): "integer" for row, line in enumerate(rows) if line[4] == counted for key in ("today", "month_ago", "change")},
        charts={
            "aging": [["", *bucket_labels(LIMITS[1:], language)], *_by_month(looks, [money_to_float(one) for one in ages], as_of)],
            "dso": [["", *(name(key, language) for key in _DSO)], *_dso(liquidity, as_of)],
            "grades": [["", exposure], *([text, amount / MONEY_SCALE] for text, amount in zip(grades, by_grade, strict=True))],
            "top": [["", exposure], *([text, amount] for text, amount in zip(labels, largest, strict=True))],
            "map": map_rows,
        },
        problems=[*found.exchange.problems],
    )


def _by_month(looks: list[dt.date], rows: list[Any], as_of: dt.date) -> list[list[Any]]:
    """Label rows with their month; the day itself with month and day."""
    return [[f"{day:%m-%d}" if day == as_of else f"{day:%Y-%m}", *row] for day, row in zip(looks, rows, strict=True)]


def _dso(liquidity: Sheet, as_of: dt.date) -> list[list[Any]]:
    """Return the family of days by month, the oldest first."""
    looks, *values = (_column(liquidity, key)[::-1] for key in ("look", *_DSO))
    return _by_month(looks, [[_plain(value) for value in row] for row in zip(*values, strict=True)], as_of)


def _column(sheet: Sheet, key: str) -> list[Any]:
    values = np.asarray(sheet.data[key])
    return list(values.astype("datetime64[D]").tolist() if key == "look" else values.tolist())


def _plain(value: Any) -> float | None:
    return None if value is None or not np.isfinite(value) else round(float(value), 1)


def _ages(book: CreditBook, cover: Cover, as_of: dt.date) -> tuple[list[Ints], list[dt.date], int]:
    """Sum the open items of some month ends and of the day by age, in the report currency; also all of the day's."""
    looks, exchange = monthly_looks(as_of, LOOKS), cover.found.exchange
    worth = then_of(book, exchange, as_of, looks).worth_by_look()
    keys = [*((key,) for key in BUCKETS[: AGES - 1]), BUCKETS[AGES - 1 :]]
    made = np.stack([sum(worth[key] for key in group) for group in keys], axis=1)
    accounts = open_accounts(book, exchange, as_of)
    return list(made), looks, int(sum(whole(accounts, key).sum() for key in NOW))


def _grades(book: CreditBook, cover: Cover, settings: Settings, as_of: dt.date) -> tuple[list[str], list[int], NDArray[np.float64]]:
    """Sum the exposure by grade, the best first; customers without a credit file at the end."""
    names, chances = grades_of(book, cover.found, as_of)
    found = cover.found
    order = sorted({(np.nan_to_num(chances[row], nan=2.0), str(grade)) for row, grade in enumerate(names) if grade})
    labels = [grade for _, grade in dict.fromkeys(order)]
    labels = list(dict.fromkeys(labels))
    sums_ = [int(found.exposure[names == grade].sum()) for grade in labels]
    rest = int(found.exposure[names == ""].sum())
    return [*labels, name("no_grade", settings.language)], [*sums_, rest], with_default(chances, defaults_of(book, found, settings, as_of))


def _map(watch: Measured, language: str) -> tuple[list[list[Any]], int]:
    """Sum the exposure by warning state and by age of the oldest overdue item."""
    found = watch.scene.found
    state = watch.state
    age = index_of_days(found.oldest, LIMITS[1:])
    rows: list[list[Any]] = [["", *bucket_labels(LIMITS[1:], language)]]
    total = 0
    for level, word in ((2, "state_2"), (1, "state_1"), (0, "state_0"), (-1, "state_none")):
        amounts = [int(found.exposure[(state == level) & (age == number)].sum()) for number in range(AGES)]
        total += sum(amounts)
        rows.append([watch_name(word, language), *(amount / MONEY_SCALE for amount in amounts)])
    return rows, total


def _figures(
    book: CreditBook, cover: Cover, watch: Measured, liquidity: Sheet, ages: list[Ints], chances: NDArray[np.float64], settings: Settings,
    as_of: dt.date,
) -> list[list[Any]]:
    language, currency = settings.language, settings.report_currency
    found = cover.found

    def of_look(amounts: Ints) -> tuple[float, float]:
        return float(amounts[1:].sum()) / MONEY_SCALE, float(amounts[-1]) / MONEY_SCALE

    now, then = of_look(ages[-1]), of_look(ages[-2])
    look = {key: _column(liquidity, key) for key in ("receivables", "dso", "best_dso")}
    receivables = [float(value) / MONEY_SCALE for value in look["receivables"][:2]] or [0.0]
    # the share that Aging and Trends print: of what is outstanding, unapplied money taken off
    pairs = zip((now[0], then[0]), (*receivables, None), strict=False)
    share, was = [100 * late / owed if owed is not None and owed > 0 else None for late, owed in pairs]
    day_figures: dict[str, tuple[float | None, float | None]] = {}
    for key in ("dso", "best_dso"):
        first, second = [_plain(value) for value in [*look[key][:2], None, None]][:2]
        day_figures[key] = (first, second)
    room = found.headroom
    over = -float(room[room < 0].sum()) / MONEY_SCALE
    risk = int(expected_losses(found, chances, settings).sum())
    receipts = by_place(receipts_of(book, settings, as_of), EXPECTED)
    alarm = int((watch.state == ALARM).sum())
    days, count = name("days_unit", language), name("count_unit", language)
    rows: list[tuple[str, Any, Any, str, str]] = [
        ("outstanding", receivables[0], receivables[1] if len(receivables) > 1 else None, currency, "Scores and limits"),
        ("overdue", now[0], then[0], currency, "Aging"),
        ("overdue_share", share, was, "%", "Aging"),
        ("over_90", now[1], then[1], currency, "Escalation"),
        ("dso_figure", *day_figures["dso"], days, "Liquidity"),
        ("best_figure", *day_figures["best_dso"], days, "Liquidity"),
        ("exposure", float(found.exposure.sum()) / MONEY_SCALE, None, currency, "Scores and limits"),
        ("over_limit", over, None, currency, "Scores and limits"),
        ("uninsured", float(cover.uninsured.sum()) / MONEY_SCALE, None, currency, "Insurance"),
        ("expected_loss", risk / MONEY_SCALE, None, currency, "Scores and limits"),
        ("weeks_4", float(receipts[:4].sum()) / MONEY_SCALE, None, currency, "Cash forecast"),
        ("in_alarm", alarm, None, count, "Watch list"),
    ]
    without = missing_rates(book, settings, as_of)
    if without:  # nothing is known of an amount that cannot be converted
        rows = [(key, None, None, without, place) if unit == currency else (key, *rest, unit, place) for key, *rest, unit, place in rows]
    return [
        [
            name(key, language),
            None if value is None else round(value, 2),
            None if before is None else round(before, 2),
            None if value is None or before is None else round(value - before, 2),
            unit,
            f"'{sheet}'!A1",
            key,
        ]
        for key, value, before, unit, sheet in rows
    ]
