"""Escalation: whom to act on today. One row per overdue instalment, its level, its deadlines, and why it is held where it is.

The ladder says which level the days call for; the list goes up one level a run (a run is an as-of date, so refreshing twice on one day
changes nothing), only when the one before is carried out (*Level done*; by the setting *Go up a level* without that), and never sooner than
the ladder's days after it. The level of the run before stands in the sheet itself: `level`, `previous_level` and the day `level_since`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functions.aging import days_overdue
from functions.escalation import ACTIONS, level_of_days, next_action_date, next_level, promise_runs
from workbook.book import CreditBook
from workbook.findings import Finding
from workbook.labels import word
from workbook.reports.aging import settle_oldest_first
from workbook.reports.clocks import deadlines
from workbook.reports.common import Exchange, Items, amount_text, as_of_words, customer_names, group, late_items, sums
from workbook.reports.escalation_interest import late_interest_of, paid_late_block, placed
from workbook.reports.escalation_large import of_all
from workbook.reports.escalation_state import level_before, typed_cells
from workbook.reports.register_columns import WRAPPED_FROM
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE, Block, Column, Invariant, Sheet
from xladdin.registry import Rows, report

HOLD_WORDS = ("hold", "暂缓")
#: from this level on an insurer wants to be asked before anything is done
ASKS_INSURER = 2


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the escalation list; the last ones belong to the analyst."""
    language = settings.language

    def col(key: str, kind: Any, width: int, style: Any = "plain") -> Column:
        return Column(key, word(key, language), kind, width, style, wrap=kind == "text" and style == "plain" and width >= WRAPPED_FROM)

    return (
        col("document_no", "text", 15, "key"),
        col("instalment", "integer", 6, "key"),
        col("customer_id", "text", 12),
        col("name", "text", 28),
        col("currency", "text", 10),
        col("due_date", "date", 12),
        col("days_overdue", "integer", 10),
        col("open_amount", "amount", 15, "strong"),
        col("disputed", "amount", 14),
        col("level", "integer", 7, "strong"),
        col("action", "text", 21),
        col("next_date", "date", 12),
        col("interest", "amount", 13),
        col("held_because", "text", 30),
        col("next_clock", "date", 12),
        col("missed", "text", 44),
        col("clocks", "text", 80),
        col("reached_level", "integer", 9),
        col("previous_level", "integer", 8),
        col("level_since", "date", 12),
        col("owner", "text", 11, "input"),
        col("level_done", "integer", 9, "input"),
        col("promise_date", "date", 12, "input"),
        col("promise_amount", "amount", 14, "input"),
        col("override", "text", 10, "input"),
        col("note", "text", 24, "input"),
    )


