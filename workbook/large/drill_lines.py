"""Documents of a cell for a person, a program or a file."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from workbook.due_dates import WITHOUT
from workbook.sheet import money_text
from workbook.units import MONEY, decimal_column
from xladdin.errors import BadRequest
from xladdin.output import harmless

_SHOWN: Final = 50
_KEYS: Final = ("document_no", "document_type", "instalment", "document_date", "due_date", "amount", "open", "disputed")
_AMOUNTS: Final = ("amount", "settled", "paid", "credited", "open", "disputed", "promise_amount")


def lines_of(found: pa.Table, customer: str, currency: str) -> tuple[list[str], dict[str, Any]]:
    """Write the first documents as lines, with the total; and all of them as data."""
    found = _with_blanks(found)
    rows = [
        {key: money_text(value) if key in _AMOUNTS and value is not None else value.isoformat() if hasattr(value, "isoformat") else value
         for key, value in row.items()}
        for row in found.select(list(_KEYS)).to_pylist()
    ]  # fmt: skip
    total = money_text(sum(found["open"].to_pylist()))
    lines = [
        f"{row['document_no']:<18} {row['document_type']:<12} due {row['due_date'] or '':<11} open {row['open']:>16}"
        + (f"   disputed {row['disputed']}" if row["disputed"] != "0.00" else "")
        for row in rows[:_SHOWN]
    ]
    if len(rows) > _SHOWN:
        lines.append(f"… and {len(rows) - _SHOWN:,} more; --out FILE.csv brings all of them")
    lines.append(f"{customer}: {len(rows):,} document{'' if len(rows) == 1 else 's'}, {currency} {total}")
    return lines, {"customer_id": customer, "currency": currency, "total": total, "rows": rows}


def _with_blanks(found: pa.Table) -> pa.Table:
    """Leave the due date blank of what is without one."""
    due = found["due_date"]
    blank = pc.if_else(pc.equal(due, WITHOUT), pa.scalar(None, due.type), due)
    return found.set_column(found.schema.get_field_index("due_date"), "due_date", blank)


def check_name(out: Path) -> None:
    """Refuse a name that says neither .csv nor .parquet."""
    if out.suffix.casefold() not in (".csv", ".parquet"):
        raise BadRequest(f"documents are written as .csv or .parquet; got {out.name}")


def save(found: pa.Table, file: IO[bytes], *, as_csv: bool) -> None:
    """Write the documents as CSV or Parquet, amounts as decimals; no text of a CSV is one that a spreadsheet calculates."""
    found = _with_blanks(found)
    for key in _AMOUNTS:
        column = found[key].combine_chunks()
        units = column.fill_null(0).to_numpy()
        place = found.schema.get_field_index(key)
        found = found.set_column(place, pa.field(key, MONEY), decimal_column(units, column.is_null().to_numpy(zero_copy_only=False)))
    if not as_csv:
        pq.write_table(found, file)
        return
    for place, field in enumerate(found.schema):
        if pa.types.is_string(field.type):
            texts = [text if text is None else harmless(text) for text in found[field.name].to_pylist()]
            found = found.set_column(place, field, pa.array(texts, field.type))
    pa.csv.write_csv(found, file)
