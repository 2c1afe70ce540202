"""What is doubtful in a ledger whose rows are used as they stand: impossible orders of dates, settlements that do not fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbook.checks import mask, rows_of
from workbook.currencies import decimals
from workbook.due_dates import WITHOUT, by_terms
from workbook.problems import Problems
from workbook.schema import LEDGER
from workbook.sheet import MONEY_SCALE, money_text
from workbook.units import units_column

_DATE_ORDER: Final = (
    ("due_date", "due_before_document"),
    ("settled_date", "settled_before_document"),
    ("promise_date", "promise_before_document"),
)
_LIKELY: Final = 100  # of a document this large nobody disputes one unit of the currency or less
_AMOUNTS: Final = ("amount", "settled_amount", "disputed_amount", "promise_amount")


def check_ledger(ledger: pa.Table, problems: Problems) -> None:
    """Tell every doubtful row of a finished ledger; changes nothing."""
    _check_dates(ledger, problems)
    _check_settled(ledger, problems)
    _check_shares(ledger, problems)
    _check_decimals(ledger, problems)
    _check_settlements(ledger, problems)


def _check_dates(ledger: pa.Table, problems: Problems) -> None:
    rows, dates = rows_of(ledger), ledger["document_date"]
    for name, code in _DATE_ORDER:
        for index in np.flatnonzero(mask(pc.less(ledger[name], dates))).tolist():
            problems.add(code, LEDGER.name, int(rows[index]), name, ledger[name][index].as_py(), other=dates[index].as_py().isoformat())


def _check_settled(ledger: pa.Table, problems: Problems) -> None:
    rows = rows_of(ledger)
    amount, no_amount = units_column(ledger["amount"])
    settled, _ = units_column(ledger["settled_amount"])
    disputed, _ = units_column(ledger["disputed_amount"])
    for index in np.flatnonzero(~no_amount & (np.abs(settled) > np.abs(amount))).tolist():
        texts = {"settled": money_text(int(settled[index])), "amount": money_text(int(amount[index]))}
        problems.add("settled_above", LEDGER.name, int(rows[index]), "settled_amount", texts["settled"], **texts)
    for index in np.flatnonzero((settled < 0) & (amount >= 0)).tolist():
        text = money_text(int(settled[index]))
        problems.add("settled_negative", LEDGER.name, int(rows[index]), "settled_amount", text, settled=text)
    for index in np.flatnonzero(~no_amount & (np.abs(disputed) > np.abs(amount))).tolist():
        texts = {"disputed": money_text(int(disputed[index])), "amount": money_text(int(amount[index]))}
        problems.add("disputed_above", LEDGER.name, int(rows[index]), "disputed_amount", texts["disputed"], **texts)


def _check_shares(ledger: pa.Table, problems: Problems) -> None:
    """Tell disputed and promised amounts that a percentage typed into the cell would give: 50% is 0.50 there."""
    rows = rows_of(ledger)
    amount, _ = units_column(ledger["amount"])
    for name in ("disputed_amount", "promise_amount"):
        units, _ = units_column(ledger[name])
        for index in np.flatnonzero((units > 0) & (units <= MONEY_SCALE) & (np.abs(amount) >= _LIKELY * MONEY_SCALE)).tolist():
            text, whole = money_text(int(units[index])), money_text(int(amount[index]))
            problems.add("looks_like_share", LEDGER.name, int(rows[index]), name, text, amount=whole)


def _check_decimals(ledger: pa.Table, problems: Problems) -> None:
    """Tell amounts with more decimals than their currency's smallest unit has."""
    rows = rows_of(ledger)
    coded = ledger["currency"].combine_chunks().dictionary_encode()
    codes = coded.dictionary.to_pylist()
    if not codes:
        return
    steps = np.array([10 ** (4 - decimals(code)) for code in codes], dtype=np.int64)
    indices = np.asarray(coded.indices.fill_null(-1))
    step = np.where(indices >= 0, steps[indices], 1)
    for name in _AMOUNTS:
        units, _ = units_column(ledger[name])
        for index in np.flatnonzero(units % step).tolist():
            code, text = codes[indices[index]], money_text(int(units[index]))
            problems.add("minor_unit", LEDGER.name, int(rows[index]), name, text, currency=code, digits=decimals(code))


@dataclass(frozen=True, slots=True)
class _Settlements:
    """Rows that settle a document, and the documents: by code of their number, -1 where there is no such charge."""

    places: np.ndarray  # the rows that settle
    target: np.ndarray  # the code of the document each of them names
    currency: np.ndarray  # of each row of the ledger, as a code
    customer: np.ndarray
    currency_of: np.ndarray  # of each document
    customer_of: np.ndarray

    def fitting(self) -> np.ndarray:
        """Tell which settle a charge of the same customer in the same currency; the others stay unapplied."""
        same = self.currency_of[self.target] == self.currency[self.places]
        return np.asarray(same & (self.customer_of[self.target] == self.customer[self.places]))


