"""Speed of the credit functions, each beside what it is compared with, in one run: `python benchmarks/credit_functions.py`.

Absolute times depend on the machine; the ratios are what is claimed:
* AGINGBUCKET as a vectorised kernel takes at most 3 times numpy.digitize with a label lookup;
* a column through the whole call (cells in, cells out) is at least 20 times faster than a loop of single calls;
* a single call that is not remembered takes less than 60 microseconds for a simple function.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from functions.aging import aging_bucket, bucket_labels
from xladdin import call as calling
from xladdin.call import call, find

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
LOOP = min(20_000, ROWS)
SINGLE_LIMIT = 60  # microseconds
CALLS = 2_000

SINGLE_CALLS: dict[str, tuple[Any, ...]] = {
    "DAYSOVERDUE": (46_000, 46_100),
    "AGINGINDEX": (46_000, 46_100, "30,60,90"),
    "AGINGBUCKET": (46_000, 46_100, "30,60,90"),
    "DUEDATE": (46_000, "NET 30"),
    "ADDWORKDAYS": (45_900, 5),
    "WORKDAYSBETWEEN": (45_900, 46_000),
    "ESCALATIONLEVEL": (46_000, 46_100),
    "ESCALATIONACTION": (2,),
    "NEXTACTIONDATE": (46_000, 46_100),
    "LATEFIXEDSUM": (1000, "UK"),
    "LIMITATIONDATE": (46_000,),
    "LATEINTEREST": (1000, 45_300, 45_500, "LPRx1.5", "CNY"),
}


def best(work: Callable[[], Any], times: int = 5) -> float:
    """Seconds of the fastest of some runs."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def once(name: str, *cells: Any) -> Any:
    """One call as a host makes it, not remembered."""
    spec = find(name)
    return calling._invoke(spec, calling._bind(spec, cells, {}))  # noqa: SLF001 - the remembered answer would be measured otherwise


def line(what: str, seconds: float, other: str, other_seconds: float, claim: str) -> None:
    ratio = seconds / other_seconds
    print(f"{what:<52} {seconds * 1e3:8.1f} ms   {other:<40} {other_seconds * 1e3:9.1f} ms   ratio {ratio:7.3f}   {claim}")


def aging(rows: int) -> None:
    serials = np.random.default_rng(1).integers(45_600, 46_200, rows)
    dates = (serials - 25_569).astype("datetime64[D]")
    as_of = np.datetime64(46_100 - 25_569, "D")
    limits = [30, 60, 90, 180]
    labels = np.array(bucket_labels(limits), dtype=object)
    edges = np.array([0, *limits])
    numpy_kernel = best(lambda: labels[np.digitize((as_of - dates).astype(np.int64), edges, right=True)])
    kernel = best(lambda: aging_bucket(dates, as_of, limits))
    line(f"AGINGBUCKET kernel, {rows:,} rows", kernel, "numpy.digitize + labels", numpy_kernel, "claim: at most 3")

    cells = [[float(serial)] for serial in serials.tolist()]

    def numpy_cells() -> list[list[Any]]:
        days = 46_100 - np.array([row[0] for row in cells])
        return [[label] for label in labels[np.digitize(days, edges, right=True)].tolist()]

    column = best(lambda: call("AGINGBUCKET", cells, 46_100, "30,60,90,180"), 3)
    line(f"AGINGBUCKET cells to cells, {rows:,} rows", column, "numpy between lists of cells", best(numpy_cells, 3), "")
    some = [row[0] for row in cells[:LOOP]]
    loop = best(lambda: [once("AGINGBUCKET", serial, 46_100, "30,60,90,180") for serial in some], 3) * rows / LOOP
    line(f"AGINGBUCKET cells to cells, {rows:,} rows", column, "loop of single calls (not remembered)", loop, "claim: at most 0.05")
    asked = best(lambda: [call("AGINGBUCKET", serial, 46_100, "30,60,90,180") for serial in some], 3) * rows / LOOP
    line(f"AGINGBUCKET cells to cells, {rows:,} rows", column, "loop of single calls (remembered)", asked, "")


def interest(rows: int) -> None:
    random = np.random.default_rng(2)
    amounts = random.integers(1, 10**8, rows) / 100
    due = random.integers(43_800, 45_000, rows)
    until = due + random.integers(0, 700, rows)
    cells = [[[value] for value in column.tolist()] for column in (amounts, due, until)]
    column = best(lambda: call("LATEINTEREST", *cells, "LPRx1.5", "CNY"), 3)
    some = list(zip(amounts.tolist()[:LOOP], due.tolist()[:LOOP], until.tolist()[:LOOP], strict=True))
    loop = best(lambda: [once("LATEINTEREST", *row, "LPRx1.5", "CNY") for row in some], 1) * rows / LOOP
    line(f"LATEINTEREST cells to cells, {rows:,} rows", column, "loop of single calls (not remembered)", loop, "")


def single_calls() -> None:
    for name, cells in SINGLE_CALLS.items():
        once(name, *cells)
        single = best(lambda name=name, cells=cells: [once(name, *cells) for _ in range(CALLS)], 3) / CALLS * 1e6
        again = best(lambda name=name, cells=cells: [call(name, *cells) for _ in range(CALLS)], 3) / CALLS * 1e6
        print(f"{name:<20} single call {single:6.1f} us ({single / SINGLE_LIMIT:4.2f} of {SINGLE_LIMIT}), remembered {again:5.1f} us")


if __name__ == "__main__":
    aging(ROWS)
    interest(ROWS)
    single_calls()
