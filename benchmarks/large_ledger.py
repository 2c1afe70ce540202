"""Aging, the summary of Escalation and the control sum of a ledger in Parquet: ours, DuckDB's SQL written by hand, straightforward pandas.

    python -m benchmarks.large_ledger [--folder DIR] [--sizes 1e4,1e5,1e6,1e7,1e8] [--pandas-to 1e7] [--companies 8e7] [--json FILE] [--readme]
    python -m benchmarks.large_ledger --one ours|sql|pandas|pandas-arrow DIR [--cores N]

Each way (`benchmarks.three_ways`) is a whole process, start of Python and imports included, so that memory is its own. All must find the
same open amount. Where several runs are made, one before them warms the files and, of ours, the SQL that is kept, and the best counts.
`--readme` writes the table into benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.big_data import companies, ledger
from benchmarks.measure import measured as measure
from benchmarks.three_ways import AS_OF, WAYS


def measured(command: list[str]) -> tuple[dict[str, float], str]:
    """Run a command; answers its seconds by the clock and of processor, its largest memory, and what it printed. Ends with a line where it fails."""
    made = measure(command)
    return {"seconds": round(made.clock, 2), "processor": round(made.processor, 2), "gigabytes": round(made.gigabytes, 2)}, made.said


def run(how: str, place: str, runs: int, cores: int = 0) -> dict[str, float]:
    """Go one way several times; answers the best, with the total it found."""
    command = [sys.executable, "-m", "benchmarks.three_ways", how, place, "--cores", str(cores)]
    found = [measured(command) for _ in range(runs + 1)][1:] if runs > 1 else [measured(command)]
    figures, said = min(found, key=lambda one: one[0]["seconds"])
    return {**figures, **{key: json.loads(said)[key] for key in ("total", "work")}}


HEAD = """| documents | ours | memory | on one core | SQL by hand | memory | ours / SQL | pandas | memory | pandas / ours | the work alone: ours | SQL | pandas | on Arrow's types | ours / SQL | pandas / ours |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"""
README = Path(__file__).with_name("README.md")
MARKS = "<!-- made by benchmarks.large_ledger -->", "<!-- until here -->"


def line(documents: int, row: dict[str, dict[str, float]]) -> str:
    mine, single, bare = row["ours"], row["one core"], row["sql"]
    cells = [
        f"{documents:,}", f"{mine['seconds']} s", f"{mine['gigabytes']} GB", f"{single['seconds']} s", f"{bare['seconds']} s", f"{bare['gigabytes']} GB",
        f"{mine['seconds'] / bare['seconds']:.2f}",
    ]  # fmt: skip
    if "pandas" in row:
        frame, arrow = row["pandas"], row["pandas-arrow"]
        cells += [f"{frame['seconds']} s", f"{frame['gigabytes']} GB", f"{frame['seconds'] / mine['seconds']:.1f}"]
    else:
        frame = arrow = {}
        cells += [""] * 3
    works = [one.get("work") for one in (mine, bare, frame, arrow)]
    cells += ["" if one is None else f"{one:.2f} s" for one in works]
    cells += [f"{mine['work'] / bare['work']:.2f}", f"{frame['work'] / mine['work']:.1f}" if frame else ""]
    return f"| {' | '.join(cells)} |"


def put_into_readme(lines: list[str]) -> None:
    before, _, rest = README.read_text(encoding="utf-8").partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    README.write_text("\n".join([f"{before}{MARKS[0]}", "", *lines, "", f"{MARKS[1]}{after}"]), encoding="utf-8")


def scored(folder: Path, count: int) -> dict[str, float]:
    """Score invented companies with the command."""
    source, target = companies(folder, count), folder / "scores.parquet"
    target.unlink(missing_ok=True)
    figures, _ = measured([sys.executable, "-m", "xladdin", "score", str(source), str(target), "--as-of", str(AS_OF)])
    return {"companies": count, **figures}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, default=Path("benchmarks/data"))
    parser.add_argument("--sizes", default="1e4,1e5,1e6,1e7,1e8")
    parser.add_argument("--pandas-to", type=float, default=1e7)
    parser.add_argument("--runs", type=int, default=0, help="measured runs of each way; 0: five up to 1,000,000 documents, else one")
    parser.add_argument("--companies", type=float, default=0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--cores", type=int, default=0)
    parser.add_argument("--one", nargs=2, metavar=("HOW", "PLACE"))
    chosen = parser.parse_args()
    if chosen.one:
        if chosen.one[0] not in WAYS:
            parser.error(f"the ways are {', '.join(WAYS)}; got {chosen.one[0]}")
        print(json.dumps(run(*chosen.one, max(chosen.runs, 1), chosen.cores)))
        return
    rows: list[dict[str, object]] = []
    lines = [HEAD]
    if chosen.sizes:
        print(HEAD)
    for size in (int(float(text)) for text in chosen.sizes.split(",") if text):
        place, runs = str(ledger(chosen.folder, size)), chosen.runs or (5 if size <= 1_000_000 else 1)
        row: dict[str, dict[str, float]] = {how: run(how, place, runs) for how in ("ours", "sql")}
        row["one core"] = run("ours", place, runs, 1)
        if size <= chosen.pandas_to:
            row |= {how: run(how, place, runs) for how in ("pandas", "pandas-arrow")}
        totals = [one["total"] for one in row.values()]
        if max(totals) - min(totals) >= 1:
            raise SystemExit(f"the ways do not find the same open amount: {dict(zip(row, totals, strict=True))}")
        rows.append({"documents": size, **row})
        lines.append(line(size, row))
        print(lines[-1], flush=True)
    if chosen.companies:
        figures = scored(chosen.folder, int(chosen.companies))
        rows.append(dict(figures))
        print(f"{int(chosen.companies):,} companies scored: {figures['seconds']} s, {figures['processor']} s of processor, {figures['gigabytes']} GB")
    if chosen.json:
        chosen.json.write_text(json.dumps({"as_of": str(AS_OF), "rows": rows}, indent=1) + "\n")
    if chosen.readme:
        put_into_readme(lines)


if __name__ == "__main__":
    main()