@report(
    key="escalation",
    sheet="Escalation",
    label="Escalation",
    label_zh="升级清单",
    help="Whom to act on today: level, action, interest and deadlines of every overdue item, and why an item is held.",
    help_zh="今天该催谁：每笔逾期的级别、措施、利息和期限，以及暂缓原因。",
    columns=columns,
    order=2,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """List every overdue open instalment with its level of escalation on the day."""
    language, today = settings.language, np.datetime64(as_of, "D")
    everything, sums_of_all = late_items(book, settings, as_of)
    cash = settings.unapplied == "oldest first" and sums_of_all is None
    everything = before_cash = placed(everything)
    if cash:  # what the cash on account settles is not asked for
        everything = settle_oldest_first(everything)
    days = days_overdue(everything.dates("due_date"), today)
    items = everything.take(everything.applied & (days > 0))
    days = days_overdue(items.dates("due_date"), today)
    opened, due = items.money("open"), items.dates("due_date")
    typed = typed_cells(book.previous.get("escalation", {}), items)
    disputed = items.money("disputed")
    in_full = disputed >= opened
    promise = np.where(np.isnat(typed.dates["promise_date"]), items.dates("promise_date"), typed.dates["promise_date"])
    promised = promise_runs(promise, today, settings.promise_grace)
    reached = level_of_days(days, settings.ladder)
    before, unsure = level_before(typed, reached, today, skips=settings.skip_levels)
    most = None if settings.skip_levels else 1
    carried_out = np.nan_to_num(typed.numbers["level_done"], nan=0)
    done = carried_out >= before
    waits, next_from = _waits(typed.since, before, reached, today, settings)
    not_done = (settings.advance == "when done") & (before > 0) & (reached > before) & ~done
    small = opened < round(settings.minimum_open * MONEY_SCALE)
    override, hold, odd = _overrides(typed.texts["override"])
    unsure &= override < 0
    insolvent = _insolvent(book, items)
    held = in_full | promised | not_done | waits | hold | small | insolvent | unsure
    level = next_level(before, reached, held, most)
    level = np.where(override >= 0, override, level)
    reasons = np.full(len(opened), "", dtype=object)
    insured = (items.texts("policy_no") != "") & (level >= ASKS_INSURER)
    reasons[insured] = word("insured_first", language)
    for row in np.flatnonzero(waits).tolist():
        step = int(before[row])
        days_between = settings.ladder[step] - settings.ladder[step - 1]
        reasons[row] = word("held_wait", language, level=step + 1, before=step, date=next_from[row], days=days_between)
    reasons[small] = word("held_small", language)
    reasons[not_done] = [word("held_not_done", language, level=value) for value in before[not_done].tolist()]
    part = (disputed > 0) & ~in_full
    currencies = items.texts("currency")
    reasons[part] = [
        word("held_part", language, amount=amount_text(amount, currency))
        for amount, currency in zip(disputed[part].tolist(), currencies[part], strict=True)
    ]
    reasons[promised] = [word("held_promise", language, date=day) for day in promise[promised].tolist()]
    reasons[in_full] = word("held_disputed", language)
    reasons[hold] = word("held_override", language)
    reasons[unsure] = word("held_level_unknown", language)
    reasons[insolvent] = word("held_insolvent", language)
    since = np.where((level == before) & ~np.isnat(typed.since), typed.since, today)
    interest = late_interest_of(book, settings, before_cash, items, disputed, as_of, cash=cash)
    clocks = deadlines(book, items, settings, as_of)
    actions = np.asarray(ACTIONS[language], dtype=object)[level]
    actions[insolvent] = word("action_claim", language)
    next_date = _values(next_action_date(due, today, settings.ladder)).astype("datetime64[D]")
    next_date[insolvent] = np.datetime64("NaT", "D")
    customers = items.texts("customer_id")
    data: dict[str, Any] = {
        "document_no": items.texts("document_no"),
        "instalment": np.asarray(items.table["instalment"].to_pylist(), dtype=object),
        "customer_id": customers,
        "name": np.asarray(customer_names(book, customers, language), dtype=object),
        "currency": currencies,
        "due_date": due,
        "days_overdue": days,
        "open_amount": opened,
        "disputed": disputed,
        "level": level,
        "action": actions,
        "next_date": next_date,
        "interest": interest.amounts,
        "held_because": reasons,
        "next_clock": clocks.nearest,
        "missed": clocks.missed,
        "clocks": clocks.words,
        "reached_level": reached,
        "previous_level": before,
        "level_since": since,
    }
    order = np.lexsort((data["document_no"].astype(str), -opened, -days, held, -level))
    data = {key: values[order] for key, values in data.items()}
    lapsed = int((clocks.lapsed & ~insolvent).sum())
    blocks = [_by_customer(data, settings)] if len(opened) else []
    made = Sheet(
        report="escalation",
        name="Escalation",
        title=word("escalation_title", language),
        subtitle=as_of_words(settings, as_of, len(opened), "unit_overdue"),
        columns=columns(settings),
        data=data,
        key_columns=("document_no", "instalment"),
        totals=list(_totals(data, settings).values()),
        total_keys=_totals(data, settings),
        facts=_facts(book, data, held[order], settings, as_of),
        invariants=_invariants(everything, data, as_of, settings),
        notes=[*interest.notes, *([word("lapsed_note", language, count=lapsed)] if lapsed else [])],
        blocks=[*blocks, *([paid_late_block(book, interest.paid, settings)] if interest.paid else [])],
        codes={
            # an item whose level is not carried out yet is held there, but its letter is due; to the others nobody writes
            "no_letter": (in_full | promised | hold | small | insolvent | unsure)[order],
            "insolvent": insolvent[order],
            "insured": insured[order],
            "lapsed": clocks.lapsed[order],
            "carried_out": carried_out.astype(np.int64)[order],
            "terms": interest.terms[order],
            "paid_late": interest.paid,
        },
        problems=[*_not_understood(typed.odd, "promise_date", settings), *_not_understood(odd, "override", settings), *interest.problems],
    )
    return made if sums_of_all is None else of_all(made, sums_of_all, book, settings, as_of)


def _not_understood(cells: list[Any], column: str, settings: Settings) -> list[Finding]:
    """Say which typed cells have no effect, each once."""
    label = word(column, settings.language)
    return [
        Finding("Escalation", 0, label, word("not_understood", settings.language, value=str(cell)[:40]), str(cell), "warning")
        for cell in dict.fromkeys(cells)
    ]


def _overrides(texts: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.bool_], list[Any]]:
    """Read the column Override: a level 0 to 3, or the word hold; anything else has no effect and is returned to be told."""
    odd: list[Any] = []
    level = np.full(len(texts), -1, dtype=np.int64)
    hold = np.zeros(len(texts), dtype=np.bool_)
    for row in np.flatnonzero(texts != "").tolist():
        text = f"{texts[row]:g}" if isinstance(texts[row], (int, float)) else str(texts[row]).strip().casefold()
        if text in HOLD_WORDS:
            hold[row] = True
        elif text in ("0", "1", "2", "3"):
            level[row] = int(text)
        else:
            odd.append(texts[row])
    return level, hold, odd


