"""The clocks that run beside the ladder: the insurer's deadlines and the limitation of the claim.

An insurer's days come from the policy's own row; they differ from insurer to insurer, so none is built in. Deadlines depend only on
the policy and the due date, so each distinct pair is worked out once.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.insurance_clock import policy_days
from functions.limitation import LAWS, limitation_date
from workbook.book import CreditBook
from workbook.labels import word
from workbook.letters.law import chosen_contracts, law_of
from workbook.reports.common import Items, group
from workbook.settings import Settings
from xladdin.errors import NotAvailable
from xladdin.registry import Rows

#: the policy's events -> label
POLICY_CLOCKS: Final = {
    "overdue notice": "clock_notice",
    "maximum extension": "clock_extension",
    "collections": "clock_collections",
    "claim until": "clock_claim",
}
#: a day that opens something: shown among the deadlines, but none itself
OPENING: Final = {"claim from": "clock_claim_from"}


Clocks = list[tuple[str, np.datetime64]]  # label and day, nearest first


def deadlines(book: CreditBook, items: Items, settings: Settings) -> tuple[NDArray[np.datetime64], NDArray[np.object_]]:
    """Return each item's nearest deadline, and all of them in words, nearest first."""
    clocks, laws, rows = clocks_of(book, items)
    ends = [[day for label, day in one if label not in OPENING.values()] for one in clocks]
    nearest = np.array([one[0] if one else np.datetime64("NaT", "D") for one in ends], dtype="datetime64[D]")
    texts = np.array([_all_words(one, law, settings.language) for one, law in zip(clocks, laws, strict=True)], dtype=object)
    return nearest[rows], texts[rows]


def _all_words(clocks: Clocks, law: str, language: str) -> str:
    """Write deadlines in words, and that the limitation has no day where it is not known."""
    words = clock_words(clocks, language)
    return words if law in LAWS else " · ".join(filter(None, (words, word("no_limitation", language, law=law))))


def clock_words(clocks: Clocks, language: str) -> str:
    """Write deadlines in words: each day and what ends on it."""
    return " · ".join(f"{day} {word(label, language)}" for label, day in clocks)


def clocks_before(book: CreditBook, items: Items, days: NDArray[np.datetime64], settings: Settings) -> NDArray[np.object_]:
    """Return, in words, the deadlines of each item that end before a day of its own, such as the day it was promised for."""
    clocks, _, rows = clocks_of(book, items)
    pairs = zip(rows.tolist(), days, strict=True)
    opening = set(OPENING.values())
    ending = ([clock for clock in clocks[row] if clock[1] < day and clock[0] not in opening] for row, day in pairs)
    made = [clock_words(ones, settings.language) for ones in ending]
    return np.array(made, dtype=object)


def clocks_of(book: CreditBook, items: Items) -> tuple[list[Clocks], list[str], NDArray[np.int64]]:
    """Return the clocks and the law of each distinct policy, due date and law, and for every item the number of its own."""
    policies = {row["policy_no"]: row for row in book.tables["policies"].to_pylist() if row["policy_no"]}
    (numbers, days, laws), rows = group(items.texts("policy_no"), items.dates("due_date").astype(np.int64), laws_of(book, items))
    dates = days.astype(np.int64).astype("datetime64[D]")
    limits = _limitation(dates, laws)
    holidays = holiday_rows(book)
    made: list[Clocks] = []
    for index, (number, day) in enumerate(zip(numbers, dates, strict=True)):
        clocks: Clocks = [("clock_limitation", limits[index])]
        if policy := policies.get(number):
            clocks += _policy_clocks(policy, day, holidays)
        made.append(sorted((clock for clock in clocks if not np.isnat(clock[1])), key=lambda clock: clock[1]))
    return made, laws.tolist(), rows


def laws_of(book: CreditBook, items: Items) -> NDArray[np.object_]:
    """Return the key of each item's law, as the letters name it: its contract's, else that of the customer's newest contract."""
    homes = dict(zip(*(book.tables["customers"][key].to_pylist() for key in ("customer_id", "country")), strict=True))
    agreed: dict[str, list[dict[str, Any]]] = {}
    for row in book.tables["contracts"].select(["customer_id", "contract_no", "signed", "governing_law"]).to_pylist():
        agreed.setdefault(row["customer_id"] or "", []).append(row)
    (customers, contracts), rows = group(items.texts("customer_id"), items.texts("contract_no"))
    made = [
        law_of(chosen_contracts(agreed.get(customer, []), {contract})[1], homes.get(customer))
        for customer, contract in zip(customers, contracts, strict=True)
    ]
    return np.array(made, dtype=object)[rows]


def _limitation(dates: NDArray[np.datetime64], laws: NDArray[np.object_]) -> NDArray[np.datetime64]:
    """Date the limitation of each claim by its law; none where LIMITATIONDATE does not know the law."""
    result = np.full(len(dates), np.datetime64("NaT", "D"))
    for law in LAWS:
        mine = laws == law
        if mine.any():
            answer: Any = limitation_date(dates[mine], None, law)
            result[mine] = answer.values if isinstance(answer, Rows) else answer
    return result


def holiday_rows(book: CreditBook) -> list[list[Any]] | None:
    """Return the days of the Chinese calendar that the sheet Holidays adds."""
    table = book.tables["holidays"]
    rows = [[row["date"], row["working"]] for row in table.to_pylist() if row["date"] and row["calendar"] == "CN"]
    return rows or None


def _policy_clocks(policy: dict[str, Any], due: np.datetime64, holidays: Any) -> list[tuple[str, np.datetime64]]:
    """Date the clocks that the policy has; one whose days or calendar are missing is left out."""
    clocks = []
    for event, label in (POLICY_CLOCKS | OPENING).items():
        try:
            made = policy_days(np.array([due], dtype="datetime64[D]"), event, policy, holidays)
        except NotAvailable:
            continue
        clocks.append((label, np.datetime64("NaT", "D") if made.failures else made.values[0]))
    return clocks
