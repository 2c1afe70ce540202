"""Aging and the summary of Escalation of a ledger in Parquet: ours, DuckDB's SQL written by hand, and straightforward pandas.

    python -m benchmarks.large_ledger [--folder DIR] [--sizes 1e4,1e5,1e6,1e7,1e8] [--pandas-to 1e7] [--companies 8e7] [--json FILE] [--readme]

Each runs in a process of its own, so that memory is its own. All three must find the same open amount. Ours also runs on one core.
`--readme` writes the table into benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.big_data import AS_OF, companies, ledger

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


def ours(place: Path) -> float:
    """Ask what `xladdin refresh --report aging --report escalation` asks of a ledger, in the product's own way."""
    from workbook.large.ledger import open_ledger
    from workbook.settings import Settings

    settings = Settings()
    large = open_ledger(str(place))
    assert large is not None
    table = large.by_bucket(settings, AS_OF)
    large.late(AS_OF, settings.ladder)
    large.largest_late(AS_OF, {"CNY": 1.0, "USD": 7.1}, 1_000, [])
    total = sum(table["open"].to_pylist()) / 10_000
    assert round(total, 2) == round(sum(large.control(AS_OF).values()) / 10_000, 2)
    large.engine.close()
    return total


def sql(place: Path) -> float:
    """Ask the same in SQL written by hand for this very ledger."""
    import duckdb

    with duckdb.connect(config={"memory_limit": "2500MB", "preserve_insertion_order": False}) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"CREATE VIEW ledger AS SELECT * FROM '{place}/*.parquet'")
        connection.execute(_SQL)
        aging = connection.sql(f"SELECT customer_id, currency, {_BUCKET} AS bucket, sum(open) AS open, sum(disputed) FROM items GROUP BY ALL").to_arrow_table()
        connection.sql(f"SELECT currency, {_LEVEL} AS level, disputed >= open AS contested, count(*), sum(open) FROM items WHERE kind = 'item' AND {_LATE} > 0 GROUP BY ALL").to_arrow_table()
        connection.sql(f"SELECT * FROM items WHERE kind = 'item' AND {_LATE} > 0 ORDER BY open * CASE currency WHEN 'USD' THEN 7.1 ELSE 1 END DESC LIMIT 1000").to_arrow_table()
        connection.sql(f"""SELECT customer_id, currency, sum(CASE WHEN document_type = 'payment' THEN -amount WHEN settled_date <= DATE '{AS_OF}' THEN 0 ELSE amount END)
                           FROM ledger WHERE document_date <= DATE '{AS_OF}' GROUP BY ALL""").to_arrow_table()
        return float(sum(aging["open"].to_pylist()))


def pandas(place: Path) -> float:
    """Do the same as an analyst writes it in pandas."""
    import numpy as np
    import pandas as pd

    frame = pd.read_parquet(place)
    frame["amount"] = frame["amount"].astype(float)
    day = pd.Timestamp(AS_OF)
    for key in ("document_date", "due_date", "settled_date"):
        frame[key] = pd.to_datetime(frame[key])
    frame = frame[frame["document_date"] <= day]
    invoices = frame[(frame["document_type"] == "invoice") & ~(frame["settled_date"] <= day)]
    payments = frame[frame["document_type"] == "payment"]
    paid = payments.dropna(subset=["reference"]).groupby(["reference", "customer_id", "currency"], as_index=False)["amount"].sum()
    keys = ["document_no", "customer_id", "currency"]
    matched = invoices.merge(paid.rename(columns={"reference": "document_no", "amount": "paid"}), on=keys, how="outer")
    matched["open"] = matched["amount"].fillna(0) - matched["paid"].fillna(0)
    late = (day - matched["due_date"]).dt.days
    matched["bucket"] = np.where(matched["open"] < 0, -1, pd.cut(late, [-1e9, 0, 30, 60, 90, 180, 1e9], labels=False))
    aging = matched.groupby(["customer_id", "currency", "bucket"])["open"].sum()
    free = payments[payments["reference"].isna()].groupby(["customer_id", "currency"])["amount"].sum()
    overdue = matched[(late > 0) & (matched["open"] > 0)]
    overdue.groupby(["currency", pd.cut(late[overdue.index], [-1, 29, 59, 89, 1e9], labels=False)])["open"].agg(["count", "sum"])
    overdue.assign(worth=overdue["open"] * overdue["currency"].map({"USD": 7.1, "CNY": 1.0})).nlargest(1_000, "worth")
    return float(aging.sum() - free.sum())


