"""One import from beginning to end, as the command line and a button ask for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import xlwings as xw

from workbook.host_book import need_table, read_raw_table
from workbook.importing.options import ImportOptions, read_pairs
from workbook.importing.plan import find_table_of_schema
from workbook.importing.preview import ImportPlan
from workbook.importing.run import apply_plan, import_source
from xladdin.counted import counted
from xladdin.errors import BadRequest

PROFILES: Final = "profiles"  # the folder beside the workbook that keeps the user's own profiles


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: whether cells were written, what to say, the same as data, and how many findings are errors."""

    written: bool
    lines: list[str]
    data: dict[str, Any]
    errors: int


def import_into(
    book: xw.Book,
    path: Path,
    source: Path,
    *,
    table: str = "Ledger",
    profile: str | None = None,
    mapping: Mapping[str, str] | None = None,
    date_format: str | None = None,
    number_format: str | None = None,
    sheet: str | None = None,
    mode: str = "",
    add_customers: bool = False,
    save_profile: str | None = None,
    preview: bool = False,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int = 1,
    signs: str | None = None,
    ignore: Sequence[str] = (),
) -> Imported:
    """Fill a table of an open workbook, which lies at `path`, from a file; the caller saves it.

    A mapping is field -> source column; a column that begins with = is a constant: document_type -> =invoice; and field:word -> our word
    for a word of the file. `signs` is "debt" or "type"; `ignore` names columns that do not matter. Formats hold for every column, or for
    one each: InvoiceDate=m/d/y;DueDate=d/m/y. Raises Refused with what to do.
    """
    given = mapping or {}
    options = ImportOptions(
        mode=_mode(book, table, mode),
        profile=profile or "",
        profiles_folder=path.parent / PROFILES,
        save_profile="" if preview else save_profile or "",
        mapping={name: column for name, column in given.items() if not column.startswith("=")},
        constants={name: column[1:] for name, column in given.items() if column.startswith("=")},
        date_formats=read_pairs((date_format or "").split(";"), "--date-format") if date_format else {},
        number_formats=read_pairs((number_format or "").split(";"), "--number-format") if number_format else {},
        sheet=sheet or "",
        header_row=header_row,
        encoding=encoding or "",
        delimiter=delimiter or "",
        signs=signs or "",
        ignored=tuple(ignore),
        add_customers=add_customers,
    )
    plan = import_source(book, source, table, options)
    if not preview:
        apply_plan(book, plan)
    lines = [*plan.lines(), _last_line(plan, preview=preview)]
    return Imported(not preview, lines, {**plan.as_json(), "written": not preview}, plan.errors)


def _mode(book: xw.Book, table: str, mode: str) -> Literal["append", "replace"]:
    """Return the mode; it may be left out where the table is empty."""
    if mode == "replace":
        return "replace"
    if mode != "append":
        name = find_table_of_schema(table).name
        filled = any(cell not in (None, "") for column in read_raw_table(need_table(book, name)).columns for cell in column)
        if filled:
            raise BadRequest(
                f"the table {name} has rows already; say --append to add below them or --replace to put the file in their place"
            )
    return "append"


def _last_line(plan: ImportPlan, *, preview: bool) -> str:
    """Sum the import up in one line."""
    customers = len(plan.new_customers.get("customer_id", []))
    parts = [counted(plan.rows, "row")]
    if customers:
        parts.append(counted(customers, "new customer"))
    parts.append(counted(len(plan.findings), "finding"))
    return f"{plan.source} -> {plan.table.name}: {', '.join(parts)}{' (preview: nothing was written)' if preview else ''}"
