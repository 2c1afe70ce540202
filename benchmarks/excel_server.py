"""What a cell costs behind VBA: our COM server beside stock xlwings' in one run: `python -m benchmarks.excel_server` (needs Wine).

Both are asked through the real xlwings library by the same client, over the same COM call `CallUDF`, in the same Windows Python; stock
gets plain values too, which is kinder than Excel is to it (there it asks the sheet for each argument's range). What is compared is
the server's side: reading arguments, the function, writing the answer. VBA's own part is not in it (the round trips and configuration
look-ups of the generated module are counted by tests/workbook/test_function_module.py).
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from typing import Any

from tests.windows.bridge import ROOT, Bridge, connected, library, prepare, windows
from xladdin.hosts.excel.server import SCRIPT

STOCK = "benchmarks.stock_functions"
SCALAR_CALLS, COLUMN_CALLS, ROUNDS, ROWS, MIXED = 200, 3, 5, 100_000, 10_000
AS_OF = 46_203
FOLDER = windows(ROOT).replace("\\", "\\\\")
COLUMNS = {"aging_buckets": "the whole column at once", "aging_bucket_each": "a loop over its cells"}
CELLS = (("DAYSOVERDUE", "days_overdue"), ("AGINGBUCKET", "aging_bucket"))


def seconds(bridge: Bridge, script: str, name: str, args: list[Any], times: int) -> tuple[float, float]:
    """Take the middle of some calls' seconds: inside the client from the call to its answer, and inside the server's Python."""
    whole, inside = [], []
    for _ in range(times):
        whole += _value(bridge.do("time", script, name, args, 1, limit=300), name)
        inside.append(_value(bridge.do("method", "Taken", []), name))
    return float(statistics.median(whole)), float(statistics.median(inside))


def _value(answer: dict[str, Any], name: str) -> Any:
    if "error" in answer:
        raise SystemExit(f"{name}: {answer['error']}")
    return answer["value"]


def in_turn(bridge: Bridge, calls: list[tuple[str, str, list[Any]]], times: int) -> list[tuple[float, float]]:
    """Time several calls in turn, so that a busy moment of the machine meets them all; the best round of each."""
    rounds = [[seconds(bridge, *call, times) for call in calls] for _ in range(ROUNDS)]
    return [(min(whole for whole, _ in one), min(inside for _, inside in one)) for one in zip(*rounds, strict=True)]


def first_answer() -> float:
    """Take the seconds from no server to the first answer of a new one."""
    bridge = Bridge()
    try:
        bridge.do("load", library())  # the client itself is up then: Excel is, when a cell first asks
        start = time.perf_counter()
        bridge.start()
        bridge.ask("DAYSOVERDUE", 46_200, AS_OF)
        return time.perf_counter() - start
    finally:
        bridge.close()


def growth(bridge: Bridge) -> tuple[int, int]:
    """Read the server's memory after the first tenth of many mixed calls and after all."""
    names = ("DAYSOVERDUE", "AGINGBUCKET", "DUEDATE", "ESCALATIONLEVEL")
    sizes = []
    for part in range(10):
        for number in range(MIXED // 10):
            name = names[number % len(names)]
            second: Any = "NET 30" if name == "DUEDATE" else AS_OF
            given = [[45_000 + part], [45_001], ["x"]] if number % 50 == 0 else 40_000 + part * 1000 + number
            bridge.ask(name, given, second)
        sizes.append(bridge.memory())
    return sizes[0], sizes[-1]


def main() -> None:
    """Print the table; with --json the figures."""
    prepare()
    first = min(first_answer() for _ in range(3))
    column = [[float(AS_OF - number % 200)] for number in range(ROWS)]
    with connected(f"import sys; sys.path[:0]='{FOLDER}'.split(';'); from benchmarks.timed_server import serve; serve('$(CLSID)')") as bridge:
        cell = [46_100, AS_OF]
        cells = in_turn(bridge, [call for ours, stock in CELLS for call in ((SCRIPT, ours, cell), (STOCK, stock, cell))], SCALAR_CALLS)
        ours, *others = in_turn(bridge, [(SCRIPT, "AGINGBUCKET", [column, AS_OF]), *((STOCK, name, [column, AS_OF]) for name in COLUMNS)], COLUMN_CALLS)
        before, after = growth(bridge)
    figures = {"first answer, s": first, "cells, s (whole, server)": cells, "column, s (whole, server)": [ours, *others], "memory, bytes": [before, after]}
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return
    print(f"first answer after the start of the server: {first:.2f} s (wanted: under 3 s)")
    print("one cell, milliseconds: the server's part, and the whole call with COM's way there and back")
    for index, (name, _) in enumerate(CELLS):
        mine, stock = cells[2 * index], cells[2 * index + 1]
        print(f"  {name:<12} ours {mine[1] * 1e3:.3f} of {mine[0] * 1e3:.2f}, stock {stock[1] * 1e3:.3f} of {stock[0] * 1e3:.2f}; ours / stock {mine[1] / stock[1]:.2f} (wanted: at most 0.5), whole {mine[0] / stock[0]:.2f}")
    print(f"a column of {ROWS:,} cells, seconds: the server's part, and the whole call")
    for name, stock in zip(COLUMNS.values(), others, strict=True):
        print(f"  ours {ours[1]:.3f} of {ours[0]:.2f}, stock, {name}, {stock[1]:.3f} of {stock[0]:.2f}; stock / ours {stock[1] / ours[1]:.1f} (wanted: at least 3), whole {stock[0] / ours[0]:.1f}")
    print(f"{MIXED:,} mixed calls: {before / 2**20:.1f} MiB after a tenth, {after / 2**20:.1f} MiB after all (wanted: no growth)")


if __name__ == "__main__":
    main()
