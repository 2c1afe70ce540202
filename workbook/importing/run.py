"""An import into an open workbook: its tables are read, the plan is made, and only then written."""

from __future__ import annotations

from pathlib import Path

import xlwings as xw

from workbook.book import RawTable
from workbook.host_book import find_table, need_table, read_raw_table, read_settings_cells
from workbook.importing.options import ImportOptions
from workbook.importing.plan import find_table_of_schema, make_plan
from workbook.importing.preview import ImportPlan
from workbook.importing.profile import save_profile
from workbook.importing.write import write_table
from workbook.settings import read_settings
from workbook.tables import TABLES
from xladdin.errors import BadRequest


def import_source(book: xw.Book, source: Path, table: str = "Ledger", options: ImportOptions | None = None) -> ImportPlan:
    """Plan the import of a file into a workbook's table; `apply_plan` writes it. Raises BadRequest or NotAWorkbook."""
    chosen = options or ImportOptions()
    wanted = find_table_of_schema(table)
    existing = read_raw_table(need_table(book, wanted.name))
    customers = find_table(book, TABLES["customers"].name)
    settings = read_settings(read_settings_cells(book))
    known = RawTable([], []) if customers is None else read_raw_table(customers)
    plan = make_plan(source, wanted.key, chosen, existing, known, settings.language)
    if chosen.save_profile:
        if chosen.profiles_folder is None:
            raise BadRequest("a profile can only be saved to a folder; say which")
        save_profile(plan.profile, chosen.save_profile, chosen.profiles_folder)
    return plan


def apply_plan(book: xw.Book, plan: ImportPlan) -> int:
    """Write a plan into the workbook (which the caller saves); returns the number of rows written."""
    if plan.rows or plan.mode == "replace":
        replace = plan.mode == "replace"
        write_table(book, plan.table, {**plan.kept, **plan.cells}, replace=replace, origin=plan.origin, filled=set(plan.cells))
    if plan.new_customers:
        write_table(book, TABLES["customers"], plan.new_customers)
    return plan.rows
