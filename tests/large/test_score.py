"""Bulk scores: the cell's own, for any number of companies; nothing is lost or repeated by a kill."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from tests.large.sources import needs
from workbook.large.places import read_place
from workbook.large.score_job import score_companies
from xladdin.call import call
from xladdin.errors import BadRequest

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.date(2026, 6, 30)


def companies(count, seed=1):
    """Companies with the blanks, zeros and dates of real files."""
    draw = np.random.default_rng(seed)
    holes = draw.random(count) < 0.2
    return pa.table({
        "customer_id": [f"C{number:08}" for number in range(count)],
        "current_ratio": pa.array(draw.lognormal(0.3, 0.6, count), mask=holes),
        "total_assets": draw.lognormal(15, 2, count),
        "total_liabilities": draw.lognormal(14.5, 2, count),
        "ebit": draw.normal(1e5, 1e6, count),
        "litigation_count": draw.poisson(0.4, count),
        "average_days_late": draw.exponential(20, count),
        "first_trade": pa.array(np.datetime64("2005-01-01") + draw.integers(0, 7800, count), pa.date32()),
        "last_review": pa.array(np.datetime64("2025-06-01") + draw.integers(0, 390, count), pa.date32(), mask=holes),
        "register_verified": draw.random(count) < 0.8,
        "statements_verified": draw.random(count) < 0.7,
        "reputation_verified": draw.random(count) < 0.6,
        "colour": ["blue"] * count,
    })


def score(source, out, **options):
    return score_companies(read_place(str(source)), out, as_of=DAY, **options)


def column(answer):
    return [value for (value,) in answer.value]


def test_scores_are_those_of_the_cell(tmp_path):
    table = companies(400)
    pq.write_table(table, tmp_path / "c.parquet", row_group_size=70)
    made = score(tmp_path / "c.parquet", tmp_path / "out.parquet", part=1_000)
    names = table.column_names
    rows = [[row[name] for name in names] for row in table.to_pylist()]
    cells = column(call("CREDITSCORE", [names], rows, None, DAY))
    out = pq.read_table(tmp_path / "out.parquet")
    assert out["score"].to_pylist() == pytest.approx(cells, abs=1e-12)
    assert out["customer_id"].to_pylist() == table["customer_id"].to_pylist()
    assert out["grade"].to_pylist() == column(call("CREDITGRADE", [[cell] for cell in cells]))
    assert (made.companies, made.kept, made.unscored) == (400, 0, 0)


def test_a_csv_a_folder_and_a_database_give_the_same_scores(tmp_path):
    table = companies(2_500)
    pq.write_table(table, tmp_path / "c.parquet")
    pa.csv.write_csv(table, tmp_path / "c.csv")
    (tmp_path / "many").mkdir()
    for number in range(3):
        pq.write_table(table.slice(number * 900, 900), tmp_path / "many" / f"{number}.parquet")
    with duckdb.connect(str(tmp_path / "c.duckdb")) as connection:
        connection.register("given", table)
        connection.execute("CREATE TABLE firms AS SELECT * FROM given ORDER BY colour, ebit")
    answers = []
    for number, source in enumerate((tmp_path / "c.parquet", tmp_path / "c.csv", tmp_path / "many", f"duckdb:///{tmp_path}/c.duckdb?table=firms")):
        out = tmp_path / f"out{number}.parquet"
        score(source, out, part=1_000)
        answers.append(pq.read_table(out).to_pylist())
    assert answers[1:] == answers[:1] * 3


def test_a_killed_run_goes_on_and_loses_and_repeats_nothing(tmp_path):
    table = companies(400_000)
    pq.write_table(table, tmp_path / "c.parquet", row_group_size=50_000)
    score(tmp_path / "c.parquet", tmp_path / "whole.parquet", part=10_000)
    words = [sys.executable, "-m", "xladdin", "score", "c.parquet", "out.parquet", "--as-of", "2026-06-30", "--part", "10000"]
    parts = tmp_path / "out.parquet.parts"
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    kills = 0
    for wanted in (3, 12, 25):
        run = subprocess.Popen(words, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while time.monotonic() < until and run.poll() is None and len(list(parts.glob("part-*"))) < wanted:
            time.sleep(0.002)
        if run.poll() is None:
            run.send_signal(signal.SIGKILL)
            kills += 1
        run.wait()
    assert kills, "no run lived long enough to be killed"
    assert not (tmp_path / "out.parquet").exists()
    kept = sum(pq.read_metadata(path).num_rows for path in parts.glob("part-*.parquet"))
    assert kept
    done = subprocess.run(words, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
    assert f"400,000 companies, {kept:,} of them scored by a run before" in done.stdout
    assert pq.read_table(tmp_path / "out.parquet").equals(pq.read_table(tmp_path / "whole.parquet"))
    assert not parts.exists()


#: runs the command and dies at the n-th thing that it renames or removes
DIES = """
import os, signal, sys
left = [int(sys.argv.pop(1))]
def watch(event, args):
    if event in ("os.remove", "os.rename", "os.rmdir"):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
