"""`xladdin snapshot`: store what the reports say of a day, or of the month ends of the past, as the ledger still tells them."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from workbook.book import CreditBook
from workbook.history.make import aging_tables, scores_table
from workbook.history.store import Facts, Stored, days_in, path_of, read_day, read_rows, store
from workbook.large.attach import check_result, with_ledger
from workbook.questions.spans import month_ends
from workbook.reports.common import Exchange
from workbook.sheet import money_text
from workbook.units import units_column
from xladdin.addresses import without_password
from xladdin.counted import counted
from xladdin.errors import BadRequest

#: a month is closed in the two weeks after its end: until then the credit files are taken for those of the day
GRACE: Final = 15
_SETTINGS: Final = {
    "limits": "buckets", "aging_basis": "age counted from", "unapplied": "unapplied cash", "credit_notes": "credit notes",
    "report_currency": "report currency",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the folder, the day, month ends before it, and what may be replaced."""

    folder: Path
    day: dt.date
    own_day: dt.date  # of the workbook's credit files
    today: dt.date
    months: int = 0
    force: bool = False
    renamed: bool = False


def order_for(
    book: CreditBook, to: Path | None, as_of: dt.date | None, today: dt.date, *, months: int = 0, force: bool = False, renamed: bool = False
) -> Order:
    """Read what a command asks for. Raises BadRequest for a day to come, or where no folder is known."""
    own = book.settings.as_of or today
    day = as_of or own
    if day > today:
        where = "give --as-of a day that has come" if as_of else "correct the as-of date on Settings, or give --as-of"
        raise BadRequest(f"nobody knows yet what is open on {day}, which is after today ({today}): {where}")
    folder = to or book.snapshots
    if folder is None:
        raise BadRequest("the workbook was never saved, so it has no folder of snapshots: name one with --to")
    if folder.exists() and not folder.is_dir():
        raise BadRequest(f"{folder} is a file, and snapshots need a folder: name one with --to or the setting Snapshots")
    return Order(folder, day, own, today, months, force, renamed)


def take_snapshots(
    book: CreditBook, order: Order, *, said: bool, step: Callable[[str], None] = lambda _step: None
) -> tuple[list[str], dict[str, Any]]:
    """Store the snapshots asked for; answers lines for a person and data for a program. Raises BadRequest or CannotWrite."""
    start = time.perf_counter()
    there = days_in(order.folder)
    names = _names(book, order, there)
    days, notes = [order.day], list[str]()
    if order.months:
        days, notes = _month_ends(book, order, said=said)
    made = []
    for day in days:
        step(f"{day}")
        if order.months and day in there and not order.force:
            made.append({"as_of": day.isoformat(), "stored": "kept"})
            continue
        with with_ledger(book, said=said) as whole:  # opened for each day, so that what an engine keeps for one is gone with it
            made.append(_take(whole, order, day, names, said=said, replaced=day in there))
    if any(one.get("why") == "past" for one in made):
        notes.append("scores of past days are left out: credit files have no history; a snapshot every month keeps them from now on")
    lines = [_line(one) for one in made]
    count = sum(one["stored"] in ("new", "replaced") for one in made)
    closing = f"{order.folder.name}: {counted(count, 'snapshot')} stored, {time.perf_counter() - start:.1f} s"
    return [*lines, *notes, closing], {"folder": str(order.folder), "snapshots": made, "notes": notes}


def store_history(book: CreditBook, days: Sequence[dt.date]) -> None:
    """Store days as a firm does that ran the command on each of them; the credit files are taken as they are."""
    for day in days:
        found = book.settings.model_copy(update={"as_of": day})
        take_snapshots(book, replace(order_for(replace(book, settings=found), None, None, day), force=True), said=False)


def _keep_inputs(book: CreditBook, folder: Path, day: dt.date, tables: Sequence[str], *, said: bool, replaced: bool) -> None:
    """Refuse to store over the ledger, among its files, or over what no snapshot of ours put there."""
    for table in tables:
        check_result(path_of(folder, table, day), book, said=said, force=replaced, made=True)


def _take(book: CreditBook, order: Order, day: dt.date, names: tuple[str, ...], *, said: bool, replaced: bool) -> dict[str, Any]:
    """Make one day and store it, unless it is stored already and the same."""
    settings = book.settings
    exchange = Exchange(book, settings, day)
    tables = aging_tables(book, settings, day, exchange)
    age = (order.own_day - day).days
    why = "" if 0 <= age <= GRACE else "past"
    if not why:
        tables["scores"] = scores_table(book, settings, day)
    rates = {code: exchange.rate(code) for code in sorted(set(tables["aging"]["currency"].to_pylist()))}
    facts = Facts(
        day, order.today, names, without_password(settings.ledger) or "sheet", settings.limits, settings.aging_basis, settings.unapplied,
        settings.report_currency, {code: rate for code, rate in rates.items() if rate}, settings.credit_notes,
    )  # fmt: skip
    told = {"as_of": day.isoformat(), "stored": "replaced" if replaced else "new", **_sums(tables), **({"why": why} if why else {})}
    _keep_inputs(book, order.folder, day, list(tables), said=said, replaced=replaced)
    if replaced and not order.force:
        odd = _odd(read_day(order.folder, day), tables, facts)
        if odd:
            raise BadRequest(f"there is a snapshot of {day} in {order.folder.name}, and it is another one ({odd}): --force replaces it")
        return told | {"stored": "unchanged"}
    store(order.folder, tables, facts)
    return told


