"""100,000 cells of AGINGBUCKET in LibreOffice against the native nested IF and a LibreOffice Basic function, in one run.

    python benchmarks/libreoffice_cells.py [--rows 100000]

Each column is recalculated alone: its formulas are made dirty by changing the as-of date they share, three times; the best counts.
Memory is that of the soffice process after each of 20 recalculations, each with another as-of date.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from xladdin.hosts.libreoffice.extension import build_extension
from xladdin.hosts.libreoffice.office import properties, running_office

BASIC = """Function BucketBasic(due, asof)
  Dim d : d = asof - due
  If d <= 0 Then
    BucketBasic = "Not due"
  ElseIf d <= 30 Then
    BucketBasic = "1-30 days"
  ElseIf d <= 60 Then
    BucketBasic = "31-60 days"
  ElseIf d <= 90 Then
    BucketBasic = "61-90 days"
  ElseIf d <= 180 Then
    BucketBasic = "91-180 days"
  Else
    BucketBasic = "Over 180 days"
  End If
End Function
"""
NATIVE = '=IF(D$1-A1<=0;"Not due";IF(D$1-A1<=30;"1-30 days";IF(D$1-A1<=60;"31-60 days";IF(D$1-A1<=90;"61-90 days";IF(D$1-A1<=180;"91-180 days";"Over 180 days")))))'
FORMULAS = {"native nested IF": NATIVE, "AGINGBUCKET": "=AGINGBUCKET(A1;D$1)", "LibreOffice Basic": "=BUCKETBASIC(A1;D$1)"}


def resident(pid: int) -> float:
    """Memory of a process in MiB; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.is_file():
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmRSS"))


def measure(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder, running_office(extension=build_extension(Path(folder) / "Credit.oxt")) as office:
        seconds, texts = {}, {}
        for name, formula in FORMULAS.items():
            document = office.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, properties(Hidden=True, MacroExecutionMode=4))
            sheet = document.Sheets.getByIndex(0)
            if name == "LibreOffice Basic":
                libraries = document.BasicLibraries
                if not libraries.hasByName("Standard"):
                    libraries.createLibrary("Standard")
                libraries.loadLibrary("Standard")
                libraries.getByName("Standard").insertByName("Module1", BASIC)
            sheet.getCellRangeByPosition(0, 0, 0, rows - 1).setDataArray(tuple((46_000.0 + index * 7 % 400,) for index in range(rows)))
            as_of = sheet.getCellRangeByName("D1")
            as_of.Value = 46_300
            cells = sheet.getCellRangeByPosition(1, 0, 1, rows - 1)
            cells.getCellByPosition(0, 0).Formula = formula
            cells.fillAuto(0, 1)
            times = []
            for run in range(1 if name == "LibreOffice Basic" else 4):
                start = time.perf_counter()
                as_of.Value = 46_310 + run
                document.calculate()
                times.append(time.perf_counter() - start)
            as_of.Value = 46_300
            document.calculate()
            seconds[name], texts[name] = min(times), cells.getDataArray()
            print(f"{name:<20} {seconds[name]:8.3f} s   {1e6 * seconds[name] / rows:7.2f} us a cell   runs {', '.join(f'{one:.2f}' for one in times)}")
            if name == "AGINGBUCKET":
                memory(office, document, as_of)
            document.close(True)
        assert texts["native nested IF"] == texts["AGINGBUCKET"] == texts["LibreOffice Basic"]
        ours = seconds["AGINGBUCKET"]
        print(f"AGINGBUCKET takes {ours / seconds['native nested IF']:.1f} times the native nested IF (to be at most 8)")
        print(f"LibreOffice Basic takes {seconds['LibreOffice Basic'] / ours:.1f} times AGINGBUCKET (to be at least 10)")


def memory(office, document, as_of) -> None:  # noqa: ANN001
    sizes = []
    for run in range(20):
        as_of.Value = 46_400 + run
        document.calculate()
        sizes.append(resident(office.process.pid))
    print(f"memory over 20 recalculations: {sizes[0]:.0f} MiB after the first, {max(sizes):.0f} at most, {sizes[-1]:.0f} after the last")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    measure(parser.parse_args().rows)
