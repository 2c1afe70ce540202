"""The ledger after typing: assumptions made once, so that no report makes its own, and which rows reports can use.

A negative invoice becomes a credit note, a document without a date takes its due date, an invoice without a due date takes the
one of its terms; with no terms its document date, with terms that are not understood none. Each assumption is a finding.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbook.checks import mask, rows_of
from workbook.currencies import ALIASES, known_currencies
from workbook.due_dates import by_terms
from workbook.ledger_checks import charges, check_ledger, tell_unknown_terms
from workbook.ledger_sums import summable
from workbook.messages import column_label
from workbook.problems import Problems
from workbook.schema import LEDGER
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE, money_text
from workbook.units import decimal_column, units_column

#: without these a row can stand in no report
NEEDED: Final = ("amount", "document_type", "currency", "document_date")
_AMOUNTS: Final = ("amount", "settled_amount", "disputed_amount", "promise_amount")


def finish_ledger(ledger: pa.Table, problems: Problems, settings: Settings) -> pa.Table:
    """Normalise the typed ledger, add `usable`, and tell what is doubtful."""
    if not ledger.num_rows:
        problems.add("empty_table", LEDGER.name, 0)
        return ledger.append_column("usable", pa.array([], pa.bool_()))
    ledger = ledger.combine_chunks()
    ledger = _currencies(ledger, problems)
    ledger = _credit_notes(ledger, problems)
    if settings.credit_notes == "own row":
        ledger = put(ledger, "reference", pc.if_else(pc.equal(ledger["document_type"], "credit note"), None, ledger["reference"]))
    ledger = _document_dates(ledger, problems)
    ledger = _due_dates(ledger, problems)
    usable = np.ones(ledger.num_rows, dtype=np.bool_)
    for name in NEEDED:
        usable &= mask(pc.is_valid(ledger[name]))
    usable = summable(ledger, usable, problems)
    _count_left_out(ledger, usable, problems)
    ledger = ledger.append_column("usable", pa.array(usable))
    check_ledger(ledger, problems)
    return ledger


def put(table: pa.Table, name: str, values: Any) -> pa.Table:
    """Replace one column."""
    return table.set_column(table.schema.get_field_index(name), name, values)


def _currencies(ledger: pa.Table, problems: Problems) -> pa.Table:
    """Write codes in capitals, everyday names as codes; codes that do not exist stay, with a finding."""
    coded = ledger["currency"].combine_chunks().dictionary_encode()
    typed = coded.dictionary.to_pylist()
    upper = [text.upper() for text in typed]
    codes = [ALIASES.get(text, text) for text in upper]
    rows, indices = rows_of(ledger), np.asarray(coded.indices.fill_null(-1))
    for number, (text, code) in enumerate(zip(typed, codes, strict=True)):
        if code == upper[number] and code in known_currencies():
            continue
        for index in np.flatnonzero(indices == number).tolist():
            if code not in known_currencies():
                problems.add("unknown_currency", LEDGER.name, int(rows[index]), "currency", text)
            else:
                problems.add("currency_alias", LEDGER.name, int(rows[index]), "currency", text, read=code)
    return put(ledger, "currency", pa.array(codes, pa.string()).take(coded.indices))


def _credit_notes(ledger: pa.Table, problems: Problems) -> pa.Table:
    """Turn negative invoices into credit notes; tell other negative documents, which raise the debt."""
    amount, _ = units_column(ledger["amount"])
    if not (amount < 0).any():
        return ledger
    rows = rows_of(ledger)
    types = ledger["document_type"].combine_chunks()
    invoice = (amount < 0) & mask(pc.equal(types, "invoice"))
    other = (amount < 0) & mask(pc.is_in(types, value_set=pa.array(["credit note", "payment", "advance"])))
    for index in np.flatnonzero(invoice).tolist():
        problems.add("negative_invoice", LEDGER.name, int(rows[index]), "amount", money_text(int(amount[index])))
    for index in np.flatnonzero(other).tolist():
        word = problems.choice(types[index].as_py())
        problems.add("negative_document", LEDGER.name, int(rows[index]), "amount", money_text(int(amount[index])), type=word)
    for name in _AMOUNTS:
        units, null = units_column(ledger[name])
        turned = np.where(invoice, np.abs(units), units)
        ledger = put(ledger, name, decimal_column(turned, null))
    return put(ledger, "document_type", pc.if_else(pa.array(invoice), pa.scalar("credit note"), types))


def _document_dates(ledger: pa.Table, problems: Problems) -> pa.Table:
    """Take the due date where the document date is missing."""
    dates, due = ledger["document_date"], ledger["due_date"]
    taken = mask(pc.and_(pc.is_null(dates), pc.is_valid(due)))
    if not taken.any():
        return ledger
    rows = rows_of(ledger)
    problems.withdraw("blank", LEDGER.name, "document_date", set(rows[taken].tolist()))
    for index in np.flatnonzero(taken).tolist():
        problems.add("dated_by_due_date", LEDGER.name, int(rows[index]), "document_date", due[index].as_py())
    return put(ledger, "document_date", pc.coalesce(dates, due))


def _due_dates(ledger: pa.Table, problems: Problems) -> pa.Table:
    """Work out the missing due dates of debts from their terms; without any, take the document date."""
    dates, due, terms = ledger["document_date"], ledger["due_date"], ledger["terms"]
    missing = np.flatnonzero(charges(ledger) & mask(pc.and_(pc.is_null(due), pc.is_valid(dates))))
    if not len(missing):
        return ledger
    rows = rows_of(ledger)
    chosen = pa.array(missing)
    documents = np.asarray(dates.take(chosen).combine_chunks()).astype("datetime64[D]")
    texts = terms.take(chosen).to_pylist()
    worked = by_terms(documents, texts)
    tell_unknown_terms(ledger, rows, problems)
    for place, index in enumerate(missing.tolist()):
        if texts[place] is None:
            problems.add("no_due_date", LEDGER.name, int(rows[index]), "due_date")
    filled = np.asarray(due.combine_chunks().cast(pa.int32()).fill_null(0)).copy()
    filled[missing] = np.where(np.isnat(worked), documents, worked).astype(np.int32)
    null = ~mask(pc.is_valid(due))
    null[missing] = False
    return put(ledger, "due_date", pa.array(filled, mask=null).view(pa.date32()))


def _count_left_out(ledger: pa.Table, usable: np.ndarray, problems: Problems) -> None:
    """Write the amount of every row left out on a finding, so that totals reconcile."""
    units, null = units_column(ledger["amount"])
    out = np.flatnonzero(~usable)
    rows, currencies = rows_of(ledger), ledger["currency"]
    amounts = {
        int(rows[index]): ("" if null[index] else money_text(int(units[index])), currencies[index].as_py() or "") for index in out.tolist()
    }
    rest = problems.mark_left_out(LEDGER.name, NEEDED, amounts)
    missing = [name for name in NEEDED if ledger[name].null_count]
    words = ", ".join(column_label(LEDGER.name, name, problems.language) for name in missing)
    for currency in sorted({currency for _, currency in rest.values()}):
        texts = [amount for amount, code in rest.values() if code == currency]
        total = sum((Decimal(text) for text in texts if text), Decimal(0))
        amount = money_text(int(total * MONEY_SCALE)) if any(texts) else ""
        problems.add_left_out(LEDGER.name, words, len(texts), amount, currency)