def _values(answer: Any) -> NDArray[Any]:
    return np.asarray(answer.values if isinstance(answer, Rows) else answer)


def _waits(
    since: NDArray[np.datetime64], before: NDArray[np.int64], reached: NDArray[np.int64], today: np.datetime64, settings: Settings
) -> tuple[NDArray[np.bool_], NDArray[np.datetime64]]:
    """Tell which items would go up sooner than the ladder's days after the level before, and from when each may."""
    apart = np.diff(np.array(settings.ladder, dtype=np.int64), append=0)
    step = np.clip(before - 1, 0, len(settings.ladder) - 1)
    next_from: NDArray[np.datetime64] = since + apart[step].astype("timedelta64[D]")
    # a level that was reached today was waited for: the same day changes nothing
    waits = (before > 0) & (reached > before) & (since < today) & (next_from > today)
    return (waits & (not settings.skip_levels)), next_from


def _insolvent(book: CreditBook, items: Items) -> NDArray[np.bool_]:
    """Tell which items are owed by a customer in bankruptcy: they are claimed there, and nobody is sued."""
    customers = book.tables["customers"]
    rows = zip(customers["customer_id"].to_pylist(), customers["status"].to_pylist(), strict=True)
    names = [key for key, status in rows if key and status == "insolvent"]
    mask: NDArray[np.bool_] = np.isin(items.texts("customer_id").astype(str), names)
    return mask


def _summed(values: list[int | None]) -> int | None:
    """Sum interest; what holds interest that is not quantified yet has no sum."""
    return None if None in values else sum(value for value in values if value is not None)


