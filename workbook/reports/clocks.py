"""The clocks that run beside the ladder: the insurer's deadlines and the limitation of the claim.

An insurer's days come from the policy's own row; they differ from insurer to insurer, so none is built in. Deadlines depend only on
the policy and the due date, so each distinct pair is worked out once.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.insurance_clock import policy_days
from functions.limitation import LAWS, limitation_date
from workbook.book import CreditBook
from workbook.labels import word
from workbook.letters.law import UNCHOSEN, chosen_contracts, law_of, shortest_of
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
#: the days of an item that its clocks depend on
_DAYS: Final = ("due_date", "last_demand", "reported_on")


Clocks = list[tuple[str, np.datetime64]]  # label and day, nearest first


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Of each item: its next deadline, those missed and all in words, the law of its claim, and whether its limitation has passed."""

    nearest: NDArray[np.datetime64]
    missed: NDArray[np.object_]
    words: NDArray[np.object_]
    laws: NDArray[np.object_]
    lapsed: NDArray[np.bool_]


def deadlines(book: CreditBook, items: Items, settings: Settings, as_of: dt.date) -> Deadlines:
    """Tell each item's deadlines: what is over is missed, never next. A notice that the insurer got in time is neither."""
    clocks, laws, rows = clocks_of(book, items, settings)
    today, opening = np.datetime64(as_of, "D"), set(OPENING.values())
    none = np.datetime64("NaT", "D")
    ahead = (next((day for label, day in one if label not in opening and day >= today), none) for one in clocks)
    nearest = np.array(list(ahead), dtype="datetime64[D]")
    over = [[clock for clock in one if clock[0] not in opening and clock[1] < today] for one in clocks]
    missed = np.array([_missed_words(one, today, settings.language) for one in over] or [""], dtype=object)
    lapsed = np.array([any(label == "clock_limitation" for label, _ in one) for one in over], dtype=np.bool_)
    texts = np.array([_all_words(one, law, settings.language) for one, law in zip(clocks, laws, strict=True)] or [""], dtype=object)
    named = np.array([plain_law(law) for law in laws] or [""], dtype=object)
    if not len(rows):
        return Deadlines(nearest[rows], missed[:0], texts[:0], named[:0], lapsed)
    return Deadlines(nearest[rows], missed[rows], texts[rows], named[rows], lapsed[rows])


def plain_law(law: str) -> str:
    """Return the key of the law of a claim for its letter: none where it was not chosen."""
    return "" if law.startswith(UNCHOSEN) else law


def _all_words(clocks: Clocks, law: str, language: str) -> str:
    """Write deadlines in words, and that the limitation has no day where it is not known."""
    words = clock_words(clocks, language)
    if law in LAWS:
        return words
    if law.startswith(UNCHOSEN):
        return f"{words} · {word('limitation_shortest', language)}"
    unknown = word("no_limitation", language, law=law) if law else word("no_law", language)
    return " · ".join(filter(None, (words, unknown)))


def clock_words(clocks: Clocks, language: str) -> str:
    """Write deadlines in words: each day and what ends on it."""
    return " · ".join(f"{day} {word(label, language)}" for label, day in clocks)


def _missed_words(clocks: Clocks, today: np.datetime64, language: str) -> str:
    """Write missed deadlines in words, each with the days since."""
    days = [(label, day, int((today - day).astype(np.int64))) for label, day in clocks]
    return " · ".join(f"{day} {word(label, language)}, {word('days_ago', language, days=since)}" for label, day, since in days)


def clocks_before(book: CreditBook, items: Items, days: NDArray[np.datetime64], settings: Settings) -> NDArray[np.object_]:
    """Return, in words, the deadlines of each item that end before a day of its own, such as the day it was promised for."""
    clocks, _, rows = clocks_of(book, items, settings)
    pairs = zip(rows.tolist(), days, strict=True)
    opening = set(OPENING.values())
    ending = ([clock for clock in clocks[row] if clock[1] < day and clock[0] not in opening] for row, day in pairs)
    made = [clock_words(ones, settings.language) for ones in ending]
    return np.array(made, dtype=object)


def clocks_of(book: CreditBook, items: Items, settings: Settings) -> tuple[list[Clocks], list[str], NDArray[np.int64]]:
    """Return the clocks and the law of each distinct claim (by policy, days and law), and for every item the number of its own."""
    policies = {row["policy_no"]: row for row in book.tables["policies"].to_pylist() if row["policy_no"]}
    keys = (items.texts("policy_no"), *(items.dates(key).astype(np.int64) for key in _DAYS), laws_of(book, items, settings))
    (numbers, *spans, laws), rows = group(*keys)
    dates, demands, reported = (span.astype(np.int64).astype("datetime64[D]") for span in spans)
    limits = _limitation(dates, demands, laws)
    holidays = holiday_rows(book)
    known: dict[tuple[str, np.datetime64], Clocks] = {}
    made: list[Clocks] = []
    for index, (number, day, told) in enumerate(zip(numbers, dates, reported, strict=True)):
        clocks: Clocks = [("clock_limitation", limits[index])]
        if policy := policies.get(number):
            if (number, day) not in known:
                known[number, day] = _policy_clocks(policy, day, holidays)
            clocks += [one for one in known[number, day] if not (one[0] == "clock_notice" and told <= one[1])]
        made.append(sorted((clock for clock in clocks if not np.isnat(clock[1])), key=lambda clock: clock[1]))
    return made, laws.tolist(), rows


def laws_of(book: CreditBook, items: Items, settings: Settings) -> NDArray[np.object_]:
    """Return the key of each item's law, as the letters name it: its contract's, else that of the customer's newest contract.

    Where none was chosen: "" or, of two countries whose laws are known, UNCHOSEN and the one whose limitation ends first.
    """
    homes = dict(zip(*(book.tables["customers"][key].to_pylist() for key in ("customer_id", "country")), strict=True))
    agreed: dict[str, list[dict[str, Any]]] = {}
    for row in book.tables["contracts"].select(["customer_id", "contract_no", "signed", "governing_law"]).to_pylist():
        agreed.setdefault(row["customer_id"] or "", []).append(row)
    (customers, contracts), rows = group(items.texts("customer_id"), items.texts("contract_no"))
    ours = settings.our_country
    made = []
    for customer, contract in zip(customers, contracts, strict=True):
        chosen, home = chosen_contracts(agreed.get(customer, []), {contract})[1], homes.get(customer)
        law = law_of(chosen, home, ours)
        silent = not any(one["governing_law"] for one in chosen)
        made.append(law or (shortest_of(home, ours) if silent else ""))
    return np.array(made, dtype=object)[rows] if made else np.zeros(0, dtype=object)


def _limitation(dates: NDArray[np.datetime64], demands: NDArray[np.datetime64], laws: NDArray[np.object_]) -> NDArray[np.datetime64]:
    """Date the limitation of each claim by its law; none where LIMITATIONDATE does not know the law."""
    result = np.full(len(dates), np.datetime64("NaT", "D"))
    for law in LAWS:
        mine = (laws == law) | (laws == UNCHOSEN + law)
        if mine.any():
            answer: Any = limitation_date(dates[mine], demands[mine], law)
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
