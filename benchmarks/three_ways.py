"""Aging, the summary of Escalation and the control sum of a ledger in Parquet: ours, DuckDB's SQL written by hand, straightforward pandas.

    python -m benchmarks.three_ways ours|sql|pandas|pandas-arrow FOLDER [--cores N]

A process of its own for each way, which imports nothing of the others. Prints the open amount, and whether the way checked it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import own_gigabytes

AS_OF = dt.date(2026, 6, 30)
RATES = {"CNY": 1.0, "USD": 7.1}
LARGEST = 1_000

_SQL = f"""
CREATE TEMP TABLE items AS
WITH invoices AS (
    SELECT document_no, customer_id, currency, due_date, amount, coalesce(disputed_amount, 0) AS disputed FROM ledger
    WHERE document_type = 'invoice' AND document_date <= DATE '{AS_OF}' AND (settled_date IS NULL OR settled_date > DATE '{AS_OF}')
), paid AS (
    SELECT reference, customer_id, currency, sum(amount) AS paid FROM ledger
    WHERE document_type = 'payment' AND reference IS NOT NULL AND document_date <= DATE '{AS_OF}' GROUP BY ALL
), matched AS (
    SELECT coalesce(i.customer_id, p.customer_id) AS customer_id, coalesce(i.currency, p.currency) AS currency, i.document_no, i.due_date,
           i.amount, i.disputed, coalesce(p.paid, 0) AS paid
    FROM invoices i FULL JOIN paid p ON i.document_no = p.reference AND i.customer_id = p.customer_id AND i.currency = p.currency
)
SELECT 'item' AS kind, document_no, customer_id, currency, due_date, amount - paid AS open, least(disputed, amount - paid) AS disputed
FROM matched WHERE amount > paid
UNION ALL SELECT 'unapplied', document_no, customer_id, currency, due_date, coalesce(amount, 0) - paid, 0 FROM matched WHERE paid > coalesce(amount, 0)
UNION ALL SELECT 'unapplied', document_no, customer_id, currency, NULL, -amount, 0 FROM ledger
WHERE document_type = 'payment' AND reference IS NULL AND document_date <= DATE '{AS_OF}'
"""
_LATE = f"date_diff('day', due_date, DATE '{AS_OF}')"
_BUCKET = f"CASE WHEN kind = 'unapplied' THEN -1 WHEN {_LATE} <= 0 THEN 0 WHEN {_LATE} <= 30 THEN 1 WHEN {_LATE} <= 60 THEN 2 WHEN {_LATE} <= 90 THEN 3 WHEN {_LATE} <= 180 THEN 4 ELSE 5 END"
_LEVEL = f"CASE WHEN {_LATE} >= 90 THEN 3 WHEN {_LATE} >= 60 THEN 2 WHEN {_LATE} >= 30 THEN 1 ELSE 0 END"


_begun = 0.0


def begin() -> None:
    """Begin the work: what it needs is loaded."""
    global _begun  # noqa: PLW0603 - one process, one way
    _begun = time.perf_counter()


def ours(place: Path) -> float:
    """Ask what `xladdin refresh --report aging --report escalation` asks of a ledger, in the product's own way."""
    from xladdin.lean import collect_rarely, leave_out_pandas

    leave_out_pandas()  # as every command does
    collect_rarely()
    from workbook.large.ledger import open_ledger
    from workbook.large.sums import by_bucket, largest_late, late
    from workbook.settings import Settings

    class Rates:
        currency = "CNY"

        def known_rate(self, currency: str) -> float | None:
            return RATES.get(currency)

    settings = Settings()
    begin()
    large = open_ledger(str(place))
    assert large is not None
    table = by_bucket(large, settings, AS_OF, Rates())
    late(large, AS_OF, settings.ladder)
    largest_late(large, AS_OF, RATES, LARGEST, [])
    total = sum(table["open"].to_pylist()) / 10_000
    assert round(total, 2) == round(sum(large.control(AS_OF).values()) / 10_000, 2)
    large.engine.close()
    return total


