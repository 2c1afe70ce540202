"""The trends of a folder or a workbook, for a person and for a program."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from functions.aging import bucket_labels
from workbook.book import CreditBook
from workbook.history.notes import notes_of
from workbook.history.series import LOOKS, ROLLING, Series, kept_rates, looks_of
from workbook.history.trends import History, Trends, trends_of
from workbook.reports.common import Exchange
from workbook.reports.trends_words import name
from workbook.sheet import money_text
from xladdin.counted import counted
from xladdin.errors import BadRequest

_EN = "en"
_ROLLS = [f"roll_{number}" for number in range(ROLLING - 1)]
_CLASSES = ("age_0", "age_1", "age_2", "age_3", "defaulted")


def trends_of_folder(folder: Path, as_of: dt.date | None, months: int = LOOKS) -> tuple[list[str], dict[str, Any]]:
    """Tell the trends of a folder by the settings and rates of its newest snapshot; all of a defaulted balance counts as lost."""
    looks = looks_of(folder, as_of, months)
    if not looks:
        until = f" up to {as_of}" if as_of else ""
        raise BadRequest(f"{folder} holds no snapshots{until}: xladdin snapshot WORKBOOK --to {folder} stores one")
    newest = looks[-1].aging
    trends = trends_of(looks, kept_rates(looks), newest.counting)
    return _told(trends, notes_of(trends, "en"), newest.report_currency, 1.0)


def trends_of_book(book: CreditBook, as_of: dt.date | None, today: dt.date, months: int = LOOKS) -> tuple[list[str], dict[str, Any]]:
    """Tell the trends of a workbook's own folder, by its settings and the rates of the day."""
    settings, folder = book.settings, book.snapshots
    day = as_of or settings.as_of or today
    if folder is None:
        raise BadRequest(name("no_folder", "en"))
    trends = History(folder).trends(settings, Exchange(book, settings, day), day, months)
    if trends is None:
        raise BadRequest(name("no_snapshots", "en", folder=folder.name, workbook=book.name))
    return _told(trends, notes_of(trends, "en"), settings.report_currency, settings.loss_given_default)


def _told(trends: Trends, notes: list[str], currency: str, loss_given_default: float) -> tuple[list[str], dict[str, Any]]:
    series = trends.series
    notes = [*notes, *(finding.message for finding in series.exchange.problems)]
    losses = series.losses(loss_given_default)
    data: dict[str, Any] = {
        "report_currency": currency,
        "looks": [_look(series, row) for row in range(len(series.looks))],
        "roll_rates": [
            {"from": series.days[at].isoformat(), "to": series.days[at + 1].isoformat(), "rates": series.rolls(at)} for at in series.pairs
        ],
        "rates_of_all": series.pooled(),
        "loss_rates": losses,
        "gaps": [[first.isoformat(), last.isoformat()] for first, last in series.gaps],
        "migration": _migration(trends),
        "growth": _growth(trends),
        "notes": notes,
    }
    return [*_lines(data), *notes], data


def _look(series: Series, row: int) -> dict[str, Any]:
    labels = bucket_labels(series.counting.limits, "en")
    amounts = series.buckets[row].tolist()
    comparable = bool(series.same_limits[row] and series.same_count[row])
    overdue, outstanding = int(series.overdue[row]), int(series.outstanding[row])
    known = bool(series.same_count[row])
    return {
        "as_of": series.days[row].isoformat(),
        "made_on": series.looks[row].aging.made_on.isoformat(),
        "outstanding": money_text(outstanding),
        "unapplied": money_text(amounts[-1]),
        "buckets": {label: money_text(amount) for label, amount in zip(labels, amounts, strict=False)} if comparable else None,
        "overdue": money_text(overdue) if known else None,
        "overdue_share": round(overdue / outstanding, 6) if known and outstanding > 0 else None,
        "disputed": money_text(int(series.disputed[row])),
        "customers": int(series.customers[row]),
        "documents": int(series.documents[row]),
        "by_currency": {code: money_text(amount) for code, amount in sorted(series.by_currency[row].items())},
    }


def _migration(trends: Trends) -> dict[str, Any] | None:
    moved = trends.migration
    if moved is None:
        return None
    worse, better = moved.turned
    keys = ("from", "to", "customers", "exposure_then", "exposure_now")
    return {
        "from": moved.first.day.isoformat(),
        "to": moved.last.day.isoformat(),
        "currencies": [look.facts["scores"].report_currency for look in (moved.first, moved.last)],
        "grades": moved.grades,
        "worse": worse,
        "better": better,
        "moves": [dict(zip(keys, (*move[:3], *map(money_text, move[3:])), strict=True)) for move in moved.moves],
    }


def _growth(trends: Trends) -> dict[str, Any] | None:
    grown = trends.growth
    if grown is None:
        return None
    rows = zip(grown.customers, grown.before.tolist(), grown.after.tolist(), strict=True)
    return {
        "from": grown.first.isoformat(),
        "to": grown.last.isoformat(),
        "customers": [
            {"customer_id": who, "overdue_then": money_text(before), "overdue_now": money_text(after), "growth": money_text(after - before)}
            for who, before, after in rows
        ],
    }


def _lines(data: dict[str, Any]) -> list[str]:
    """Lay the figures out as small tables of text."""
    currency, looks = data["report_currency"], data["looks"]
    lines = [f"{'day':<12}{f'outstanding {currency}':>22}{'overdue':>20}{'share':>9}{'customers':>11}"]
    for one in looks:
        share = _percent(one["overdue_share"])
        lines.append(f"{one['as_of']:<12}{_amount(one['outstanding']):>22}{_amount(one['overdue']):>20}{share:>9}{one['customers']:>11,}")
    if data["roll_rates"]:
        heads = [name(key, "en") for key in _ROLLS]
        lines += ["", f"{'rolled':<24}{''.join(f'{head:>17}' for head in heads)}"]
        for one in data["roll_rates"]:
            lines.append(f"{one['from']} {one['to']:<13}{''.join(f'{_percent(rate):>17}' for rate in one['rates'])}")
        lines.append(f"{'all':<24}{''.join(f'{_percent(rate):>17}' for rate in data['rates_of_all'])}")
    if data["loss_rates"]:
        rates = zip(_CLASSES, data["loss_rates"], strict=True)
        lines.append(f"loss rates: {', '.join(f'{name(key, _EN)} {_percent(rate)}' for key, rate in rates)}")
    moved, grown = data["migration"], data["growth"]
    if moved:
        worse = counted(moved["worse"], "customer")
        lines += ["", f"grades from {moved['from']} to {moved['to']}: {worse} worse, {moved['better']:,} better"]
        for one in moved["moves"]:
            exposure = f"{_amount(one['exposure_now'])} {moved['currencies'][1]}"
            lines.append(f"  {one['from']:>8} → {one['to']:<8}{counted(one['customers'], 'customer ', 'customers'):>19}{exposure:>24}")
    if grown and grown["customers"]:
        lines += ["", f"overdue that grew most from {grown['from']} to {grown['to']}, {currency}"]
        for one in grown["customers"]:
            lines.append(f"  {one['customer_id']:<14}{_amount(one['overdue_then']):>18} →{_amount(one['overdue_now']):>18}")
    return [*lines, ""] if data["notes"] else lines


def _amount(text: str | None) -> str:
    return "" if text is None else f"{Decimal(text):,}"


def _percent(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.1%}"
