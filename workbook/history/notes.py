"""What must be said beside the trends: gaps, days stored in another way, days made afterwards, what is not known yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from workbook.history.job import GRACE
from workbook.history.store import Counting
from workbook.history.trends import Trends
from workbook.reports.trends_words import name


def notes_of(trends: Trends, language: str) -> list[str]:
    """Return the notes, in a language."""
    series, moved = trends.series, trends.migration
    notes = [name("gap", language, first=first, last=last) for first, last in series.gaps]
    if len(series.looks) == 1:
        notes.append(name("one_look", language))
    odd: dict[str, list[dt.date]] = {}
    for look in series.looks:
        theirs = look.aging.counting
        if theirs != series.counting:
            told = [
                name(f"setting_{key}", language, value=",".join(map(str, value)) if isinstance(value, tuple) else value)
                for key, value, mine in zip(Counting._fields, theirs, series.counting, strict=True)
                if value != mine
            ]
            odd.setdefault("; ".join(told), []).append(look.day)
    notes += [name("other_settings", language, what=what, days=_days(days)) for what, days in odd.items()]
    later = [look.day for look in series.looks if (look.aging.made_on - look.day).days > GRACE]
    if later:
        notes.append(name("made_later", language, days=_days(later)))
    if moved is None:
        notes.append(name("no_migration", language))
    elif not moved.one_currency:
        then, now = (look.facts["scores"].report_currency for look in (moved.first, moved.last))
        notes.append(name("other_currency", language, day=moved.first.day, last=moved.last.day, currency=then, other=now))
    return notes


def _days(days: Sequence[dt.date]) -> str:
    return ", ".join(map(str, days)) if len(days) < 4 else f"{days[0]} … {days[-1]} ({len(days)})"  # noqa: RUF100
