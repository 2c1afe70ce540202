"""Who is in default: one rule for the Watch list, Scores and limits, Dashboard, Insurance, Provision, Stress and the snapshots.

A customer is in default when

* it owes more than so many days past due (90: IFRS 9 B5.5.37, a presumption that may be rebutted; Basel framework CRE36, "past due more
  than 90 days on any material credit obligation"; Regulation (EU) No 575/2013 art. 178 (1) (b)), and what is so late is material: above an
  amount and above a share of what it owes. The share is 1 %, as in art. 1 of Delegated Regulation (EU) 2018/171; disputed parts do not
  count, and unapplied money counts against the oldest; or
* its status says that it will not pay (insolvent, written off) or gets nothing more (hold): "unlikely to pay", art. 178 (1) (a).

Its one-year probability of default is 1 whatever its score, and its state is alarm whatever its signals.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from functions.money import round_money
from workbook.book import CreditBook
from workbook.labels import word
from workbook.questions.columns import dates, numbered, texts, whole
from workbook.questions.today import late_beyond, open_accounts
from workbook.reports.common import Ints, Mask, amount_text, sums
from workbook.reports.exposure import Exposures
from workbook.schema import CHOICES_ZH
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Defaults:
    """One row per customer of `exposures`: whether it is in default, and by what."""

    failed: Mask
    by_days: Mask
    by_status: Mask
    days: Ints  # past due of the oldest item beyond the limit; 0 where there is none
    late: Ints  # what is open beyond the limit, in 1/10000 of the report currency, less unapplied money
    status: NDArray[np.object_]
    unrated: dict[int, tuple[int, str]]  # by customer: the same of a currency without a rate

    def reason(self, row: int, settings: Settings) -> str:
        """Say why a customer is in default; empty where it is not."""
        language = settings.language
        words = []
        if self.by_status[row]:
            status = str(self.status[row])
            words.append(word("default_status", language, status=CHOICES_ZH.get(status, status) if language == "zh" else status))
        if self.by_days[row]:
            mine = (int(self.late[row]), settings.report_currency)
            amount = amount_text(*(mine if mine[0] else self.unrated.get(row, mine)))
            days = f"{int(self.days[row]):,}"
            words.append(word("default_late", language, amount=amount, limit=settings.default_days, days=days))
        return ("；" if language == "zh" else "; ").join(words)


_last: list[Any] = []  # the newest answer: most reports of one run ask for the same


def defaults_of(book: CreditBook, found: Exposures, settings: Settings, as_of: dt.date) -> Defaults:
    """Tell who is in default on the day; the newest answer is kept."""
    if not (_last and _last[0] is found and _last[1:3] == [settings, as_of]):
        _last[:] = [found, settings, as_of, _defaults(book, found, settings, as_of)]
    made: Defaults = _last[3]
    return made


def _defaults(book: CreditBook, found: Exposures, settings: Settings, as_of: dt.date) -> Defaults:
    count = len(found.customers)
    beyond = late_beyond(book, found.exchange, as_of, settings.default_days)
    who = numbered(beyond, "customer_id", found.customers)
    beyond, who = beyond.filter(who >= 0), who[who >= 0]
    days = np.zeros(count, dtype=np.int64)
    np.maximum.at(days, who, (np.datetime64(as_of, "D") - dates(beyond, "oldest")).astype(np.int64))
    accounts = open_accounts(book, found.exchange, as_of)
    owner = numbered(accounts, "customer_id", found.customers)
    late = sums(who, whole(beyond, "late"), count) + sums(owner, whole(accounts, "unapplied"), count)
    late = np.maximum(late, 0)
    owed = np.maximum(found.outstanding, 0)
    by_days = (late > settings.default_amount * MONEY_SCALE) & (late > settings.default_share * owed)
    unrated = _unrated(found, accounts, beyond)
    by_days[list(unrated)] = True
    status = statuses(book, found)
    by_status = np.isin(status.astype(str), settings.default_statuses) & (status != "")
    return Defaults(by_days | by_status, by_days, by_status, days, late, status, unrated)


def _unrated(found: Exposures, accounts: pa.Table, beyond: pa.Table) -> dict[int, tuple[int, str]]:
    """Return what customers owe so late in a currency without a rate: nothing says that it is not material."""
    rest: dict[tuple[str, str], int] = {}
    for table, key in ((beyond, "units"), (accounts, "unapplied_open")):
        rows = zip(texts(table, "customer_id").tolist(), texts(table, "currency").tolist(), whole(table, key).tolist(), strict=True)
        for customer, currency, units in rows:
            if found.exchange.known_rate(currency) is None:
                rest[customer, currency] = rest.get((customer, currency), 0) + units
    place = {key: number for number, key in enumerate(found.customers)}
    return {place[customer]: (units, currency) for (customer, currency), units in sorted(rest.items()) if units > 0}


def statuses(book: CreditBook, found: Exposures) -> NDArray[np.object_]:
    """Return each customer's status; an empty text where it has none."""
    typed = [*(text or "" for text in book.tables["customers"]["status"].to_pylist()), ""]
    return np.array(typed, dtype=object)[found.row_of]


def gone(book: CreditBook, found: Exposures) -> Mask:
    """Tell which customers pay nothing any more: insolvent or written off."""
    return np.isin(statuses(book, found).astype(str), ("insolvent", "written off"))


def with_default(chances: Numbers, defaults: Defaults) -> Numbers:
    """Put 1 in the place of the probability of default of a customer that is in default: it has failed, whatever its score."""
    return np.where(defaults.failed, 1.0, chances)


def expected_losses(found: Exposures, chances: Numbers, settings: Settings) -> Ints:
    """Return each customer's loss expected within a year, before insurance, in 1/10000 of the report currency.

    Exposure x probability of default x *Lost when a customer fails*; 0 where nothing tells the probability.
    """
    lost = found.exposure / MONEY_SCALE * np.nan_to_num(chances) * settings.loss_given_default
    return np.rint(round_money(lost, settings.report_currency) * MONEY_SCALE).astype(np.int64)
