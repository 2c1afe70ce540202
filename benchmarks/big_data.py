"""Invented ledgers and companies of any size, written as Parquet by DuckDB: the same rows for the same size."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

_FILE = 10_000_000

# Of ten documents eight are settled on their own row, one is open, one is a payment on account of an open one; a customer has about 500.
_LEDGER = """
COPY (
    WITH drawn AS (
        SELECT i, i % 10 AS k, hash(i * 7 + 1) AS h, hash(i * 13 + 5) AS g
        FROM range({start}, {stop}) AS numbers(i)
    ), made AS (
        SELECT i, k, h, (i - k) + 8 AS open_one, DATE '2024-07-01' + CAST(i * 700 // {total} AS INTEGER) AS day,
               'C' || lpad(CAST((hash(i // 10) % {customers}) AS VARCHAR), 7, '0') AS customer_id,
               CASE WHEN (i // 10) % 10 < 7 THEN 'CNY' ELSE 'USD' END AS currency,
               CAST(100 + (g % 5000000) / 100 AS DECIMAL(18, 2)) AS amount
        FROM drawn
    )
    SELECT CASE WHEN k = 9 THEN 'PAY-' ELSE 'INV-' END || lpad(CAST(i AS VARCHAR), 10, '0') AS document_no,
           CASE WHEN k = 9 THEN 'payment' ELSE 'invoice' END AS document_type,
           customer_id,
           CASE WHEN k = 9 AND h % 5 > 0 THEN 'INV-' || lpad(CAST(open_one AS VARCHAR), 10, '0') END AS reference,
           day AS document_date,
           CASE WHEN k < 9 THEN day + CAST(30 + 15 * (h % 5) AS INTEGER) END AS due_date,
           currency,
           CASE WHEN k = 9 THEN CAST(50 + (h % 100) AS DECIMAL(18, 2)) ELSE amount END AS amount,
           CASE WHEN k < 8 AND day < DATE '2026-05-01' THEN day + CAST(20 + (h % 90) AS INTEGER) END AS settled_date,
           CASE WHEN k = 8 AND h % 20 = 0 THEN CAST(CAST(amount AS DECIMAL(18, 2)) / 2 AS DECIMAL(18, 2)) END AS disputed_amount,
           CASE WHEN k = 8 AND h % 17 = 0 THEN DATE '2026-06-20' + CAST(h % 40 AS INTEGER) END AS promise_date
    FROM made ORDER BY i
) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
"""


def ledger(folder: Path, documents: int) -> Path:
    """Write a ledger once; answers its folder."""
    place = folder / f"ledger-{documents}"
    if place.is_dir():
        return place
    new = folder / f"ledger-{documents}.new"
    new.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '2GB'; SET enable_progress_bar = false")
        for number, start in enumerate(range(0, documents, _FILE)):
            stop = min(start + _FILE, documents)
            words = {"start": start, "stop": stop, "total": documents, "customers": max(10, documents // 500), "path": new / f"part-{number:03}.parquet"}
            connection.execute(_LEDGER.format(**words))
    new.rename(place)
    return place


def companies(folder: Path, count: int) -> Path:
    """Write companies with ratios, conduct and dates, a tenth of them blank."""
    path = folder / f"companies-{count}.parquet"
    if path.is_file():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    draw = np.random.default_rng(1)
    writer = None
    for start in range(0, count, 1_000_000):
        size = min(1_000_000, count - start)
        blank = draw.random(size) < 0.1
        table = pa.table({
            "company_id": pa.array(np.arange(start, start + size)),
            "current_ratio": pa.array(draw.lognormal(0.3, 0.5, size).astype(np.float32), mask=blank),
            "debt_to_assets": draw.uniform(0, 1.2, size).astype(np.float32),
            "roa": draw.normal(0.05, 0.1, size).astype(np.float32),
            "interest_coverage": draw.normal(4, 3, size).astype(np.float32),
            "average_days_late": pa.array(draw.integers(0, 90, size).astype(np.int16), mask=blank),
            "litigation_count": draw.poisson(0.3, size).astype(np.int16),
            "first_trade": pa.array(np.datetime64("2005-01-01") + draw.integers(0, 7000, size), pa.date32()),
        })
        writer = writer or pq.ParquetWriter(new, table.schema, compression="zstd")
        writer.write_table(table)
    assert writer is not None
    writer.close()
    new.rename(path)
    return path
