"""What moved between two stored days: customers from grade to grade, and whose overdue grew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from workbook.history.questions import questions
from workbook.history.series import Series
from workbook.history.store import Stored
from workbook.large.duck import sql_text
from workbook.reports.common import Ints
from workbook.units import units_column

_YEAR: Final = 366
GONE, NEW, NO_FILE = "gone", "new", "no file"


@dataclass(frozen=True, slots=True)
class Migration:
    """How grades moved between two stored days; amounts are exposures, in 1/10000 of the report currency of each day."""

    first: Stored
    last: Stored
    grades: list[str]  # best first
    moves: list[tuple[str, str, int, int, int]]  # from, to, customers, exposure then, exposure now

    @property
    def one_currency(self) -> bool:
        """Whether the exposures of both days can be compared."""
        return self.first.facts["scores"].report_currency == self.last.facts["scores"].report_currency

    @property
    def turned(self) -> tuple[int, int]:
        """Customers whose grade is worse, and better; both days must have graded them."""
        place = {grade: at for at, grade in enumerate(self.grades)}
        known = [(place[one], place[other], count) for one, other, count, _, _ in self.moves if one in place and other in place]
        return sum(count for one, other, count in known if other > one), sum(count for one, other, count in known if other < one)


def migration_of(looks: Sequence[Stored]) -> Migration | None:
    """Compare the grades of the newest look that has scores with the oldest one of the year before it; None when there is only one."""
    scored = [look for look in looks if "scores" in look.files]
    scored = [look for look in scored if (scored[-1].day - look.day).days <= _YEAR]
    if len(scored) < 2:
        return None
    first, last = scored[0], scored[-1]
    with questions((first, last)) as ask:
        moves = ask(
            f"WITH a AS (SELECT * FROM scores WHERE as_of = DATE '{first.day}'), "
            f"b AS (SELECT * FROM scores WHERE as_of = DATE '{last.day}') "
            f"SELECT CASE WHEN a.customer_id IS NULL THEN '{NEW}' ELSE coalesce(a.grade, '{NO_FILE}') END AS one, "
            f"CASE WHEN b.customer_id IS NULL THEN '{GONE}' ELSE coalesce(b.grade, '{NO_FILE}') END AS other, "
            "count(*)::BIGINT AS customers, coalesce(sum(a.exposure), 0)::DECIMAL(38, 4) AS before, "
            "coalesce(sum(b.exposure), 0)::DECIMAL(38, 4) AS after "
            "FROM a FULL JOIN b ON a.customer_id = b.customer_id GROUP BY ALL ORDER BY ALL"
        )
        graded = ask("SELECT grade FROM scores WHERE grade IS NOT NULL GROUP BY grade ORDER BY max(score) DESC, grade")
    before, after = (units_column(moves[name])[0].tolist() for name in ("before", "after"))
    rows = zip(*(moves[name].to_pylist() for name in ("one", "other", "customers")), before, after, strict=True)
    grades = graded["grade"].to_pylist()
    place = {grade: at for at, grade in enumerate((*grades, NO_FILE, NEW, GONE))}
    return Migration(first, last, grades, sorted(rows, key=lambda row: (place[row[0]], place[row[1]])))


@dataclass(frozen=True, slots=True)
class Growth:
    """The customers whose overdue grew most between two looks, in 1/10000 of the report currency."""

    first: dt.date
    last: dt.date
    customers: list[str]
    before: Ints
    after: Ints


def growth_of(series: Series, count: int = 10) -> Growth | None:
    """Find whose overdue items grew most from the look before to the newest one; None with one look."""
    if len(series.looks) < 2:
        return None
    first, last = series.looks[-2:]
    codes = sorted({*series.by_currency[-1], *series.by_currency[-2]})
    rates = ", ".join(f"({sql_text(code)}, {series.exchange.rate(code) or 0.0!r}::DOUBLE)" for code in codes) or "('', 0::DOUBLE)"
    with questions((first, last)) as ask:
        rows = ask(
            f"WITH rates(code, rate) AS (VALUES {rates}), "
            "late AS (SELECT customer_id, currency, "
            f"coalesce(sum(amount) FILTER (as_of = DATE '{first.day}'), 0)::DECIMAL(38, 4) AS before, "
            f"coalesce(sum(amount) FILTER (as_of = DATE '{last.day}'), 0)::DECIMAL(38, 4) AS after FROM ages WHERE age > 0 GROUP BY ALL), "
            "grown AS (SELECT customer_id, sum((after - before)::DOUBLE * rate) AS growth FROM late JOIN rates ON currency = code "
            f"GROUP BY customer_id HAVING growth > 0 ORDER BY growth DESC, customer_id LIMIT {int(count)}) "
            "SELECT customer_id, currency, before, after FROM late JOIN grown USING (customer_id) "
            "ORDER BY growth DESC, customer_id, currency"
        )
    names = list(dict.fromkeys(rows["customer_id"].to_pylist()))
    place = {name: at for at, name in enumerate(names)}
    at = np.array([place[name] for name in rows["customer_id"].to_pylist()], dtype=np.int64)
    code = rows["currency"].to_numpy(zero_copy_only=False).astype(object)
    sums = []
    for key in ("before", "after"):
        total = np.zeros(len(names), dtype=np.int64)
        np.add.at(total, at, series.exchange.convert(units_column(rows[key])[0], code)[0])
        sums.append(total)
    return Growth(first.day, last.day, names, *sums)
