"""Stress: what is left when the largest customers default at once, and how many weeks the cash lasts."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from workbook.book import CreditBook
from workbook.reports.common import Ints, amount_text, as_of_words, customer_names
from workbook.reports.default_rule import expected_losses
from workbook.reports.forecast_words import name
from workbook.reports.insurance_cover import Cover, covers, policies_of
from workbook.reports.receipts import EXPECTED, WEEKS, Receipts, by_place, receipts_of
from workbook.reports.scores_limits import default_chances
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE, Column, ColumnKind, Invariant, Sheet
from xladdin.registry import report

MOST: Final = 10
_SHOWN: Final[dict[str, tuple[ColumnKind, int]]] = {
    "failing": ("integer", 11), "who_fails": ("text", 40), "lost": ("amount", 18), "lost_share": ("rate", 14),
    "expected_rest": ("amount", 18), "insured_part": ("amount", 18), "pays_after": ("integer", 11), "net_loss": ("amount", 18),
    "missing_receipts": ("amount", 18),
    "cash_4": ("amount", 18), "cash_13": ("amount", 18), "lowest": ("amount", 18), "runway": ("number", 11),
    "runway_lost": ("number", 11), "runs_out": ("date", 12),
}  # fmt: skip
_STYLES: Final[dict[str, Any]] = {"failing": "key", "net_loss": "strong", "runway": "strong"}


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the report; the last ones belong to the analyst."""
    language = settings.language
    return (
        *(
            Column(key, name(key, language), kind, width, _STYLES.get(key, "plain"), wrap=key == "who_fails")
            for key, (kind, width) in _SHOWN.items()
        ),
        Column("owner", name("owner", language), "text", 12, "input"),
        Column("note", name("note", language), "text", 28, "input"),
    )


@report(
    key="stress",
    sheet="Stress",
    label="Stress",
    label_zh="压力测试",
    help="The largest customers default at once: receivables lost, what the insurer pays, and how many weeks the cash lasts.",
    help_zh="最大客户同时违约：应收损失、保险赔付及现金可支撑周数。",
    columns=columns,
    order=15,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """Let none, one, two … ten of the largest customers default, and follow the cash of thirteen weeks."""
    language, currency = settings.language, settings.report_currency
    cover, made = covers(book, settings, as_of), receipts_of(book, settings, as_of)
    owed = cover.balance
    ranked = np.argsort(-owed, kind="stable")
    ranked = ranked[owed[ranked] > 0][:MOST]
    names = customer_names(book, np.array(cover.found.customers, dtype=object)[ranked], language)
    waiting = _waiting(book, cover)
    losses = expected_losses(cover.found, default_chances(book, cover.found, settings, as_of), settings)
    cases = [_case(made, cover, ranked[:count], waiting, settings, as_of) for count in range(len(ranked) + 1)]
    for count, case in enumerate(cases):
        case["expected_rest"] = int(losses.sum() - losses[ranked[:count]].sum())
    told = bool(settings.weekly_costs)
    outstanding = int(owed.sum())
    data: dict[str, list[Any]] = {key: [case.get(key) for case in cases] for key in _SHOWN}
    data["failing"] = list(range(len(cases)))
    data["who_fails"] = [
        name("nobody", language) if not count else names[0] if count == 1 else name("and_before", language, name=names[count - 1])
        for count in range(len(cases))
    ]
    data["lost_share"] = [case["lost"] / outstanding if outstanding else None for case in cases]
    data["runway_lost"] = [cases[0]["runway"] - case["runway"] if told and case["runway"] is not None else None for case in cases]
    facts = []
    if told and len(cases) > 1:
        facts = [
            (name(label, language, count=len(ranked)), name("weeks", language, weeks=cases[at]["runway"]))
            for label, at in (("fact_base", 0), ("fact_one", 1), ("fact_all", -1))
        ]
    if len(cases) > 1:
        facts.append((name("fact_loss", language), amount_text(cases[1]["net_loss"], currency)))
    return Sheet(
        report="stress",
        name="Stress",
        title=name("stress_title", language),
        subtitle=as_of_words(settings, as_of, int((owed > 0).sum()), "unit_customers"),
        columns=columns(settings),
        data=data if len(cases) > 1 else {key: [] for key in data},
        key_columns=("failing",),
        facts=facts,
        notes=[*([] if told else [name("no_costs", language)]), name("stress_how", language)],
        invariants=[
            Invariant(name("check_parts", language), code, int(made.units[made.currency == code].sum()), amount)
            for code, amount in sorted(made.found.ledger.items())
        ],
        problems=[*cover.problems, *cover.found.exchange.problems],
    )


def _waiting(book: CreditBook, cover: Cover) -> NDArray[np.float64]:
    """Return the longest waiting period of each customer's policies in days; NaN where none says."""
    days = {number: row["waiting_days"] for number, row in policies_of(book).items()}
    made = np.full(len(cover.policies), np.nan)
    for row, text in enumerate(cover.policies):
        known = [days[number] for number in text.split(", ") if days.get(number) is not None]
        if known:
            made[row] = max(known)
    return made


def _case(
    made: Receipts, cover: Cover, failing: Ints, waiting: NDArray[np.float64], settings: Settings, as_of: dt.date
) -> dict[str, Any]:
    """Work out one case: who defaults pays nothing more; the insurer pays its part when the waiting period is over."""
    lost, insured = int(cover.balance[failing].sum()), int(cover.insured[failing].sum())
    known = failing[cover.insured[failing] > 0]
    after = waiting[known]
    paid = cover.insured[known]
    receipts = by_place(made, EXPECTED, ~np.isin(made.who, failing))[:WEEKS]
    every = by_place(made, EXPECTED)[:WEEKS]
    case: dict[str, Any] = {
        "lost": lost,
        "insured_part": insured,
        "net_loss": lost - insured,
        "pays_after": int(np.nanmax(after)) if len(after) and not np.isnan(after).all() else None,
        "missing_receipts": int(every.sum() - receipts.sum()),
        "runway": None,
    }
    if not settings.weekly_costs:
        return case
    flows = receipts.astype(np.float64)
    for days, amount in zip(after.tolist(), paid.tolist(), strict=True):
        week = int(np.ceil(days / 7)) - 1 if not np.isnan(days) else WEEKS  # a policy that does not say when pays too late to count
        if max(week, 0) < WEEKS:
            flows[max(week, 0)] += amount
    costs = settings.weekly_costs * MONEY_SCALE
    path = np.rint(settings.own_cash * MONEY_SCALE + np.cumsum(flows) - costs * np.arange(1, WEEKS + 1)).astype(np.int64)
    start = settings.own_cash * MONEY_SCALE
    out = np.flatnonzero(path < 0)
    if len(out):  # within the week in which the costs are no longer covered, spent evenly
        week = int(out[0])
        before = start if week == 0 else float(path[week - 1])
        runway = week + (before + flows[week]) / costs
    else:
        runway = WEEKS + float(path[-1]) / costs
    case |= {"cash_4": int(path[3]), "cash_13": int(path[-1]), "lowest": int(path.min()), "runway": round(runway, 2)}
    case["runs_out"] = as_of + dt.timedelta(days=int(runway * 7)) if runway < 520 else None  # ten years is for ever
    return case
