"""What stands behind the debt, and the days that count: security, set-off, insurance; the court's and the insurer's dates.

Law: Enterprise Bankruptcy Law of the People's Republic of China, arts 38 (owner takes goods back), 40 (set-off), 45 (claims are filed
within 30 days to three months of the announcement), 46 (debts fall due, interest stops), 49 (security is stated), 56 (late claims).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from functions.dates import add_months
from functions.insurance_clock import policy_days
from workbook.book import CreditBook
from workbook.claim.debt import Debt
from workbook.claim.words import put
from workbook.labels import word
from workbook.reports.clocks import POLICY_CLOCKS, holiday_rows
from workbook.reports.common import amount_text
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE
from xladdin.errors import NotAvailable


@dataclass(frozen=True, slots=True)
class Right:
    """One right beside the claim itself."""

    name: str
    on_what: str
    basis: str
    outward: str = ""  # its basis in the proof of debt; blank: it is not for the administrator


@dataclass(frozen=True, slots=True)
class Deadline:
    """One day that counts; `day` is None where it is not known, and `counting` says why."""

    name: str
    day: dt.date | None
    counting: str


def rights_of(book: CreditBook, debt: Debt, settings: Settings, language: str) -> list[Right]:
    """List the rights the ledger and the contracts know of, and remind of those they cannot know."""
    made: list[Right] = []
    contracts = {row["contract_no"]: row for row in book.tables["contracts"].to_pylist() if row["contract_no"]}
    by_contract = {number for number, row in contracts.items() if row["retention_of_title"]}
    claimed_goods = bool(debt.returned)
    retained = list(debt.returned) or [one for one in debt.items if one.title_retained]
    if retained:
        documents = ", ".join(dict.fromkeys(one.document_no for one in retained))
        numbers = sorted({one.contract_no for one in retained} & by_contract)
        key = "basis_title_contract" if numbers else "basis_title"
        named: dict[str, object] = {"contracts": ", ".join(numbers)} if numbers else {}
        basis = put(key, language, abroad=debt.abroad, **named, elected=settings.retained_goods)
        # with the price the goods are not asked for: the same debt is not claimed twice
        outward = put(key.replace("basis", "out"), language, abroad=debt.abroad, **named) if claimed_goods else ""
        made.append(Right(put("right_title", language), put("on_documents", language, documents=documents), basis, outward))
    for currency, (_, credit, _) in debt.sums().items():
        if credit:
            basis = put("basis_setoff", language, abroad=debt.abroad)
            outward = put("out_setoff", language, abroad=debt.abroad)
            made.append(Right(put("right_setoff", language), amount_text(-credit, currency), basis, outward))
    policies = {row["policy_no"]: row for row in book.tables["policies"].to_pylist() if row["policy_no"]}
    for number in sorted({one.policy_no for one in debt.items if one.policy_no}):
        mine: dict[str, int] = {}
        for one in debt.items:
            if one.policy_no == number:
                mine[one.currency] = mine.get(one.currency, 0) + one.open
        amounts = ", ".join(amount_text(amount, currency) for currency, amount in sorted(mine.items()))
        limit = debt.customer.get("insured_limit")
        shown = put("no_limit", language) if limit is None else amount_text(round(float(limit) * MONEY_SCALE), settings.report_currency)
        insurer = policies.get(number, {}).get("insurer") or "?"
        made.append(
            Right(
                put("right_insurance", language),
                put("insured_on", language, amount=amounts, limit=shown),
                put("basis_insurance", language, policy=number, insurer=insurer),
            )
        )
    made.append(Right(put("right_guarantee", language), put("no_security", language), put("add_security", language, abroad=debt.abroad)))
    return made


def deadlines_of(book: CreditBook, debt: Debt, settings: Settings, language: str) -> list[Deadline]:
    """List the court's, the insurer's and the policies' days, the nearest first; unknown ones last."""
    accepted = np.array([debt.accepted], dtype="datetime64[D]")
    holidays = holiday_rows(book)
    how = put("how_filing", language, abroad=debt.abroad)
    made = [Deadline(put("date_filing", language), None if debt.abroad else debt.accepted + dt.timedelta(30), how)]
    if not debt.abroad:
        latest = add_months(accepted, 3)[0].item()
        made.append(Deadline(put("date_filing_late", language), latest, put("how_filing_late", language)))
    if any(one.policy_no for one in debt.items):
        how = put("how_service", language, workdays=settings.insurer_form_workdays, days=settings.insurer_reply_days)
        made.append(Deadline(put("date_service", language), None, how))
    made += _policy_days(book, debt, holidays, language)
    return sorted(made, key=lambda one: (one.day is None, one.day or dt.date.max))


def _policy_days(book: CreditBook, debt: Debt, holidays: Any, language: str) -> list[Deadline]:
    """Date each clock of each policy by its earliest item."""
    made: list[Deadline] = []
    policies = {row["policy_no"]: row for row in book.tables["policies"].to_pylist() if row["policy_no"]}
    for number in sorted({one.policy_no for one in debt.items} & set(policies)):
        items = sorted((one for one in debt.items if one.policy_no == number and one.due_shown), key=lambda one: one.due_date)
        if not items:  # no clock starts without a due date
            continue
        for event, label in POLICY_CLOCKS.items():
            name = put("date_policy", language, policy=number, clock=word(label, language), document=items[0].document_no)
            try:
                answer = policy_days(np.array([items[0].due_date], dtype="datetime64[D]"), event, policies[number], holidays)
            except NotAvailable as error:
                made.append(Deadline(name, None, put("date_unknown", language, why=error)))
                continue
            if answer.failures:
                failure = answer.failures[0][1]
                why = str(failure if isinstance(failure, Exception) else failure(0))
                made.append(Deadline(name, None, put("date_unknown", language, why=why)))
            else:
                made.append(Deadline(name, answer.values[0].item(), put("how_policy", language)))
    return made
