"""The whole command `xladdin refresh` on a closed workbook, against openpyxl reading and writing the same rows, in one run.

python benchmarks/refresh.py [DOCUMENTS …]      default: 100000; 1000000 needs about 4 GB and a few minutes to build its input
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import measured

#: 1: done, and the ledger has mistakes, as an invented one has
FINDINGS = (0, 1)
HERE = Path(__file__).resolve().parent
OPENPYXL = """
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1], read_only=True, data_only=True)
rows = list(book["Ledger"].iter_rows(values_only=True))
out = openpyxl.Workbook(write_only=True)
page = out.create_sheet("Ledger")
for row in rows:
    page.append(row)
out.save(sys.argv[2])
"""


def main(sizes: list[int]) -> None:
    """Print a table: documents, seconds and memory of both, and the ratio."""
    print(f"{'documents':>10}  {'refresh s':>9}  {'GB':>5}  {'openpyxl s':>10}  {'GB':>5}  {'openpyxl / refresh':>18}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "ledger.xlsm"  # built in another process, whose memory must not count here
            build = f"import sys, pathlib; sys.path.insert(0, {str(HERE)!r}); import ledgers; ledgers.workbook(pathlib.Path({str(made)!r}), {size})"
            subprocess.run([sys.executable, "-c", build], check=True)
            copy = Path(shutil.copy(made, Path(folder) / "work.xlsm"))
            command = [sys.executable, "-m", "xladdin", "refresh", str(copy), "--report", "aging", "--report", "escalation"]
            ours, _, our_memory, _ = measured(command, FINDINGS)
            other, _, other_memory, _ = measured([sys.executable, "-c", OPENPYXL, str(made), str(Path(folder) / "out.xlsx")])
            print(f"{size:>10,}  {ours:>9.1f}  {our_memory:>5.2f}  {other:>10.1f}  {other_memory:>5.2f}  {other / ours:>18.1f}")


if __name__ == "__main__":
    main([int(word.replace("_", "")) for word in sys.argv[1:]] or [100_000])
