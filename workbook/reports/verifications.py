"""The three verifications of a customer: register, statements, reputation; each counts with its date and its evidence.

House rule: a new customer gets credit only when all three are made, evidenced and not out of date (三重验证).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from functions.credit_file import VERIFICATIONS
from functions.customer_score import VERIFICATION_NAMES
from functions.dates import add_months
from workbook.reports.register_words import say
from workbook.settings import Settings

EVIDENCE: Final = ("register_evidence", "statements_evidence", "reputation_evidence")
DONE, NO_DATE, NO_EVIDENCE, OLD, LATER = "done", "no_date", "no_evidence", "old", "later"


@dataclass(frozen=True, slots=True)
class Verified:
    """Three rows, one per verification, of n customers each."""

    dates: NDArray[np.datetime64]
    evidence: NDArray[np.object_]
    state: NDArray[np.object_]  # done, or what is missing

    @property
    def open(self) -> NDArray[np.bool_]:
        """Tell, 3 x n, which verifications do not count."""
        return np.asarray(self.state != DONE, dtype=np.bool_)


def verified(table: pa.Table, row_of: NDArray[np.int64], settings: Settings, as_of: dt.date) -> Verified:
    """Read the verifications of customers; `row_of` is each one's row in the table Customers, -1 without one."""
    today = np.datetime64(as_of, "D")
    dates = np.vstack([_days(table, key)[row_of] for key in VERIFICATIONS])
    evidence = np.vstack([_texts(table, key)[row_of] for key in EVIDENCE])
    oldest = np.vstack([add_months(row, settings.verification_months) < today for row in dates])
    state = np.select(
        [np.isnat(dates), dates > today, evidence == "", oldest], [NO_DATE, LATER, NO_EVIDENCE, OLD], DONE
    ).astype(object)
    return Verified(dates, evidence, state)


def verified_words(found: Verified, row: int, language: str) -> str:
    """Write what was verified when, by what evidence: one line per verification."""
    lines = []
    for name, day, text in zip(VERIFICATION_NAMES[language], found.dates[:, row], found.evidence[:, row], strict=True):
        lines.append(f"{name} {'–' if np.isnat(day) else day}{f' ({text})' if text else ''}")
    return "\n".join(lines)


def open_words(found: Verified, row: int, settings: Settings) -> list[str]:
    """Say which verifications do not count, and why."""
    language = settings.language
    return [
        say(f"verification_{state}", language, name=name, months=settings.verification_months)
        for name, state in zip(VERIFICATION_NAMES[language], found.state[:, row], strict=True)
        if state != DONE
    ]


def _days(table: pa.Table, key: str) -> NDArray[np.datetime64]:
    return np.append(np.asarray(table[key].to_numpy(zero_copy_only=False), dtype="datetime64[D]"), np.datetime64("NaT", "D"))


def _texts(table: pa.Table, key: str) -> NDArray[np.object_]:
    return np.array([*((text or "") for text in table[key].to_pylist()), ""], dtype=object)