def sql(place: Path) -> float:
    """Ask the same in SQL written by hand for this very ledger."""
    import duckdb
    import pyarrow as pa  # noqa: F401 - DuckDB answers in it

    begin()
    with duckdb.connect(config={"memory_limit": "2500MB", "preserve_insertion_order": False}) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"CREATE VIEW ledger AS SELECT * FROM '{place}/*.parquet'")
        connection.execute(_SQL)
        aging = connection.sql(f"SELECT customer_id, currency, {_BUCKET} AS bucket, sum(open) AS open, sum(disputed) FROM items GROUP BY ALL").to_arrow_table()
        connection.sql(f"SELECT currency, {_LEVEL} AS level, disputed >= open AS contested, count(*), sum(open) FROM items WHERE kind = 'item' AND {_LATE} > 0 GROUP BY ALL").to_arrow_table()
        connection.sql(f"SELECT * FROM items WHERE kind = 'item' AND {_LATE} > 0 ORDER BY open * CASE currency WHEN 'USD' THEN 7.1 ELSE 1 END DESC LIMIT {LARGEST}").to_arrow_table()
        connection.sql(f"""SELECT customer_id, currency, sum(CASE WHEN document_type = 'payment' THEN -amount WHEN settled_date <= DATE '{AS_OF}' THEN 0 ELSE amount END)
                           FROM ledger WHERE document_date <= DATE '{AS_OF}' GROUP BY ALL""").to_arrow_table()
        return float(sum(aging["open"].to_pylist()))


def pandas(place: Path) -> float:
    """Apply the same rules in pandas, as an analyst writes them, with pandas' own types."""
    import numpy as np  # noqa: F401
    import pandas as pd
    import pyarrow.parquet as pq  # noqa: F401 - pandas reads with it

    begin()
    frame = pd.read_parquet(place)
    for key in ("document_date", "due_date", "settled_date"):
        frame[key] = pd.to_datetime(frame[key])
    return _in_pandas(frame)


def pandas_arrow(place: Path) -> float:
    """Do so with the types that Arrow keeps, which is quicker to read."""
    import numpy as np  # noqa: F401
    import pandas as pd
    import pyarrow.parquet as pq  # noqa: F401 - pandas reads with it

    begin()
    frame = pd.read_parquet(place, dtype_backend="pyarrow")
    for key in ("document_date", "due_date", "settled_date"):
        frame[key] = frame[key].astype("timestamp[s][pyarrow]").astype("datetime64[s]")
    return _in_pandas(frame)