def _sums(tables: dict[str, pa.Table]) -> dict[str, Any]:
    aging = tables["aging"]
    return {
        "customers": pc.count_distinct(aging["customer_id"]).as_py(),
        "documents": pc.sum(aging["documents"]).as_py() or 0,
        "outstanding": _outstanding(aging),
        "scores": tables["scores"].num_rows if "scores" in tables else None,
    }


def _outstanding(aging: pa.Table) -> dict[str, str]:
    sums = aging.group_by("currency").aggregate([("amount", "sum")]).sort_by("currency")
    units = units_column(sums["amount_sum"])[0]
    return {code: money_text(amount) for code, amount in zip(sums["currency"].to_pylist(), units.tolist(), strict=True)}


def _odd(old: Stored, tables: dict[str, pa.Table], facts: Facts) -> str:
    """Say in what a stored day differs from the one just made; blank when it does not."""
    for name, label in _SETTINGS.items():
        then, now = getattr(old.aging, name), getattr(facts, name)
        if then != now:
            return f"{label}: {_text(then)} then, {_text(now)} now"
    if dict(old.aging.rates) != dict(facts.rates):
        return "other exchange rates"
    for table, rows in tables.items():
        if table not in old.files:
            return "without scores"
        then = read_rows(old, table)
        if then.equals(rows.combine_chunks()) or then.combine_chunks().equals(rows.combine_chunks()):
            continue
        if table == "aging":
            before, after = _outstanding(then), _outstanding(rows)
            moved = [code for code in {**before, **after} if before.get(code) != after.get(code)]
            told = [f"{code} {before.get(code, '0.00')} then, {after.get(code, '0.00')} now" for code in moved]
            return ", ".join(told) or "other customers or buckets"
        return f"other {table}"
    return ""


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)


def _names(book: CreditBook, order: Order, there: list[dt.date]) -> tuple[str, ...]:
    """Return the names the workbook goes by. Raises BadRequest where the folder is another workbook's."""
    mine = book.name or "workbook"
    others = [day for day in there if not (order.force and day == order.day)]
    if not others:
        return (mine,)
    known = read_day(order.folder, others[-1]).aging.workbooks
    if known[0] == mine:
        return known
    if order.renamed:
        return (mine, *(name for name in known if name != mine))
    raise BadRequest(
        f"{order.folder.name} holds the snapshots of {known[0]}, not of {mine}: give this workbook a folder of its own (--to, or the "
        f"setting Snapshots); or, when {known[0]} is its old name, say --renamed"
    )


def _month_ends(book: CreditBook, order: Order, *, said: bool) -> tuple[list[dt.date], list[str]]:
    """Return the month ends that the ledger can tell of, then the day, and what is to be said of them. Raises BadRequest."""
    with with_ledger(book, said=said) as whole:
        first, settled = _reach(whole)
    if first is None:
        raise BadRequest("the ledger is empty: there is no past to store")
    if not settled:
        raise BadRequest(
            "the ledger holds no payment, credit note or settlement: of a past day it shows only what is still open today, so month ends "
            "of the past cannot be made from it; store a snapshot every month instead, without --months"
        )
    ends = [*month_ends(order.day, order.months), order.day]
    days = [day for day in ends if day >= first]
    early = counted(len(ends) - len(days), "month end before it is", "month ends before it are")
    notes = [f"the ledger begins on {first}: {early} left out"] if len(days) < len(ends) else []
    return days, notes


def _reach(book: CreditBook) -> tuple[dt.date | None, bool]:
    """Return the day of the ledger's first document, and whether anything settles another."""
    if book.large is not None:
        table = book.large.table.filter(book.large.table.usable)
        settles = (table.document_type != "invoice") | table.settled_date.notnull() | table.settled_amount.notnull()
        found = book.large.engine.query(table.aggregate(first=table.document_date.min(), settled=settles.sum().fill_null(0).cast("int64")))
        return found["first"][0].as_py(), bool(found["settled"][0].as_py())
    ledger = book.tables["ledger"]
    ledger = ledger.filter(ledger["usable"])
    own = pc.or_(pc.is_valid(ledger["settled_date"]), pc.is_valid(ledger["settled_amount"]))
    settles = pc.or_(pc.not_equal(ledger["document_type"], "invoice"), own)
    return pc.min(ledger["document_date"]).as_py(), bool(pc.any(settles).as_py())


def _line(one: dict[str, Any]) -> str:
    """Say in a line what became of a day."""
    if one["stored"] == "kept":
        return f"{one['as_of']}  kept as it was stored"
    amounts = " · ".join(f"{code} {Decimal(amount):,}" for code, amount in one["outstanding"].items()) or "nothing outstanding"
    scores = f", scores of {one['scores']:,}" if one["scores"] is not None else ""
    word = {"new": "stored", "replaced": "replaced", "unchanged": "unchanged, nothing written"}[one["stored"]]
    return f"{one['as_of']}  {word}: {counted(one['customers'], 'customer')}, {counted(one['documents'], 'document')}{scores}, {amounts}"