def _totals(data: dict[str, Any], settings: Settings) -> dict[str, dict[str, Any]]:
    totals: dict[str, dict[str, Any]] = {}
    for currency in sorted(set(data["currency"].tolist())):
        mine = data["currency"] == currency
        totals[currency] = {
            "document_no": word("total", settings.language, currency=currency),
            "currency": currency,
            "open_amount": int(data["open_amount"][mine].sum()),
            "disputed": int(data["disputed"][mine].sum()),
            "interest": _summed(data["interest"][mine].tolist()),
        }
    return totals


def _facts(
    book: CreditBook, data: dict[str, Any], held: NDArray[np.bool_], settings: Settings, as_of: dt.date
) -> list[tuple[str, str]]:
    language, currency = settings.language, settings.report_currency
    converted, _ = Exchange(book, settings, as_of).convert(data["open_amount"], data["currency"])
    facts = []
    for level in (3, 2, 1):
        mine = (data["level"] == level) & ~held
        text = f"{int(mine.sum()):,} · {amount_text(int(converted[mine].sum()), currency)}"
        facts.append((word("fact_level", language, level=level), text))
    facts.append((word("fact_held", language), f"{int(held.sum()):,} · {amount_text(int(converted[held].sum()), currency)}"))
    return facts


def _invariants(everything: Items, data: dict[str, Any], as_of: dt.date, settings: Settings) -> list[Invariant]:
    """Check that the list holds, to the cent, what stands in the overdue buckets of an aging by due date."""
    late = everything.applied & (days_overdue(everything.dates("due_date"), np.datetime64(as_of, "D")) > 0)
    opened, currencies = everything.money("open"), everything.texts("currency")
    return [
        Invariant(
            word("check_overdue", settings.language),
            currency,
            int(data["open_amount"][data["currency"] == currency].sum()),
            int(opened[late & (currencies == currency)].sum()),
        )
        for currency in sorted(set(currencies[late].tolist()))
    ]


def _by_customer(data: dict[str, Any], settings: Settings) -> Block:
    """Sum the list by customer: whom to call first."""
    language = settings.language
    (customers, currencies), rows = group(data["customer_id"], data["currency"])
    count = len(customers)
    amount = sums(rows, data["open_amount"], count)
    highest, oldest = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    np.maximum.at(highest, rows, data["level"])
    np.maximum.at(oldest, rows, data["days_overdue"])
    names = dict(zip(data["customer_id"].tolist(), data["name"].tolist(), strict=True))
    order = np.lexsort((-amount, -highest))
    interest: list[list[int | None]] = [[] for _ in range(count)]
    for row, value in zip(rows.tolist(), data["interest"].tolist(), strict=True):
        interest[row].append(value)
    return Block(
        word("customer_summary", language),
        (
            # below the main table's columns of the same name, which printed pages and the frozen row repeat
            Column("blank", "", "text"),
            Column("items", word("items", language), "integer"),
            Column("customer_id", word("customer_id", language), "text", 12, "key"),
            Column("name", word("name", language), "text", 28),
            Column("currency", word("currency", language), "text"),
            Column("blank2", "", "text"),
            Column("oldest", word("oldest", language), "integer"),
            Column("open_amount", word("open_amount", language), "amount", 15, "strong"),
            Column("disputed", word("disputed", language), "amount"),
            Column("highest_level", word("highest_level", language), "integer"),
            Column("blank3", "", "text"),
            Column("blank4", "", "text"),
            Column("interest", word("interest", language), "amount"),
        ),
        {
            "customer_id": customers[order],
            "items": np.bincount(rows, minlength=count)[order],
            "blank": [None] * count,
            "name": [names[customer] for customer in customers[order]],
            "currency": currencies[order],
            "blank2": [None] * count,
            "blank3": [None] * count,
            "blank4": [None] * count,
            "oldest": oldest[order],
            "open_amount": amount[order],
            "disputed": sums(rows, data["disputed"], count)[order],
            "highest_level": highest[order],
            "interest": [_summed(interest[row]) for row in order.tolist()],
        },
    )