def _in_pandas(frame: Any) -> float:
    """Settle on the row, then payments, then credit notes; unapplied amounts, disputes, instalments, buckets, levels, the largest, the control sum."""
    import numpy as np
    import pandas as pd

    day = pd.Timestamp(AS_OF)
    account, document = ["customer_id", "currency"], ["document_no", "customer_id", "currency"]
    for key in ("settled_amount", "instalment"):  # columns a ledger may have
        if key not in frame:
            frame[key] = np.nan
    for key in ("amount", "disputed_amount", "settled_amount"):
        frame[key] = (frame[key].astype(float) * 100).round()  # cents, so that sums are exact
    frame = frame[frame[["amount", "document_type", "currency", "document_date"]].notna().all(axis=1)]
    frame = frame[frame["document_date"] <= day]
    # a negative invoice is a credit note, a negative credit note or adjustment a charge
    negative = frame["amount"] < 0
    invoice = frame["document_type"] == "invoice"
    charge = (invoice & ~negative) | (frame["document_type"].isin(["credit note", "adjustment"]) & negative)
    amount = frame["amount"].where(~(charge | invoice), frame["amount"].abs())
    by_then = frame["settled_date"] <= day
    stated = frame["settled_amount"]
    settled = stated.fillna(amount).where(by_then, stated.where(frame["settled_date"].isna()).fillna(0))
    frame = frame.assign(amount=amount, open0=amount - settled, disputed=frame["disputed_amount"].fillna(0))
    charges = frame[charge & (frame["open0"] != 0)]
    reductions = frame[~charge & (frame["open0"] != 0)]
    free = reductions[reductions["reference"].isna()]
    given = reductions[reductions["reference"].notna()]
    pays = given["document_type"].isin(["payment", "advance"])
    given = given.assign(payments=given["open0"].where(pays, 0), credits=given["open0"].where(~pays, 0)).rename(columns={"document_no": "own_no"})
    given = given.groupby(["reference", *account], as_index=False)[["payments", "credits"]].sum().rename(columns={"reference": "document_no"})
    # payments, then credit notes, fill the earliest instalment of their document first
    items = charges.sort_values(["instalment", "due_date"]).merge(given, on=document, how="left")
    items[["payments", "credits"]] = items[["payments", "credits"]].fillna(0)
    before = items.groupby(document)["open0"].cumsum() - items["open0"]
    items["paid"] = (items["payments"] - before).clip(lower=0).clip(upper=items["open0"])
    items["open1"] = items["open0"] - items["paid"]
    before = items.groupby(document)["open1"].cumsum() - items["open1"]
    items["credited"] = (items["credits"] - before).clip(lower=0).clip(upper=items["open1"])
    items["open"] = items["open1"] - items["credited"]
    used = items.groupby(document, as_index=False)[["paid", "credited"]].sum()
    rest = given.merge(used, on=document, how="left").fillna({"paid": 0, "credited": 0})
    rest["open"] = rest["paid"] + rest["credited"] - rest["payments"] - rest["credits"]
    items = items[items["open"] != 0].assign(kind="item")
    items["disputed"] = items["disputed"].clip(upper=items["open"])
    unapplied = pd.concat([rest.loc[rest["open"] != 0, [*account, "open"]], free.assign(open=-free["open0"])[[*account, "open"]]])
    both = pd.concat([items[[*document, "due_date", "open", "disputed", "kind"]], unapplied.assign(kind="unapplied", disputed=0.0)], ignore_index=True)
    both["late"] = (day - both["due_date"]).dt.days
    both["bucket"] = pd.cut(both["late"], [-1e9, 0, 30, 60, 90, 180, 1e9], labels=False)
    both.loc[both["kind"] == "unapplied", "bucket"] = -1
    grouped = both.groupby(["kind", *account, "bucket"])
    aging = grouped.agg(open=("open", "sum"), disputed=("disputed", "sum"), documents=("open", "count"), oldest=("due_date", "min"))
    overdue = both[(both["kind"] == "item") & (both["late"] > 0)]
    level = pd.cut(overdue["late"], [0, 29, 59, 89, 1e9], labels=False)
    overdue = overdue.assign(level=level, contested=overdue["disputed"] >= overdue["open"])
    overdue.groupby(["currency", "level", "contested"]).agg(items=("open", "count"), open=("open", "sum"), disputed=("disputed", "sum"))
    worth = overdue["open"] * overdue["currency"].map(RATES)
    overdue.assign(worth=worth).sort_values(["worth", "document_no"], ascending=[False, True]).head(LARGEST)
    control = frame["open0"].where(charge, -frame["open0"]).groupby([frame[key] for key in account]).sum()
    checked = both.groupby(account)["open"].sum().reindex(control.index, fill_value=0)
    assert (checked == control).all()
    return float(aging["open"].sum() / 100)


WAYS = {"ours": ours, "sql": sql, "pandas": pandas, "pandas-arrow": pandas_arrow}


def main() -> None:
    """Go one way."""
    parser = argparse.ArgumentParser()
    parser.add_argument("how", choices=WAYS)
    parser.add_argument("place", type=Path)
    parser.add_argument("--cores", type=int, default=0)
    chosen = parser.parse_args()
    if chosen.cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: chosen.cores])
    total = WAYS[chosen.how](chosen.place)
    work = time.perf_counter() - _begun
    memory = own_gigabytes()
    print(json.dumps({"total": round(total, 2), "work": round(work, 3), "gigabytes": round(memory, 2)}))


if __name__ == "__main__":
    main()