def tell_unknown_terms(ledger: pa.Table, rows: np.ndarray, problems: Problems) -> None:
    """Tell each debt without a due date whose terms are not understood, with its amount; `rows`: numbers of the sheet or the file."""
    dated = mask(pc.is_valid(ledger["document_date"])) | mask(pc.is_valid(ledger["due_date"]))
    asked = charges(ledger) & dated & mask(pc.and_(pc.is_null(ledger["due_date"]), pc.is_valid(ledger["terms"])))
    places = np.flatnonzero(asked)
    if not len(places):
        return
    mine = ledger.take(pa.array(places))
    texts = mine["terms"].to_pylist()
    days = np.asarray(mine["document_date"].combine_chunks()).astype("datetime64[D]")
    units, _ = units_column(mine["amount"])
    currencies = mine["currency"].to_pylist()
    for at in np.flatnonzero(by_terms(days, texts) == np.datetime64(WITHOUT, "D")).tolist():
        amount = f"{currencies[at] or ''} {money_text(int(units[at]))}".strip()
        problems.add("unknown_terms", LEDGER.name, int(rows[places[at]]), "terms", texts[at], amount=amount)


def charges(ledger: pa.Table) -> np.ndarray:
    """Tell which rows raise the debt: invoices, and negative credit notes or adjustments."""
    amount, _ = units_column(ledger["amount"])
    types = ledger["document_type"]
    lowering = mask(pc.is_in(types, value_set=pa.array(["credit note", "adjustment"])))
    return np.asarray(mask(pc.equal(types, "invoice")) | (lowering & (amount < 0)))


def _codes(column: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(column.combine_chunks().dictionary_encode().indices.fill_null(-1))


def _check_settlements(ledger: pa.Table, problems: Problems) -> None:
    """Follow every reference of a usable row: to a charge of the same customer and currency, and together to no more than its amount."""
    usable, charge = mask(ledger["usable"]), charges(ledger)
    settles = usable & ~charge & mask(pc.is_valid(ledger["reference"]))
    if not settles.any():
        return
    debts = usable & charge & mask(pc.is_valid(ledger["document_no"]))
    documents, references = ledger["document_no"].combine_chunks(), ledger["reference"].combine_chunks()
    names = pa.concat_arrays([documents.filter(pa.array(debts)), references.filter(pa.array(settles))]).dictionary_encode()
    codes, size = np.asarray(names.indices), len(names.dictionary)
    of_debts, target = np.split(codes, [int(debts.sum())])
    currency, customer = _codes(ledger["currency"]), _codes(ledger["customer_id"])
    currency_of, customer_of = np.full(size, -2), np.full(size, -2)
    currency_of[of_debts], customer_of[of_debts] = currency[debts], customer[debts]
    found = _Settlements(np.flatnonzero(settles), target, currency, customer, currency_of, customer_of)
    fits = found.fitting()
    _tell_lost_references(ledger, found, fits, problems)
    amount, _ = units_column(ledger["amount"])
    settled, _ = units_column(ledger["settled_amount"])
    owed, paid = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    np.add.at(owed, of_debts, np.abs(amount[debts]))
    np.add.at(paid, of_debts, np.abs(settled[debts]))
    np.add.at(paid, target[fits], amount[found.places[fits]])
    over = fits & (paid > owed)[target]
    last = dict(zip(target[over].tolist(), found.places[over].tolist(), strict=True))  # told once, at the last row that settles
    rows = rows_of(ledger)
    for code, place in last.items():
        texts = {"settled": paid[code], "amount": owed[code], "excess": paid[code] - owed[code]}
        document = names.dictionary[code].as_py()
        words = {name: money_text(int(units)) for name, units in texts.items()}
        problems.add("overpaid", LEDGER.name, int(rows[place]), "reference", document, **words)


def _tell_lost_references(ledger: pa.Table, found: _Settlements, fits: np.ndarray, problems: Problems) -> None:
    """Tell references to nothing, to something that is no charge, and to a charge of another customer or in another currency."""
    rows, types, references = rows_of(ledger), ledger["document_type"], ledger["reference"]
    wrong = found.places[~fits]
    if not len(wrong):
        return
    exists = mask(pc.is_in(references.take(pa.array(wrong)), value_set=ledger["document_no"].combine_chunks().drop_null()))
    for index, code, known in zip(wrong.tolist(), found.target[~fits].tolist(), exists.tolist(), strict=True):
        words = {"type": problems.choice(types[index].as_py())}
        if found.currency_of[code] < 0:
            problem = "reference_not_a_debt" if known else "reference_to_nothing"
        elif found.customer_of[code] != found.customer[index]:
            problem = "reference_other_customer"
        else:
            problem = "reference_other_currency"
        problems.add(problem, LEDGER.name, int(rows[index]), "reference", references[index].as_py(), **words)
