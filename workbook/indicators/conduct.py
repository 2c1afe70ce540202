"""Indicators of conduct: how a customer pays, buys, orders, disputes and keeps promises, over windows that end on a day."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from functions.warning_signals import TRAILING_MONTHS, median_slopes, swings
from workbook.indicators.scene import Dates, Events, Numbers, Scene, inside, largest_of, number_of, ratio, sampled, total_of
from workbook.questions.columns import dates, numbered, numbers
from workbook.questions.spans import WINDOWS

YEAR = 365
_MONTH = 365.25 / 12
#: customers whose trends are worked out at once: 1,770 pairs each
_TOGETHER = 2_000


def payments(scene: Scene, until: np.datetime64) -> dict[str, Numbers]:
    """Work out how each customer paid."""
    made: dict[str, Numbers] = {}
    for window in WINDOWS:
        now, before = (_paid(scene, inside(scene.payments, until, window, shift)) for shift in (0, 1))
        now["late_rise"] = now["late_mean"] - before["late_mean"]
        now["days_to_pay_rise"] = now["days_to_pay"] - before["days_to_pay"]
        now["receipts_change"] = ratio(now["received"], before["received"]) - 1
        now["payments_change"] = ratio(now["number"], before["number"]) - 1
        both = ("late_rise", "days_to_pay_rise")
        falls = ("receipts_change", "payments_change")  # the fewer came, the worse: the sample is that of the window before
        plain = [key for key in now if key not in {"received", "number", *both, *falls}]
        made |= sampled(now, f"_{window}", now["number"], plain)
        made |= sampled(now, f"_{window}", np.minimum(now["number"], before["number"]), both)
        made |= sampled(now, f"_{window}", before["number"], falls)
    made["average_days_late"] = made[f"late_mean_{YEAR}"]
    made["average_days_late_sample"] = made[f"late_mean_{YEAR}_sample"]
    made["payment_trend"] = _trends(scene, until)
    made["payment_trend_sample"] = number_of(scene.payments, inside(scene.payments, until, YEAR), scene.count)
    return made


def _paid(scene: Scene, mask: np.ndarray) -> dict[str, Numbers]:
    count, who, more = scene.count, scene.payments.who[mask], scene.payments.more

    def total(values: Numbers) -> Numbers:
        return total_of(who, values[mask], count)

    number, received, late = total(scene.payments.number), total(scene.payments.worth), total(more["late"])
    # whole numbers to the end: the square of the spread is a difference of large ones
    square = ratio(number * total(more["square"]) - late**2, number**2)
    return {
        "number": number,
        "received": received,
        "late_mean": ratio(total(more["behind"]), number),
        "late_signed": ratio(late, number),
        "late_max": largest_of(who, more["most"][mask], count),
        "late_share": ratio(total(more["over_0"]), number),
        "over30_share": ratio(total(more["over_30"]), number),
        "over60_share": ratio(total(more["over_60"]), number),
        "late_weighted": ratio(total(more["behind_amount"]), received),
        "late_amount_share": ratio(total(more["late_amount"]), received),
        "days_to_pay": ratio(total(more["taken"]), number),
        "late_spread": np.sqrt(square),
    }


def _trends(scene: Scene, until: np.datetime64) -> Numbers:
    """Find each customer's slope of days late over months; customers with equally many payments are worked out together."""
    rows = scene.latest.filter(scene.latest["now" if until == scene.as_of else "then"])
    who = numbered(rows, "customer_id", scene.found.customers)
    rows, who = rows.filter(pa.array(who >= 0)), who[who >= 0]
    days, months = numbers(rows, "late"), (dates(rows, "due") - scene.as_of).astype(np.float64) / _MONTH
    order = np.argsort(who, kind="stable")  # payments are in the order of their due dates
    sizes = np.bincount(who, minlength=scene.count)
    ends = np.cumsum(sizes)
    made = np.full(scene.count, np.nan)
    for size in np.unique(sizes[sizes > 1]).tolist():
        alike = np.flatnonzero(sizes == size)
        for first in range(0, len(alike), _TOGETHER):
            mine = alike[first : first + _TOGETHER]
            at = order[ends[mine, None] - size + np.arange(size)[None, :]]
            made[mine] = median_slopes(months[at], days[at])
    return made