from xladdin.__main__ import start
start()
"""


@pytest.mark.slow
def test_p21_a_run_killed_while_it_clears_its_parts_never_makes_the_next_one_write_fewer_rows(tmp_path):
    pq.write_table(companies(5_500), tmp_path / "c.parquet", row_group_size=700)
    score(tmp_path / "c.parquet", tmp_path / "whole.parquet", part=1_000)
    whole = pq.read_table(tmp_path / "whole.parquet")
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    ended = []
    for moment in range(40):
        words = ["score", "c.parquet", "out.parquet", "--as-of", "2026-06-30", "--part", "1000", "--force", *(["--restart"] if moment % 3 == 2 else [])]
        run = subprocess.run([sys.executable, "-c", DIES, str(moment), *words], check=False, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
        ended.append(run.returncode)
        if (tmp_path / "out.parquet").exists():
            assert pq.read_table(tmp_path / "out.parquet").equals(whole), f"killed at step {moment}"
        if run.returncode == 0:
            break
    assert ended[-1] == 0, run.stderr
    assert ended.count(-signal.SIGKILL) > 10, "it was killed at every step before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.parquet", "out.parquet", "whole.parquet"]


@pytest.mark.parametrize("lost", [(0,), (2,), (0, 1, 2, 3), (1, 4), (5,)])
def test_p21_parts_behind_a_missing_one_are_scored_again(tmp_path, lost):
    """What a run of an earlier version left that was killed while it removed its parts, in whatever order."""
    pq.write_table(companies(5_500), tmp_path / "c.parquet", row_group_size=700)
    out, parts = tmp_path / "out.parquet", tmp_path / "out.parquet.parts"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workbook.large.score_job.shutil.rmtree", lambda *_args, **_named: None)
        score(tmp_path / "c.parquet", out, part=1_000)
    for left in tmp_path.glob("out.parquet.parts.cleared-*"):
        left.rename(parts)
    whole = pq.read_table(out)
    for number in lost:
        (parts / f"part-{number:05}.parquet").unlink()
    made = score(tmp_path / "c.parquet", out, part=1_000, force=True)
    assert pq.read_table(out).equals(whole)
    assert (made.companies, made.kept) == (5_500, min(lost) * 1_000)
    assert not parts.exists()


def test_p21_two_runs_into_one_file_do_not_mix_their_parts(tmp_path):
    pq.write_table(companies(200_000), tmp_path / "c.parquet", row_group_size=20_000)
    score(tmp_path / "c.parquet", tmp_path / "whole.parquet")
    words = [sys.executable, "-m", "xladdin", "score", "c.parquet", "out.parquet", "--as-of", "2026-06-30", "--part", "5000", "--force"]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    runs = [subprocess.Popen(words, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [run.communicate(timeout=120)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert pq.read_table(tmp_path / "out.parquet").equals(pq.read_table(tmp_path / "whole.parquet"))


def test_parts_of_another_source_or_day_are_not_gone_on_with(tmp_path):
    pq.write_table(companies(3_000), tmp_path / "c.parquet")
    good = companies(3_000)
    bad = good.set_column(1, "current_ratio", pa.array(["x"] * 3_000))
    pq.write_table(bad, tmp_path / "c.parquet")
    parts = tmp_path / "out.parquet.parts"
    parts.mkdir()
    (parts / "plan.json").write_text('{"as_of": "2020-01-01"}')
    with pytest.raises(BadRequest, match=r"was begun with another source.*--restart"):
        score(tmp_path / "c.parquet", tmp_path / "out.parquet")
    made = score(tmp_path / "c.parquet", tmp_path / "out.parquet", restart=True)
    assert made.unscored == 3_000
    assert set(pq.read_table(tmp_path / "out.parquet")["problem"].to_pylist()) == {"current_ratio cannot be read"}


def test_a_bad_row_group_is_named_and_what_came_before_is_kept(tmp_path):
    path = tmp_path / "c.parquet"
    pq.write_table(companies(40_000), path, row_group_size=10_000, compression="snappy")
    whole = path.read_bytes()
    at = pq.read_metadata(path).row_group(2).column(1).data_page_offset
    path.write_bytes(whole[: at - 20] + b"\xff" * 4_000 + whole[at + 3_980 :])
    with pytest.raises(BadRequest, match=r"c.parquet, row group 3 of 4 cannot be read: .*what was scored before it is kept"):
        score(path, tmp_path / "out.parquet", part=5_000)
    assert len(list((tmp_path / "out.parquet.parts").glob("part-*"))) >= 3


@pytest.mark.parametrize(("columns", "text"), [
    ({"customer_id": ["a"]}, "has no column of a credit file"),
    ({"ebit": [1.0]}, "has no column customer_id that names the company"),
    ({"customer_id": ["a"], "ebit": [[1.0]]}, "the column ebit holds list.*where a number is wanted"),
    ({"customer_id": ["a"], "ebit": [1.0], "EBIT": [2.0]}, "the columns ebit and EBIT both stand for ebit"),
], ids=str)
def test_what_cannot_be_scored_is_said(columns, text, tmp_path):
    pq.write_table(pa.table(columns), tmp_path / "c.parquet")
    with pytest.raises(BadRequest, match=text):
        score(tmp_path / "c.parquet", tmp_path / "out.parquet")


@pytest.mark.parametrize("kind", [pytest.param("spark", marks=needs("spark"))])
def test_spark_gives_the_same_scores(kind, tmp_path):
    pq.write_table(companies(3_000), tmp_path / "c.parquet", row_group_size=500)
    score(tmp_path / "c.parquet", tmp_path / "here.parquet")
    score(f"spark:local?path={tmp_path}/c.parquet", tmp_path / "there.parquet")
    here, there = (sorted(pq.read_table(tmp_path / name).to_pylist(), key=lambda row: row["customer_id"]) for name in ("here.parquet", "there.parquet"))
    assert there == here
