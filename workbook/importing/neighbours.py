"""What an import means for rows outside the file: missing customers, and what analysts typed beside rows that are replaced."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbook.book import RawTable, read_table
from workbook.checks import alike, key_column
from workbook.findings import Finding
from workbook.headers import match_header
from workbook.importing.columns import rows_in_file
from workbook.importing.error_cells import convert_with_errors as convert
from workbook.importing.mapping import find_column
from workbook.importing.options import ImportOptions
from workbook.importing.preview import ImportPlan
from workbook.importing.source import Source
from workbook.importing.transform import Cells
from workbook.messages import say
from workbook.problems import Problems
from workbook.tables import TABLES
from xladdin.cells import ExcelError


def with_customers(
    plan: ImportPlan, source: Source, customers: RawTable, options: ImportOptions, keep: np.ndarray, language: str,
) -> ImportPlan:
    """Find the customers that the table Customers does not have, and make their rows where asked."""
    if plan.table.key == "customers" or "customer_id" not in plan.cells:
        return plan
    table = TABLES["customers"]
    known: set[Any] = set()
    if customers.header:
        typed, _ = read_table(table, customers.header, customers.columns, customers.first_row)
        known = set(typed["customer_id"].to_pylist())
    counts = Counter(cell for cell in plan.cells["customer_id"] if cell is not None and not isinstance(cell, ExcelError))
    plan = _with_alike(plan, source, known, counts, keep, language)
    missing = [name for name in counts if name not in known]
    if not missing:
        return plan
    if options.add_customers:
        return replace(plan, missing_customers=missing, new_customers=_customer_rows(plan, source, missing, keep))
    first: dict[str, int] = {}
    for place, name in enumerate(plan.cells["customer_id"]):
        first.setdefault(name, int(source.numbers[keep[place]]))
    target = table.zh if language == "zh" else table.name
    column = plan.table.field("customer_id")
    label = column.zh if language == "zh" else column.en
    told = [
        Finding(
            plan.table.name, first[name], "customer_id",
            say("refers_to_nothing", language, column=label, value=name, target=target, count=counts[name]), name, "warning",
        )
        for name in missing
    ]  # fmt: skip
    return replace(plan, missing_customers=missing, findings=[*plan.findings, *told])


def _with_alike(
    plan: ImportPlan, source: Source, known: set[Any], counts: Counter[Any], keep: np.ndarray, language: str,
) -> ImportPlan:
    """Tell customers of the file that another one of the file or the workbook equals but for what a reader overlooks."""
    here = list(counts)
    pairs = [(name, other) for name, other in alike([*filter(None, known - counts.keys()), *here]) if name in counts]
    problems = Problems(language)
    numbers = rows_in_file(source)
    for name, other in pairs:
        row = int(numbers[keep[plan.cells["customer_id"].index(name)]])
        problems.add("customers_alike", plan.table.name, row, "customer_id", name, other=other)
    return replace(plan, findings=[*plan.findings, *problems.finish()]) if pairs else plan


def _customer_rows(plan: ImportPlan, source: Source, missing: list[str], keep: np.ndarray) -> Cells:
    """Make a row for each new customer; of several names in the file the most frequent counts."""
    rows: Cells = {"customer_id": list(missing)}
    table = TABLES["customers"]
    for key, column in plan.profile.customers.items():
        index = find_column(source.header, column, source.name)
        values = convert(table.field(key), column, source.columns[index], "", "").cells
        seen: dict[Any, Counter[Any]] = {}
        for customer, row in zip(plan.cells["customer_id"], keep.tolist(), strict=True):
            if values[row] is not None and not isinstance(values[row], ExcelError):
                seen.setdefault(customer, Counter())[values[row]] += 1
        rows[key] = [seen[name].most_common(1)[0][0] if name in seen else None for name in missing]
    return rows


def keeping(plan: ImportPlan, typed: pa.Table, existing: RawTable) -> ImportPlan:
    """Carry over what rows of the same key hold in columns that the file does not fill: analysts' notes outlive a new export."""
    if not existing.header or not plan.table.unique:
        return plan
    there, _ = read_table(plan.table, existing.header, existing.columns, existing.first_row)
    if not there.num_rows:
        return plan
    mine, theirs = key_column(plan.table, typed), key_column(plan.table, there)
    place = pc.index_in(mine, value_set=theirs.combine_chunks() if isinstance(theirs, pa.ChunkedArray) else theirs, skip_nulls=True)
    sources = np.asarray(there["row"].to_numpy())[np.asarray(place.fill_null(0))] - existing.first_row
    found = np.asarray(place.is_valid()).tolist()
    ours, _ = match_header(plan.table, existing.header)
    headers = {index: key for key, index in ours.items()}
    kept: Cells = {}
    for index, text in enumerate(existing.header):
        name = headers.get(index, str(text or ""))
        cells = existing.columns[index]
        if not name or name in plan.cells or all(cell in (None, "") for cell in cells):
            continue
        kept[name] = [cells[source] if here else None for source, here in zip(sources.tolist(), found, strict=True)]
    gone = np.setdiff1d(np.arange(there.num_rows), np.asarray(place.drop_null()))
    rows = np.asarray(there["row"].to_numpy()) - existing.first_row
    typed_in = [
        index for index, text in enumerate(existing.header) if (headers.get(index) or str(text or "")) not in ("", *plan.cells)
    ]
    names = there[plan.table.unique[0]]
    noted = [
        str(names[row].as_py()) for row in gone.tolist() if any(existing.columns[index][rows[row]] not in (None, "") for index in typed_in)
    ]
    origin = np.where(found, sources, -1).tolist()
    return replace(plan, kept=kept, origin=origin, disappearing=len(gone), noted=noted)
