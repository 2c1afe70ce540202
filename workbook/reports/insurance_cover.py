"""What the insurance covers today: each customer's balance, the part under a policy in force, the insurer's limit, and the rest.

An item is under a policy when the policy is on the sheet Policies and was in force on the document's day. A disputed part is not
insured before the dispute is settled. Unapplied money counts against what is insured: an insurer counts every payment received.
The limit is one for each customer, whatever its policies; a blank limit insures nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from functions.insurance import MOST_COVER, uninsured_parts
from functions.money import round_money
from workbook.book import CreditBook
from workbook.findings import Finding
from workbook.questions.columns import coded, texts, whole
from workbook.questions.today import open_accounts, open_by_policy
from workbook.reports.common import Ints, sums
from workbook.reports.exposure import Exposures, exposures
from workbook.reports.insurance_words import tell
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE
from workbook.units import units_column


@dataclass(frozen=True, slots=True)
class Cover:
    """One row per customer of `found`, amounts in 1/10000 of the report currency; `limit` is NaN where the insurer gave none."""

    found: Exposures
    insurable: Ints  # under a policy in force, not disputed, less unapplied money
    disputed: Ints  # under a policy in force
    no_policy: Ints
    limit: NDArray[np.float64]
    cover: NDArray[np.float64]  # of the policies the items are under; NaN where there are none
    policies: list[str]  # numbers of those policies
    insured: Ints
    by_currency: dict[str, int]  # all parts, before conversion
    problems: list[Finding]

    @property
    def balance(self) -> Ints:
        """What the customer owes; a credit balance is nothing to insure."""
        owed: Ints = np.maximum(self.found.outstanding, 0)
        return owed

    @property
    def uninsured(self) -> Ints:
        """The rest of the balance."""
        rest: Ints = self.balance - self.insured
        return rest

    @property
    def reasons(self) -> dict[str, Ints]:
        """Split the uninsured part by its reason; the parts add up to it. Unapplied money beyond the insurable debt reduces the rest."""
        rest = self.balance - self.insurable
        disputed = np.minimum(self.disputed, rest)
        over = np.maximum(self.insurable - np.nan_to_num(self.limit), 0).astype(np.int64)
        return {
            "why_no_policy": rest - disputed,
            "why_disputed": disputed,
            "why_over": over,
            "why_share": self.insurable - over - self.insured,
        }


_last: list[Any] = []  # the newest answer: the claim pack and the report ask for the same


def covers(book: CreditBook, settings: Settings, as_of: dt.date) -> Cover:
    """Work out who is insured for how much; the newest answer is kept."""
    if not (_last and _last[0] is book.tables and _last[1:3] == [settings, as_of]):
        _last[:] = [book.tables, settings, as_of, _covers(book, settings, as_of)]
    made: Cover = _last[3]
    return made


def policies_of(book: CreditBook) -> dict[str, dict[str, Any]]:
    """Return the rows of the sheet Policies by number."""
    return {row["policy_no"]: row for row in book.tables["policies"].to_pylist() if row["policy_no"]}


def _covers(book: CreditBook, settings: Settings, as_of: dt.date) -> Cover:
    found, policies = exposures(book, settings, as_of), policies_of(book)
    count, place = len(found.customers), {key: number for number, key in enumerate(found.customers)}
    items = open_by_policy(book, found.exchange, as_of, policy_periods(policies))
    accounts = open_accounts(book, found.exchange, as_of)
    who = np.array([place[key] for key in texts(items, "customer_id").tolist()], dtype=np.int64)
    owner = np.array([place[key] for key in texts(accounts, "customer_id").tolist()], dtype=np.int64)
    numbers, worth, contested = texts(items, "policy"), whole(items, "worth"), whole(items, "contested")
    under = numbers != ""
    free = np.zeros(count, dtype=np.int64)
    weighted = np.zeros(count)
    named: list[list[str]] = [[] for _ in range(count)]
    problems: list[Finding] = []
    used = set(numbers[under].tolist())
    for number in [one for one in policies if one in used]:
        policy = policies[number]
        if policy["cover"] is None:
            text = tell("policy_no_cover", settings.language, policy=number)
            problems.append(Finding("policies", policy["row"], "cover", text, "", "warning"))
        mine = numbers == number
        part = sums(who[mine], (worth - contested)[mine], count)
        free += part
        weighted += part * float(MOST_COVER if policy["cover"] is None else policy["cover"])
        for row in np.unique(who[mine]).tolist():
            named[row].append(number)
    unapplied = sums(owner, whole(accounts, "unapplied"), count)
    by_currency: dict[str, int] = {}
    for table, amounts in ((items, whole(items, "open")), (accounts, whole(accounts, "unapplied_open"))):
        codes, rows = coded(table, "currency")
        for code, amount in zip(codes, sums(rows, amounts, len(codes)).tolist(), strict=True):
            by_currency[code] = by_currency.get(code, 0) + amount
    with np.errstate(invalid="ignore", divide="ignore"):
        cover = np.where(free > 0, weighted / free, np.nan)
    balance = np.maximum(found.outstanding, 0)
    insurable = np.minimum(np.maximum(free + unapplied, 0), balance)
    limit = _limits(book, found)
    kept = uninsured_parts(insurable / MONEY_SCALE, limit / MONEY_SCALE, np.nan_to_num(cover))
    insured = np.rint(round_money(insurable / MONEY_SCALE - kept, settings.report_currency) * MONEY_SCALE).astype(np.int64)
    return Cover(
        found, insurable, sums(who[under], contested[under], count), sums(who[~under], worth[~under], count), limit, cover,
        [", ".join(one) for one in named], np.minimum(insured, balance), by_currency, problems,
    )  # fmt: skip


def policy_periods(policies: dict[str, dict[str, Any]]) -> pa.Table:
    """Return number, first and last day of the policies."""
    rows = policies.values()
    return pa.table({
        "policy": pa.array(policies, pa.string()),
        "policy_from": pa.array([row["valid_from"] for row in rows], pa.date32()),
        "policy_until": pa.array([row["valid_until"] for row in rows], pa.date32()),
    })


def _limits(book: CreditBook, found: Exposures) -> NDArray[np.float64]:
    """Return the insurer's limits in 1/10000 of the report currency, NaN where there is none."""
    units, null = units_column(book.tables["customers"]["insured_limit"])
    values = np.append(np.where(null, np.nan, units.astype(np.float64)), np.nan)  # -1, a customer without a row, takes the last
    return values[found.row_of]
