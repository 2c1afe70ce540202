"""Due dates of documents that came without one: from their terms, by the rule of =DUEDATE(), in one place for the sheet and every engine.

Terms that are not understood give no due date: such a document stands as not due and has its finding. It never falls due on the day it
was written, as that would make it late, dunned and provided for at once. In the ledger it has the day `WITHOUT`, so that every engine
compares and sums it like any other; what is shown is a blank.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.terms import read_terms, take_steps
from xladdin.errors import CellError

Dates = NDArray[np.datetime64]
#: no report is made for a day as late (`xladdin.cells.LAST_REPORT_DAY`), and days counted on from it are still dates of a sheet
WITHOUT: Final = dt.date(2999, 12, 31)
_WITHOUT: Final = np.datetime64(WITHOUT, "D")


def by_terms(documents: Dates, terms: Sequence[str | None]) -> Dates:
    """Work out n due dates from document dates and terms; NaT where there are no terms, `WITHOUT` where they are not understood."""
    due = np.full(len(documents), np.datetime64("NaT"), dtype="datetime64[D]")
    places: dict[str, list[int]] = {}
    for place, text in enumerate(terms):
        if text is not None:
            places.setdefault(text, []).append(place)
    for text, chosen in places.items():  # each distinct term is read once
        try:
            due[chosen] = take_steps(documents[chosen], read_terms(text))
        except CellError:
            due[chosen] = _WITHOUT
    return due


def is_without(due: Dates) -> NDArray[np.bool_]:
    """Tell which documents are without due date."""
    return np.asarray(due == _WITHOUT, dtype=np.bool_)


def shown(due: Dates) -> Dates:
    """Return due dates as they are shown: a blank for a document without one."""
    return np.where(is_without(due), np.datetime64("NaT", "D"), due)
