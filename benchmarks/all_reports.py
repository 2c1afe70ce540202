"""The whole command `xladdin refresh` with every report: 100,000 documents of 5,000 customers in a closed file.

    python -m benchmarks.all_reports [--customers 5400] [--keep FILE] [--json FILE]

Measured twice: on a workbook just built, and on that same file again, as everyday work does it. Beside it openpyxl, in its fastest ways,
only copies the cells of the sheets that an analyst fills. Then what each report takes, the indicators by themselves, and a contract of
a hundred pages. Seconds of processor count all threads; they stay the same when the machine has other work, those of the clock do not.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import measured as run
from workbook.demo import AS_OF, SETTINGS, demo_data

INPUTS = ("Ledger", "Customers", "Contracts", "Orders", "Plans")
OPENPYXL = """
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1], read_only=True, data_only=True)
out = openpyxl.Workbook(write_only=True)
for name in sys.argv[3:]:
    page = out.create_sheet(name)
    for row in book[name].iter_rows(values_only=True):
        page.append(row)
out.save(sys.argv[2])
"""
DECOYS = (
    "Storage fees of 0.05% per day are charged on goods not collected within thirty days of the notice. ",
    "The Buyer shall inspect the packaging on arrival and note any visible damage on the delivery receipt. ",
    "卖方逾期交货的，每日按未交货物金额的0.1%承担责任；仓储费按实际发生额由买方承担。",
    "投标保证金为合同估算价的百分之二，于签约后五个工作日内无息退还。",
)
PAGE = 3_000  # characters
FINDINGS = (0, 1)  # 1: done, and the ledger has mistakes, as an invented one has


def build(path: Path, customers: int) -> dict[str, int]:
    """Build a workbook of an invented exporter; answers the rows of its sheets."""
    from workbook.build import build_workbook

    data = demo_data(count=customers)
    build_workbook(path, data=data, settings=SETTINGS)
    return {key: len(next(iter(columns.values()))) for key, columns in data.items()}


def measured(command: list[str], fine: tuple[int, ...] = (0,)) -> dict[str, float]:
    """Run a command; answers its seconds by the clock and of processor, and its largest memory in GB. Ends with one line where it fails."""
    made = run(command, fine)
    return {"clock": made.clock, "processor": made.processor, "memory": made.gigabytes * 1024**2 / 1e6}


def steps(path: Path) -> list[tuple[str, float, float]]:
    """Refresh in this process; answers each step with its seconds by the clock and of processor."""
    from xladdin.jobs.workbooks import refresh_file

    marks: list[tuple[str, float, float]] = []

    def mark(step: str) -> None:
        marks.append((step, time.perf_counter(), time.process_time()))

    mark("start")
    refresh_file(path, None, AS_OF.isoformat(), {}, mark)
    mark("end")
    return [(name, clock_to - clock, cpu_to - cpu) for (name, clock, cpu), (_, clock_to, cpu_to) in itertools.pairwise(marks)]


def indicators(path: Path) -> dict[str, float]:
    """Compute the indicators of all customers on a book that was read already."""
    from workbook.host_book import read_host_book
    from workbook.indicators.compute import INDICATORS, measure
    from xladdin.hosts.file import open_book

    book = read_host_book(open_book(path))
    measure(book, book.settings, AS_OF)  # what is compiled once is not counted
    clock, processor = time.perf_counter(), time.process_time()
    made = measure(book, book.settings, AS_OF)
    return {
        "clock": time.perf_counter() - clock, "processor": time.process_time() - processor,
        "indicators": len(INDICATORS), "customers": made.scene.count,
    }


def contract(folder: Path) -> Path:
    """Write a Word file of a hundred pages without a clause in it, so that none is found early."""
    import docx

    text, document = "", docx.Document()
    while len(text) < 100 * PAGE:
        for sentence in DECOYS:
            document.add_paragraph(sentence)
            text += sentence
    path = folder / "contract.docx"
    document.save(path)
    return path


def inside(path: Path, what: str) -> object:
    """Do a part in a process of its own, whose memory and caches are its own."""
    code = f"from xladdin.lean import collect_rarely; collect_rarely(); import json, pathlib, sys; from benchmarks import all_reports; print(json.dumps(all_reports.{what}(pathlib.Path(sys.argv[1]))))"
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"failed ({done.returncode}): {what}: {(done.stderr.strip().splitlines() or ['no word why'])[-1]}")
    return json.loads(done.stdout.splitlines()[-1])


def main(words: list[str]) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=5_400)
    parser.add_argument("--keep", type=Path, help="keep the workbook there; one that is there is taken")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(words)
    if given.keep and given.keep.suffix.lower() != ".xlsm":
        parser.error(f"--keep: a workbook with macros has a name that ends with .xlsm; got {given.keep.name}")
    if given.keep and not given.keep.absolute().parent.is_dir():
        parser.error(f"--keep: there is no folder {given.keep.absolute().parent}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = given.keep or folder / "firm.xlsm"
        rows = build(path, given.customers) if not path.exists() else {}
        print(", ".join(f"{count:,} {key}" for key, count in rows.items()))
        work = folder / "work.xlsm"
        work.write_bytes(path.read_bytes())
        command = [sys.executable, "-m", "xladdin", "refresh", str(work), "--as-of", AS_OF.isoformat()]
        found: dict[str, object] = {
            "first refresh": measured(command, FINDINGS),
            "refresh again": measured(command, FINDINGS),
            "openpyxl copies the input": measured([sys.executable, "-c", OPENPYXL, str(path), str(folder / "out.xlsx"), *INPUTS]),
            "a contract of 100 pages": measured([sys.executable, "-m", "xladdin", "contract", str(contract(folder))]),
        }
        print(f"\n{'whole command':<28}{'clock s':>9}{'processor s':>13}{'GB':>7}")
        for key, one in found.items():
            assert isinstance(one, dict)
            print(f"{key:<28}{one['clock']:>9.1f}{one['processor']:>13.1f}{one['memory']:>7.2f}")
        found["indicators"] = alone = inside(work, "indicators")
        assert isinstance(alone, dict)
        print(f"\n{alone['indicators']} indicators of {alone['customers']:,} customers, now and ninety days ago: "
              f"{alone['clock']:.1f} s, {alone['processor']:.1f} s of processor")
        found["steps"] = parts = inside(work, "steps")
        print(f"\n{'step of a refresh':<28}{'clock s':>9}{'processor s':>13}")
        assert isinstance(parts, list)
        for key, clock, processor in parts:
            print(f"{key:<28}{clock:>9.2f}{processor:>13.2f}")
        if given.json:
            given.json.write_text(json.dumps({"rows": rows, **found}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
