"""What is wrong with a large ledger: counted in the engine, so that a million bad rows are one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.currencies import known_currencies
from workbook.findings import Finding
from workbook.large.ledger import LargeLedger
from workbook.messages import column_label
from workbook.open_items import in_units
from workbook.problems import Problems
from workbook.schema import LEDGER
from workbook.sheet import money_text
from workbook.units import LARGEST

if TYPE_CHECKING:
    import ibis.expr.types as ir


def _counts(table: ir.Table) -> ir.Table:
    bad = [name for name in table.columns if name.startswith("bad_")]
    sums = {name: table[name].sum().fill_null(0).cast("int64") for name in (*bad, "turned", "assumed_due", "without_due")}
    units = in_units(table.amount)
    return table.group_by("currency").aggregate(
        rows=table.count().cast("int64"), left_out=(~table.usable).sum().fill_null(0).cast("int64"),
        amount=units.sum(where=~table.usable).fill_null(0).cast("int64"),
        without_amount=units.sum(where=table.without_due).fill_null(0).cast("int64"), **sums,
    )  # fmt: skip


def tell(ledger: LargeLedger, language: str) -> list[Finding]:
    """Return the findings; rows that no report can use are counted with their amounts, by currency."""
    problems = Problems(language)
    found = ledger.engine.ask([ledger.basis, "problems"], lambda: _counts(ledger.table))
    bad = [name for name in found.column_names if name.startswith("bad_")]
    rows: list[dict[str, Any]] = sorted(found.to_pylist(), key=lambda row: row["currency"] or "")
    totals = {name: sum(row[name] for row in rows) for name in (*bad, "turned", "assumed_due")}
    if not rows:
        problems.add("empty_table", LEDGER.name, 0)
    for name in bad:
        if totals[name]:
            key = name.removeprefix("bad_")
            code = "rows_no_amount" if LEDGER.field(key).kind == "amount" else "rows_unreadable"
            problems.add(code, LEDGER.name, 0, key, count=f"{totals[name]:,}", most=f"{LARGEST:,}")
    if totals["turned"]:
        problems.add("rows_negative_invoice", LEDGER.name, 0, "amount", count=f"{totals['turned']:,}")
    if totals["assumed_due"]:
        problems.add("rows_no_due_date", LEDGER.name, 0, "due_date", count=f"{totals['assumed_due']:,}")
    for row in rows:
        if row["without_due"]:
            amount = f"{row['currency'] or ''} {money_text(row['without_amount'])}".strip()
            problems.add("rows_without_due_date", LEDGER.name, 0, "terms", count=f"{row['without_due']:,}", amount=amount)
        if row["currency"] and row["currency"] not in known_currencies():
            problems.add("unknown_currency", LEDGER.name, 0, "currency", row["currency"])
        if row["left_out"]:
            keys = ("amount", "document_type", "currency", "document_date")
            words = ", ".join(column_label(LEDGER.name, key, language) for key in keys)
            amount = money_text(row["amount"]) if row["amount"] else ""
            problems.add_left_out(LEDGER.name, words, row["left_out"], amount, row["currency"] or "")
    return problems.finish()