def one(how: str, place: str, cores: int) -> None:
    if cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    start = time.perf_counter()
    total = {"ours": ours, "sql": sql, "pandas": pandas}[how](Path(place))
    used = resource.getrusage(resource.RUSAGE_SELF)
    memory, processor = used.ru_maxrss / 1024**2, used.ru_utime + used.ru_stime
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": round(seconds, 2), "processor": round(processor, 2), "gigabytes": round(memory, 2), "total": round(total, 2)}))


def run(*words: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.large_ledger", *words], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


HEAD = """| documents | ours | memory | on one core | SQL by hand | memory | ours / SQL | pandas | memory | pandas / ours |
|---|---|---|---|---|---|---|---|---|---|"""
README = Path(__file__).with_name("README.md")
MARKS = "<!-- made by benchmarks.large_ledger -->", "<!-- until here -->"


def line(documents: int, row: dict[str, dict[str, float]]) -> str:
    mine, single, bare, frame = row["ours"], row["one core"], row["sql"], row.get("pandas")
    cells = [
        f"{documents:,}", f"{mine['seconds']} s", f"{mine['gigabytes']} GB", f"{single['seconds']} s", f"{bare['seconds']} s", f"{bare['gigabytes']} GB",
        f"{mine['seconds'] / bare['seconds']:.2f}", *([f"{frame['seconds']} s", f"{frame['gigabytes']} GB", f"{frame['seconds'] / mine['seconds']:.1f}"] if frame else ["", "", ""]),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def put_into_readme(lines: list[str]) -> None:
    before, _, rest = README.read_text(encoding="utf-8").partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    README.write_text("\n".join([f"{before}{MARKS[0]}", "", *lines, "", f"{MARKS[1]}{after}"]), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, default=Path("benchmarks/data"))
    parser.add_argument("--sizes", default="1e4,1e5,1e6,1e7,1e8")
    parser.add_argument("--pandas-to", type=float, default=1e7)
    parser.add_argument("--companies", type=float, default=0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--cores", type=int, default=0)
    parser.add_argument("--one", nargs=2, metavar=("HOW", "PLACE"))
    chosen = parser.parse_args()
    if chosen.one:
        one(*chosen.one, chosen.cores)
        return
    rows, lines = [], [HEAD]
    print(HEAD)
    for size in (int(float(text)) for text in chosen.sizes.split(",")):
        place = str(ledger(chosen.folder, size))
        row: dict[str, dict[str, float]] = {how: run("--one", how, place) for how in ("ours", "sql")}
        row["one core"] = run("--one", "ours", place, "--cores", "1")
        if size <= chosen.pandas_to:
            row["pandas"] = run("--one", "pandas", place)
        assert max(one["total"] for one in row.values()) - min(one["total"] for one in row.values()) < 1, row
        rows.append({"documents": size, **row})
        lines.append(line(size, row))
        print(lines[-1], flush=True)
    if chosen.companies:
        source, count = companies(chosen.folder, int(chosen.companies)), int(chosen.companies)
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "xladdin", "score", str(source), str(chosen.folder / "scores.parquet"), "--as-of", str(AS_OF)], check=True)
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
        rows.append({"companies": count, "seconds": round(time.perf_counter() - start, 1), "gigabytes": round(memory, 2)})
        print(f"{count:,} companies scored: {rows[-1]['seconds']} s, at most {rows[-1]['gigabytes']} GB in any process of this run")
    if chosen.json:
        chosen.json.write_text(json.dumps({"as_of": str(AS_OF), "rows": rows}, indent=1) + "\n")
    if chosen.readme:
        put_into_readme(lines)


if __name__ == "__main__":
    main()
