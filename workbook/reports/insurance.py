"""Insurance: are we covered, for how much, and what stays with us."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np

from workbook.book import CreditBook
from workbook.reports.common import Ints, amount_text, as_of_words, customer_names
from workbook.reports.exposure import converted
from workbook.reports.insurance_clocks import ItemClocks, clocks_block, item_clocks
from workbook.reports.insurance_cover import Cover, covers
from workbook.reports.insurance_price import concentration_block, recommendation, structures_block
from workbook.reports.insurance_structures import structures
from workbook.reports.insurance_words import tell
from workbook.reports.register_columns import OWNER_NOTE, WRAPPED_FROM
from workbook.settings import Settings
from workbook.sheet import Column, ColumnKind, Invariant, Sheet
from xladdin.registry import report

_WIDTHS: Final[dict[str, tuple[ColumnKind, int]]] = {
    "customer_id": ("text", 12), "name": ("text", 28), "policy": ("text", 13), "outstanding": ("amount", 16),
    "insurable": ("amount", 16), "insured_limit": ("amount", 15), "cover": ("rate", 9), "insured": ("amount", 16),
    "uninsured": ("amount", 16), "uninsured_why": ("text", 44), "no_policy": ("amount", 15), "disputed_insured": ("amount", 15),
    "broken": ("integer", 9), "at_risk": ("amount", 14),
}  # fmt: skip
#: a part of the balance is named as a reason from one unit of the report currency on
_SMALL: Final = 10_000


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the report; the last ones belong to the analyst."""
    language = settings.language
    styles: dict[str, Any] = {"customer_id": "key", "uninsured": "strong"}
    shown = [
        Column(key, tell(key, language), kind, width, styles.get(key, "plain"), wrap=kind == "text" and width >= WRAPPED_FROM)
        for key, (kind, width) in _WIDTHS.items()
    ]
    return (*shown, *(Column(key, tell(key, language), kind, width, "input") for key, (kind, width) in OWNER_NOTE.items()))


@report(
    key="insurance",
    sheet="Insurance",
    label="Insurance",
    label_zh="信用保险",
    help="Are we covered, at what price: insured and uninsured parts, the insurer's clocks, and whole turnover against named buyers.",
    help_zh="保障与价格：已投保与未投保部分、保险期限，以及全部营业额与指定买家方案比较。",
    columns=columns,
    order=6,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """List every customer with a balance: what of it is insured and why the rest is not, the largest uninsured part first."""
    language, currency = settings.language, settings.report_currency
    cover = covers(book, settings, as_of)
    found = cover.found
    clocks = item_clocks(book, settings, as_of)
    missed, at_risk = _missed(clocks, cover)
    problems = [*cover.problems, *clocks.problems, *found.exchange.problems]
    shown = np.flatnonzero(found.outstanding != 0)
    order = shown[np.lexsort((-found.outstanding[shown], -cover.uninsured[shown]))]
    ids = np.array(found.customers, dtype=object)[order]
    parts = cover.reasons
    data: dict[str, Any] = {
        "customer_id": ids,
        "name": customer_names(book, ids, language),
        "policy": [cover.policies[row] for row in order],
        "outstanding": found.outstanding[order],
        "insurable": cover.insurable[order],
        "insured_limit": [int(value) if np.isfinite(value) else None for value in cover.limit[order]],
        "cover": [float(value) if np.isfinite(value) else None for value in cover.cover[order]],
        "insured": cover.insured[order],
        "uninsured": cover.uninsured[order],
        "uninsured_why": [_why(cover, parts, row, settings) for row in order.tolist()],
        "no_policy": [int(amount) or None for amount in cover.no_policy[order]],
        "disputed_insured": [int(amount) or None for amount in cover.disputed[order]],
        "broken": [int(count) or None for count in missed[order]],
        "at_risk": [int(amount) or None for amount in at_risk[order]],
    }
    total: dict[str, Any] = {
        "customer_id": tell("total_report", language, currency=currency),
        **{key: int(sum(amount or 0 for amount in data[key])) for key in ("outstanding", "insurable", "insured", "uninsured", "at_risk")},
    }
    balance = int(cover.balance.sum())
    compared = structures(book, cover, settings, as_of) if balance else []
    blocks = (
        structures_block(compared, settings) if compared else None,
        concentration_block(cover, settings),
        clocks_block(clocks, as_of, settings),
    )
    limited = np.isfinite(cover.limit)
    return Sheet(
        report="insurance",
        name="Insurance",
        title=tell("insurance_title", language),
        subtitle=as_of_words(settings, as_of, len(order), "unit_customers"),
        columns=columns(settings),
        data=data,
        key_columns=("customer_id",),
        totals=[total] if len(order) else [],
        total_keys={currency: total} if len(order) else {},
        facts=[
            (tell("fact_insured", language), _share(total["insured"], balance, currency)),
            (tell("fact_uninsured", language), _share(total["uninsured"], balance, currency)),
            (tell("fact_over_insured", language), amount_text(int(parts["why_over"][limited].sum()), currency)),
            (tell("fact_at_risk", language), f"{int(missed.sum()):,} · {amount_text(total['at_risk'], currency)}"),
            *([(tell("fact_recommended", language), recommendation(compared, settings))] if compared else []),
        ],
        notes=[finding.message for finding in problems],
        invariants=_invariants(cover, total, settings),
        blocks=[block for block in blocks if block],
        problems=problems,
    )


def _why(cover: Cover, parts: dict[str, Ints], row: int, settings: Settings) -> str:
    """Say why a part of the balance is not insured, with its amounts."""
    language, currency = settings.language, settings.report_currency
    unlimited = bool(np.isnan(cover.limit[row]))
    words = [
        tell("why_no_limit" if key == "why_over" and unlimited else key, language, amount=amount_text(int(amounts[row]), currency))
        for key, amounts in parts.items()
        if amounts[row] >= _SMALL
    ]
    return ("；" if language == "zh" else "; ").join(words)


def _missed(clocks: ItemClocks, cover: Cover) -> tuple[Ints, Ints]:
    """Count by customer the items with a missed clock, and what is open on them without disputes, in the report currency."""
    items, broken = clocks.items.take(clocks.broken), int(clocks.broken.sum())
    place = {key: number for number, key in enumerate(cover.found.customers)}
    customers = items.texts("customer_id")
    opened = items.money("open") - items.money("disputed")
    amounts, _ = converted(customers, items.texts("currency"), opened, place, cover.found.exchange)
    count = np.zeros(len(place), dtype=np.int64)
    if broken:
        np.add.at(count, [place[customer] for customer in customers], 1)
    return count, amounts


def _share(amount: int, whole: int, currency: str) -> str:
    return f"{amount_text(amount, currency)}{f' ({amount / whole:.0%})' if whole else ''}"


def _invariants(cover: Cover, total: dict[str, Any], settings: Settings) -> list[Invariant]:
    """Check that the report holds the outstanding of Scores and limits, and its parts the ledger's own sums."""
    language, found = settings.language, cover.found
    given_back = int(np.minimum(found.outstanding, 0).sum())
    left = total["insured"] + total["uninsured"] + given_back
    parts = [
        Invariant(tell("check_parts", language), code, cover.by_currency.get(code, 0), amount)
        for code, amount in sorted(found.ledger.items())
    ]
    return [Invariant(tell("check_insured", language), settings.report_currency, left, int(found.outstanding.sum())), *parts]
