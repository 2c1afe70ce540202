"""All that comes from the snapshots of a folder, put together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from workbook.history.moves import Growth, Migration, growth_of, migration_of
from workbook.history.series import LOOKS, Series, looks_of, series_of
from workbook.history.store import Counting, Stored, counting_of
from workbook.reports.common import Exchange
from workbook.settings import Settings


@dataclass(frozen=True, slots=True)
class Trends:
    """All that comes from the snapshots of a folder."""

    series: Series
    migration: Migration | None
    growth: Growth | None


@dataclass(frozen=True, slots=True)
class History:
    """A folder of snapshots that a book can ask; it is read when somebody does."""

    folder: Path

    def trends(self, settings: Settings, exchange: Exchange, as_of: dt.date, months: int = LOOKS) -> Trends | None:
        """Return what the looks up to a day tell, with the buckets of the settings; None where there are none. Raises BadRequest."""
        looks = looks_of(self.folder, as_of, months)
        return trends_of(looks, exchange, counting_of(settings)) if looks else None


def trends_of(looks: tuple[Stored, ...], exchange: Exchange, counting: Counting) -> Trends:
    """Work everything out of some looks. Raises BadRequest where a file cannot be read."""
    series = series_of(looks, exchange, counting)
    return Trends(series, migration_of(looks), growth_of(series))
