"""Data problems: every finding on one sheet, each with a link to its cell."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from workbook.book import CreditBook
from workbook.findings import Finding
from workbook.labels import word
from workbook.reports.common import as_of_words
from workbook.schema import Table
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE, Column, Invariant, Sheet
from workbook.tables import TABLES
from xladdin.registry import report

SEVERITIES: Final = {"error": ("error", "错误"), "warning": ("warning", "警告"), "note": ("note", "提示")}
_RANK: Final = {"error": 0, "warning": 1, "note": 2}


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the list of findings."""
    widths: dict[str, tuple[Any, int]] = {
        "severity": ("text", 10), "source": ("text", 14), "row": ("integer", 8), "column": ("text", 16), "value": ("text", 24),
        "message": ("text", 74), "amount": ("amount", 16), "currency": ("text", 10), "link": ("link", 16),
    }  # fmt: skip
    plain = tuple(
        Column(key, word(key, settings.language), kind, width, wrap=key in ("message", "value")) for key, (kind, width) in widths.items()
    )
    return (*plain, Column("note", word("note", settings.language), "text", 28, "input"))


@report(
    key="data_problems",
    sheet="Data problems",
    label="Data problems",
    label_zh="数据问题",
    help="Everything that could not be read or was assumed, with a link to its cell and the money left out because of it.",
    help_zh="所有无法读取或作了假定的数据，附单元格链接及因此未计入的金额。",
    columns=columns,
    order=90,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """List the findings, errors first, in the order of their rows."""
    tables = {table.name: table for table in TABLES.values()} | dict(TABLES)
    findings = sorted(book.findings, key=lambda finding: (_RANK[finding.severity], finding.source, finding.row, finding.column))
    language = settings.language
    place = language == "zh"
    data: dict[str, list[Any]] = {
        "severity": [SEVERITIES[finding.severity][place] for finding in findings],
        "source": [_table_name(tables, finding, place=place) for finding in findings],
        "row": [finding.row or None for finding in findings],
        "column": [_column_name(tables, finding, place=place) for finding in findings],
        "value": [finding.value for finding in findings],
        "message": [finding.message for finding in findings],
        "amount": [int(Decimal(finding.amount) * MONEY_SCALE) if finding.amount else None for finding in findings],
        "currency": [finding.currency for finding in findings],
        "link": [_target(tables, finding) for finding in findings],
    }
    counts = {severity: sum(finding.severity == severity for finding in findings) for severity in _RANK}
    return Sheet(
        report="data_problems",
        name="Data problems",
        title=word("data_problems_title", language),
        subtitle=as_of_words(settings, as_of, len(findings), "unit_findings"),
        columns=columns(settings),
        data=data,
        key_columns=("source", "row", "column", "message"),
        facts=[
            (word("fact_errors", language), f"{counts['error']:,}"),
            (word("fact_warnings", language), f"{counts['warning']:,}"),
            (word("fact_notes", language), f"{counts['note']:,}"),
        ],
        invariants=_invariants(book, findings, settings),
    )


def _invariants(book: CreditBook, findings: list[Finding], settings: Settings) -> list[Invariant]:
    """Check that every amount of the ledger is either in the reports or stands beside a finding as left out."""
    if book.large is not None:  # its rows that cannot be used are counted in the engine, with their amounts
        return []
    ledger = book.tables["ledger"]
    rows = zip(*(ledger[key].to_pylist() for key in ("currency", "amount", "usable")), strict=True) if _some_left_out(ledger) else ()
    used: dict[str, int] = {}
    all_rows: dict[str, int] = {}
    for currency, amount, usable in rows:
        units = int((amount or 0) * MONEY_SCALE)
        all_rows[currency or ""] = all_rows.get(currency or "", 0) + units
        used[currency or ""] = used.get(currency or "", 0) + (units if usable else 0)
    named = {(finding.row, finding.currency): finding.amount for finding in findings if finding.source == "Ledger" and finding.amount}
    left_out: dict[str, int] = {}
    for (_, currency), amount in named.items():
        left_out[currency] = left_out.get(currency, 0) + int(Decimal(amount) * MONEY_SCALE)
    name = word("check_left_out", settings.language)
    currencies = sorted(currency for currency in all_rows if all_rows[currency] != used[currency] or left_out.get(currency))
    return [Invariant(name, one, used[one] + left_out.get(one, 0), all_rows[one]) for one in currencies]


def _some_left_out(ledger: pa.Table) -> bool:
    return bool(ledger.num_rows) and not pc.all(ledger["usable"]).as_py()


def _table_name(tables: dict[str, Table], finding: Finding, *, place: bool) -> str:
    table = tables.get(finding.source)
    return finding.source if table is None else (table.zh if place else table.name)


def _column_name(tables: dict[str, Table], finding: Finding, *, place: bool) -> str:
    table = tables.get(finding.source)
    for field in table.fields if table else ():
        if field.key == finding.column:
            return field.zh if place else field.en
    return finding.column


def _target(tables: dict[str, Table], finding: Finding) -> str:
    """Name the cell a finding speaks of, as Sheet!A1; built from our own table, never from a cell's text."""
    table = tables.get(finding.source)
    if table is None:
        return ""
    keys = [field.key for field in table.fields]
    number = keys.index(finding.column) if finding.column in keys else 0
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{table.name}!{letters}{finding.row or 1}"