def sales(scene: Scene, until: np.datetime64) -> dict[str, Numbers]:
    """Work out what each customer buys, and how it is paid."""
    made: dict[str, Numbers] = {}
    count, invoices = scene.count, scene.invoices
    year = inside(invoices, until, YEAR)
    mean = ratio(total_of(invoices.who[year], invoices.worth[year], count), number_of(invoices, year, count))
    for window in WINDOWS:
        now, before = (_sold(scene, until, window, shift) for shift in (0, 1))
        paid = inside(scene.payments, until, window)
        received = total_of(scene.payments.who[paid], scene.payments.worth[paid], count)
        mine = inside(invoices, until, window)
        columns = {
            "sales_change": ratio(now["net"], before["net"]) - 1,
            "invoices_change": ratio(now["number"], before["number"]) - 1,
            "invoice_mean_change": ratio(ratio(now["gross"], now["number"]), np.nan_to_num(ratio(before["gross"], before["number"]))) - 1,
            "largest_invoice_ratio": ratio(largest_of(invoices.who[mine], invoices.more["most"][mine], count), np.nan_to_num(mean)),
            "credit_note_share": ratio(now["credited"], now["gross"]),
            "credit_days": now["terms"],
            "credit_days_rise": now["terms"] - before["terms"],
            "collection_rate": ratio(received, now["net"]),
            "share_of_sales": now["net"] / now["net"].sum() if now["net"].sum() > 0 else np.full(count, np.nan),
        }
        earlier = ("sales_change", "invoices_change")  # who stops buying has no invoices now
        made |= sampled(columns, f"_{window}", before["number"], earlier)
        made |= sampled(columns, f"_{window}", np.minimum(now["number"], before["number"]), ("invoice_mean_change", "credit_days_rise"))
        made |= sampled(columns, f"_{window}", number_of(invoices, year, count), ("largest_invoice_ratio",))
        plain = [key for key in columns if f"{key}_{window}" not in made]
        made |= sampled(columns, f"_{window}", now["number"], plain)
    made["_seen_invoice"] = _since(invoices, until, count)
    return made


def _sold(scene: Scene, until: np.datetime64, window: int, shift: int) -> dict[str, Numbers]:
    count, invoices, notes = scene.count, scene.invoices, scene.credits
    mine, back = inside(invoices, until, window, shift), inside(notes, until, window, shift)
    gross = total_of(invoices.who[mine], invoices.worth[mine], count)
    credited = total_of(notes.who[back], notes.worth[back], count)
    return {
        "gross": gross,
        "credited": credited,
        "net": np.maximum(gross - credited, 0),
        "number": number_of(invoices, mine, count),
        "terms": ratio(total_of(invoices.who[mine], invoices.more["terms"][mine], count), gross),
    }


def orders(scene: Scene, until: np.datetime64) -> dict[str, Numbers]:
    """Work out what each customer orders."""
    made: dict[str, Numbers] = {}
    count, events = scene.count, scene.orders
    for window in WINDOWS:
        now, before = (inside(events, until, window, shift) for shift in (0, 1))
        amount, amount_before = (total_of(events.who[mask], events.worth[mask], count) for mask in (now, before))
        number, number_before = (number_of(events, mask, count) for mask in (now, before))
        billed = inside(scene.invoices, until, window)
        sold = total_of(scene.invoices.who[billed], scene.invoices.worth[billed], count)
        columns = {
            "orders_change": ratio(amount, amount_before) - 1,
            "order_count_change": ratio(number, number_before) - 1,
            "order_mean_change": ratio(ratio(amount, number), np.nan_to_num(ratio(amount_before, number_before))) - 1,
            "orders_to_sales": ratio(amount, sold),
        }
        made |= sampled(columns, f"_{window}", number_before, ("orders_change", "order_count_change", "order_mean_change"))
        ever = number_of(events, events.day <= until, count)
        made |= sampled(columns, f"_{window}", ever, ("orders_to_sales",))
    year = inside(events, until, YEAR)
    ordered = total_of(events.who[year], events.worth[year], count)
    made["uninvoiced_share"] = ratio(total_of(events.who[year], events.more["rest"][year], count), ordered)
    made["uninvoiced_share_sample"] = number_of(events, year, count)
    made["days_since_order"] = _since(events, until, count)
    made["order_swing"], made["order_swing_sample"] = _swings(scene, until)
    return made


