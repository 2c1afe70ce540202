"""A refresh: read the tables, make the reports, and only when all of them are made, write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import xlwings as xw

from workbook.book import CreditBook
from workbook.column_keys import read_names
from workbook.dated_ahead import ahead
from workbook.findings import Finding
from workbook.history.trends import History
from workbook.host_book import read_host_book
from workbook.host_tables import write_status, written_sheets
from workbook.large.attach import shortened, with_ledger
from workbook.large.ledger import TooMany
from workbook.previous import read_place, tell_missing
from workbook.render import render
from workbook.report_place import find_place, report_sheets
from workbook.report_state import refuse_protected
from workbook.reports.unrated import with_missing_rates
from workbook.settings import Settings
from workbook.sheet import Sheet, as_json
from xladdin.errors import BadRequest
from xladdin.registry import Report, reports

Progress = Callable[[str], None]
#: reports that read what analysts typed on another report's sheet
ALSO_READS: Final = {
    "promises": ("escalation",),
    "insurance": ("escalation", "promises"),
    "watch_list": ("escalation", "promises"),
    "dashboard": ("escalation", "promises"),
    "alerts": ("escalation", "promises"),
    "cash_forecast": ("escalation", "promises"),
    "stress": ("escalation", "promises"),
}


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh made: the day, the reports by key, and the book with every finding."""

    as_of: dt.date
    sheets: dict[str, Sheet]
    book: CreditBook
    documents: int = 0
    left: tuple[str, ...] = ()  # reports left as they were: the ledger is too large for them
    absent: tuple[str, ...] = ()  # sheets the workbook does not have

    @property
    def unreconciled(self) -> int:
        """Number of sums that do not agree."""
        return sum(not check.ok for sheet in self.sheets.values() for check in sheet.invariants)

    @property
    def errors(self) -> int:
        """Number of findings of severity error."""
        return sum(finding.severity == "error" for finding in self.book.findings)

    def json(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {"as_of": self.as_of.isoformat(), "reports": {key: as_json(sheet) for key, sheet in self.sheets.items()}}


def chosen(keys: Sequence[str] | None) -> dict[str, Report]:
    """Return the reports asked for by key, sheet or label in any case; all of them when none is named. Raises BadRequest."""
    known = reports()
    if not keys:
        return known
    names = {name.casefold(): key for key, one in known.items() for name in (key, one.sheet, one.label, one.label_zh)}
    wanted = set()
    for name in keys:
        key = names.get(name.strip().casefold().replace("-", "_"), names.get(name.strip().casefold()))
        if key is None:
            raise BadRequest(f"there is no report {name}; there are {', '.join(known)}")
        wanted.add(key)
    return {key: one for key, one in known.items() if key in wanted}


def make_reports(
    book: CreditBook, settings: Settings, as_of: dt.date, keys: Sequence[str] | None = None, progress: Progress | None = None,
    *, leave: bool = False,
) -> Refreshed:
    """Make reports of a book on a day; what one finds wanting stands on the sheets of those that come after it.

    `leave`: leave out a report for which the ledger is too large, instead of making none.
    """
    if book.snapshots is not None:
        book = replace(book, history=History(book.snapshots))
    book = replace(book, findings=[*book.findings, *ahead(book, settings.language, as_of).finish()])
    sheets: dict[str, Sheet] = {}
    left: list[str] = []
    told: set[Finding] = set()  # what several reports find wanting, such as a missing rate, is told once
    for key, one in chosen(keys).items():
        if progress:
            progress(one.label_zh if settings.language == "zh" else one.label)
        try:
            sheets[key] = with_missing_rates(one.make(book, settings, as_of), book, settings, as_of)
        except TooMany:
            if not leave:
                raise
            left.append(key)
            continue
        fresh = [finding for finding in dict.fromkeys(sheets[key].problems) if finding not in told]
        told.update(fresh)
        book = replace(book, findings=[*book.findings, *fresh])
    return Refreshed(as_of, sheets, book, left=tuple(left))


def refresh(
    workbook: xw.Book,
    *,
    today: dt.date,
    keys: Sequence[str] | None = None,
    as_of: dt.date | None = None,
    overrides: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    salt: str = "",
) -> Refreshed:
    """Rewrite reports in place. `today` counts when neither the call nor the sheet Settings says the as-of date.

    `salt` is the secret of hashed blacklists, where one is known.

    Nothing is written before every report is made. Raises Refused with what to do.
    """
    wanted = chosen(keys)
    if progress:
        progress("…")
    book = read_host_book(workbook, overrides or {})
    said = "ledger" in (overrides or {})
    with with_ledger(book, said=said) as whole:
        return _refresh(workbook, whole, wanted, keys, as_of or book.settings.as_of or today, progress, salt)


def _refresh(
    workbook: xw.Book, book: CreditBook, wanted: dict[str, Report], keys: Sequence[str] | None, day: dt.date,
    progress: Progress | None, salt: str,
) -> Refreshed:
    pages = report_sheets(workbook)
    absent = [key for key in wanted if key not in pages]
    if keys and absent:
        missing = wanted[absent[0]].sheet
        raise BadRequest(f"the workbook has no sheet {missing}; add one of that name, or start from a new workbook (xladdin build)")
    wanted = {key: one for key, one in wanted.items() if key not in absent}  # a workbook made before the report was, or a sheet taken out
    known = reports()
    refuse_protected(written_sheets(workbook, [pages[key] for key in wanted]))
    read = dict.fromkeys(name for key in wanted for name in (key, *ALSO_READS.get(key, ())) if name in pages)
    names = read_names(workbook)
    places = {key: find_place(pages[key], key, names) for key in read}
    previous = {key: read_place(place) for key, place in places.items()}
    lost = [finding for key, one in previous.items() for finding in tell_missing(key, one.missing, book.settings)]
    book = replace(
        book, previous={key: one.columns for key, one in previous.items()}, salt=salt, findings=[*book.findings, *lost],
    )
    made = make_reports(book, book.settings, day, list(wanted), progress, leave=not keys)
    if book.large is not None:
        rows = book.settings.ledger_rows
        short = {key: shortened(sheet, rows, book.previous.get(key, {}), book.settings.language) for key, sheet in made.sheets.items()}
        made = replace(made, sheets=short)
    for sheet in made.sheets.values():
        if progress:
            progress(f"{sheet.name} ✎")
        render(sheet, workbook, book.settings, day, previous[sheet.report], places[sheet.report])
    write_status(workbook, made.sheets, day, made.book.findings)
    return replace(made, documents=book.documents, absent=tuple(known[key].sheet for key in absent))

