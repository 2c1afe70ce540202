"""Due diligence: who gets a deep check and who a standard one, what each file lacks, when it is due, and what the checks cost.

House rule: the TOP 20 % of the customers by exposure are looked at in depth, the rest in the standard way; ties go in together.
Established customers are reviewed every quarter. Credit reports bought or shared instead of own research save 40 % of the cost;
that figure is the house's own assumption, without a published source, and stands on Settings to be replaced by yours.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from functions.limits import deep_from
from functions.register_numbers import VALID, register_check_word
from functions.reviews import next_reviews
from workbook.book import CreditBook
from workbook.questions.columns import flags, texts, whole
from workbook.questions.spans import ends
from workbook.questions.traded import sales
from workbook.reports.common import Ints, amount_text, as_of_words, customer_names, sums
from workbook.reports.due_diligence_cost import calendar_block, cost_block, cost_of_year
from workbook.reports.exposure import Exposures, exposures
from workbook.reports.register_columns import register_columns
from workbook.reports.register_words import say
from workbook.reports.verifications import open_words, verified, verified_words
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE, ColumnKind, Invariant, Sheet
from xladdin.registry import report

_WIDTHS: Final[dict[str, tuple[ColumnKind, int]]] = {
    "customer_id": ("text", 12), "name": ("text", 28), "country": ("text", 9), "dd_tier": ("text", 10), "dd_rank": ("integer", 7),
    "exposure": ("amount", 16), "turnover_12": ("amount", 16), "last_review": ("date", 12), "next_review": ("date", 12),
    "review_late": ("integer", 9), "missing_count": ("integer", 9), "missing_items": ("text", 52), "verifications": ("text", 36),
}  # fmt: skip
#: statement items without which nobody can judge a balance sheet
STATEMENT: Final = ("current_assets", "total_assets", "current_liabilities", "total_liabilities", "sales")
YEAR: Final = 365


def columns(settings: Settings) -> tuple[Any, ...]:
    """Return the columns of the report; the last ones belong to the analyst."""
    return register_columns(_WIDTHS, settings.language, ("customer_id",), ("dd_tier", "missing_items"))


@report(
    key="due_diligence",
    sheet="Due diligence",
    label="Due diligence",
    label_zh="尽职调查",
    help="Deep checks for the TOP 20 %, standard ones for the rest: what is missing, the calendar, and the cost saved by reports.",
    help_zh="前20%客户深度尽调，其余标准尽调：缺失资料、复审日历，以及使用信用报告节省的成本。",
    columns=columns,
    order=14,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """Put every customer of the sheet Customers into a tier, deep ones first, with what its file lacks."""
    language, today = settings.language, np.datetime64(as_of, "D")
    everybody = exposures(book, settings, as_of)
    listed = everybody.row_of >= 0
    row_of, exposure = everybody.row_of[listed], everybody.exposure[listed]
    ids = np.array(everybody.customers, dtype=object)[listed]
    table = book.tables["customers"]
    bought = turnovers(book, everybody, as_of)
    turnover = bought[listed]
    basis = turnover if settings.dd_basis == "turnover" else exposure
    deep = deep_tier(basis, settings)
    checks = verified(table, row_of, settings, as_of)
    others = _lacking(book, table, row_of, ids, deep, settings)
    lacks = [[*open_words(checks, row, settings), *more] for row, more in enumerate(others)]
    last, first = _days(table, "last_review", row_of), _days(table, "first_trade", row_of)
    due = next_reviews(last, first)
    late = np.where(np.isnat(due), 0, np.maximum((today - due).astype(np.int64), 0))
    separator = "；" if language == "zh" else "; "
    rank = np.empty(len(ids), dtype=np.int64)
    rank[np.lexsort((ids.astype(str), -basis))] = np.arange(1, len(ids) + 1)
    data: dict[str, Any] = {
        "customer_id": ids,
        "name": np.asarray(customer_names(book, ids, language), dtype=object),
        "country": _texts(table, "country", row_of),
        "dd_tier": np.array([say("tier_deep" if one else "tier_standard", language) for one in deep], dtype=object),
        "dd_rank": rank,
        "exposure": exposure,
        "turnover_12": turnover,
        "last_review": last,
        "next_review": due,
        "review_late": np.array([int(days) or None for days in late], dtype=object),
        "missing_count": np.array([len(words) or None for words in lacks], dtype=object),
        "missing_items": np.array([separator.join(words) for words in lacks], dtype=object),
        "verifications": np.array([verified_words(checks, row, language) for row in range(len(ids))], dtype=object),
    }
    order = np.argsort(rank + np.where(deep, 0, len(ids)), kind="stable")
    data = {key: values[order] for key, values in data.items()}
    currency = settings.report_currency
    totals = _totals(exposure, turnover, everybody.exposure[~listed], bought[~listed], settings)
    known = len(set(pc.fill_null(table["customer_id"], "").to_pylist()))  # a customer that stands twice is one, and has its finding
    cost = cost_of_year(int(deep.sum()), int((~deep).sum()), settings)
    return Sheet(
        report="due_diligence",
        name="Due diligence",
        title=say("due_diligence_title", language),
        subtitle=as_of_words(settings, as_of, len(ids), "unit_customers"),
        columns=columns(settings),
        data=data,
        key_columns=("customer_id",),
        totals=totals,
        total_keys={currency: totals[-1]} if totals else {},
        codes={"dd_tier": ["deep" if one else "standard" for one in deep[order]]},
        facts=[
            (say("tier_deep", language).capitalize(), _share(deep, exposure, settings)),
            (say("fact_files_open", language), f"{sum(map(bool, lacks)):,} / {len(lacks):,}"),
            (say("fact_reviews_late", language), f"{int((late > 0).sum()):,}"),
            (say("fact_saved", language), amount_text(cost.saved, currency)),
        ],
        notes=[finding.message for finding in everybody.exchange.problems],
        invariants=[
            Invariant(say("check_tiers", language), "", len(data["dd_tier"]) * MONEY_SCALE, known * MONEY_SCALE),
            Invariant(
                say("check_exposure", language), currency, totals[-1]["exposure"] if totals else 0, int(everybody.exposure.sum()),
            ),
        ],
        blocks=[calendar_block(due, deep, today, settings), cost_block(cost, settings)] if len(ids) else [],
        problems=everybody.exchange.problems,
    )  # fmt: skip


def _totals(exposure: Ints, turnover: Ints, exposure_else: Ints, turnover_else: Ints, settings: Settings) -> list[dict[str, Any]]:
    """Sum the list up; who is in the ledger but not on the sheet Customers has no file, and a line of its own before the total."""
    language = settings.language
    exposed, turned = int(exposure_else.sum()), int(turnover_else.sum())
    others: dict[str, Any] = {
        "customer_id": say("not_on_customers", language, count=f"{len(exposure_else):,}"),
        "exposure": exposed,
        "turnover_12": turned,
    }
    total = {
        "customer_id": say("total_report", language, currency=settings.report_currency),
        "exposure": int(exposure.sum()) + exposed,
        "turnover_12": int(turnover.sum()) + turned,
    }
    return [*([others] if len(exposure_else) else []), *([total] if len(exposure) or len(exposure_else) else [])]


def deep_tier(basis: Ints, settings: Settings) -> NDArray[np.bool_]:
    """Tell who is in the deep tier, by the rule of DDTIER; nobody without exposure is."""
    if not len(basis):
        return np.zeros(0, dtype=np.bool_)
    threshold = deep_from(basis.astype(np.float64), settings.dd_share, settings.dd_rule)
    return np.asarray((basis >= threshold) & (basis > 0), dtype=np.bool_)


def turnovers(book: CreditBook, found: Exposures, as_of: dt.date) -> Ints:
    """Sum what each customer bought in the twelve months to the day: invoices less credit notes, in the report currency."""
    sold = sales(book, found.exchange, as_of)
    sold = sold.filter(pa.array(ends(as_of, whole(sold, "span")) > np.datetime64(as_of, "D") - np.timedelta64(YEAR, "D")))
    place = {key: number for number, key in enumerate(found.customers)}
    who = np.array([place.get(customer, -1) for customer in texts(sold, "customer_id").tolist()], dtype=np.int64)
    signed = np.where(flags(sold, "billed"), 1, -1) * whole(sold, "worth")
    return np.maximum(sums(who + 1, signed, len(place) + 1)[1:], 0)


def _lacking(
    book: CreditBook, table: pa.Table, row_of: NDArray[np.int64], ids: NDArray[np.object_], deep: NDArray[np.bool_], settings: Settings
) -> list[list[str]]:
    """Say what a file lacks beside the verifications; a deep file needs more than a standard one."""
    language = settings.language
    numbers, countries = _texts(table, "register_no", row_of), _texts(table, "country", row_of)
    asked = (*STATEMENT, "first_trade", "credit_limit", "litigation_count", "bank_grade")
    blank = {key: np.asarray(pc.is_null(table[key]))[row_of] for key in asked}
    statement = np.any([blank[key] for key in STATEMENT], axis=0)
    agreed = book.tables["contracts"].select(["customer_id", "legal_review_date"]).to_pylist()
    contracts = {one["customer_id"] for one in agreed}
    reviewed = {one["customer_id"] for one in agreed if one["legal_review_date"]}
    made: list[list[str]] = []
    for row, (customer, number, country) in enumerate(zip(ids, numbers, countries, strict=True)):
        keys = ["no_number"] if not number else [] if _right(number, country) else ["bad_number"]
        keys += ["no_first_trade"] if blank["first_trade"][row] else []
        if deep[row]:
            keys += [key for key, lacks in (("no_statement", statement[row]), ("no_limit", blank["credit_limit"][row])) if lacks]
            keys += ["no_contract"] if customer not in contracts else ["no_legal_review"] if customer not in reviewed else []
            keys += [key for key, name in (("no_lawsuits", "litigation_count"), ("no_bank", "bank_grade")) if blank[name][row]]
        made.append([say(f"lacks_{key}", language) for key in keys])
    return made


def _right(number: str, country: str) -> bool:
    """Tell whether a register number can be right: only China's form is the one rule for all its companies."""
    return country != "CN" or register_check_word(number, "USCC") == VALID


def _share(deep: NDArray[np.bool_], exposure: Ints, settings: Settings) -> str:
    total = int(exposure.sum())
    mine = int(exposure[deep].sum())
    share = f" ({mine / total:.0%})" if total else ""
    return f"{int(deep.sum()):,} · {amount_text(mine, settings.report_currency)}{share}"


def _days(table: pa.Table, key: str, row_of: NDArray[np.int64]) -> NDArray[np.datetime64]:
    return np.asarray(table[key].to_numpy(zero_copy_only=False), dtype="datetime64[D]")[row_of]


def _texts(table: pa.Table, key: str, row_of: NDArray[np.int64]) -> NDArray[np.object_]:
    return np.array([text or "" for text in table[key].to_pylist()], dtype=object)[row_of]