def monthly(events: Events, edges: Dates, values: Numbers, count: int) -> Numbers:
    """Sum values by customer and month: count x (len(edges) - 1); a month ends on its edge."""
    month = np.searchsorted(edges, events.day, side="left") - 1
    keep = (month >= 0) & (month < len(edges) - 1)
    at = events.who[keep] * (len(edges) - 1) + month[keep]
    made: Numbers = np.bincount(at, weights=values[keep], minlength=count * (len(edges) - 1)).astype(np.float64)
    return made.reshape(count, len(edges) - 1)


def month_edges(until: np.datetime64, months: int) -> Dates:
    """Return the ends of the last full calendar months, oldest first: months + 1 days; the day itself ends its month if it is the last."""
    first = (until + np.timedelta64(1, "D")).astype("datetime64[M]")  # of the month that is not over
    starts: Dates = (first - np.arange(months, -1, -1).astype("timedelta64[M]")).astype("datetime64[D]")
    return starts - np.timedelta64(1, "D")


def _swings(scene: Scene, until: np.datetime64) -> tuple[Numbers, Numbers]:
    """Swing of the last full month, and how many months of orders came before it."""
    edges = month_edges(until, TRAILING_MONTHS + 1)
    by_month = monthly(scene.orders, edges, scene.orders.worth, scene.count)
    ordered = np.cumsum(by_month, axis=1) > 0
    # orders of before the first month tell that the customer was there already
    early = number_of(scene.orders, scene.orders.day <= edges[0], scene.count) > 0
    months = np.where(early, TRAILING_MONTHS, ordered[:, :-1].sum(axis=1))
    return swings(by_month), months.astype(np.float64)


def disputes(scene: Scene, until: np.datetime64) -> dict[str, Numbers]:
    """Work out what each customer disputes."""
    made: dict[str, Numbers] = {}
    count, events = scene.count, scene.disputes
    for window in WINDOWS:
        mine, billed = inside(events, until, window), inside(scene.invoices, until, window)
        number = number_of(events, mine, count)
        invoices = number_of(scene.invoices, billed, count)
        sold = total_of(scene.invoices.who[billed], scene.invoices.worth[billed], count)
        columns = {
            "disputes_opened": number,
            "disputed_sales_share": ratio(total_of(events.who[mine], events.worth[mine], count), sold),
            "disputed_invoices_share": ratio(number, invoices),
        }
        made |= sampled(columns, f"_{window}", invoices, ("disputed_sales_share", "disputed_invoices_share"))
        made[f"disputes_opened_{window}"] = number
    suffix = "" if until == scene.as_of else "_then"
    made["open_disputes"] = total_of(events.who, events.more[f"open{suffix}"], count)
    made["dispute_age"] = largest_of(events.who, _days_since(events.more[f"first{suffix}"], until), count)
    made["dispute_age_sample"] = made["open_disputes"]
    made["_disputed"] = total_of(events.who, events.more[f"open{suffix}_amount"], count)
    return made


def promises(scene: Scene, until: np.datetime64) -> dict[str, Numbers]:
    """Work out how each customer keeps its promises."""
    made: dict[str, Numbers] = {}
    count, events = scene.count, scene.promises
    broken = events.more["broken"].astype(np.bool_)
    for window in WINDOWS:
        due = inside(events, until, window)
        number = number_of(events, due & broken, count)
        made[f"promises_broken_{window}"] = number
        made[f"promises_broken_share_{window}"] = ratio(number, number_of(events, due, count))
        made[f"promises_broken_share_{window}_sample"] = number_of(events, due, count)
        made[f"_broken_{window}"] = total_of(events.who[due & broken], events.worth[due & broken], count)
    running = events.more["running"].astype(np.bool_)
    made["_promised"] = total_of(events.who[running], events.worth[running], count)
    made["promise_reach"] = largest_of(events.who[running], (events.day[running] - until).astype(np.float64), count)
    made["promise_reach_sample"] = number_of(events, running, count)
    return made


def _since(events: Events, until: np.datetime64, count: int) -> Numbers:
    """Days since a customer's last event; NaN where there was none."""
    past = events.day <= until
    last = events.more.get("last", events.day)[past]
    return -largest_of(events.who[past], -_days_since(last, until), count)


def _days_since(days: Dates, until: np.datetime64) -> Numbers:
    """Count the days since days; NaN for none."""
    made: Numbers = np.where(np.isnat(days), np.nan, (until - days).astype(np.float64))
    return made


def since_payment(scene: Scene, until: np.datetime64) -> Numbers:
    """Days since the last payment; NaN where none is known."""
    return _since(scene.payments, until, scene.count)
