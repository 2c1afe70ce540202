"""What a command writes is never what it reads, never replaces a file unasked, is whole or not there, and no CSV cell is a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import stat
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_command_line import run
from workbook.build import build_workbook
from xladdin import cli
from xladdin.errors import BadRequest, CannotWrite
from xladdin.jobs.exchange import push_alerts
from xladdin.output import check_log, harmless, output

HEADER = "document_no,document_type,customer_id,document_date,due_date,currency,amount"
LINES = "I1,invoice,C1,2026-01-01,2026-02-01,CNY,100\nI2,invoice,C2,2026-01-01,2026-02-01,CNY,50\n"
SALT = "a salt that is long enough"


@pytest.fixture
def here(small, tmp_path, monkeypatch):
    """A folder with a workbook, a ledger in two forms, a salt, and a company file."""
    monkeypatch.chdir(tmp_path)
    Path("led.csv").write_text(f"{HEADER}\n{LINES}")
    Path("salt.txt").write_text(SALT)
    Path("firms.csv").write_text("customer_id,current_ratio\nC1,1.5\nC2,2\n")
    from pyarrow.csv import read_csv

    pq.write_table(read_csv("led.csv"), "led.parquet")
    pq.write_table(read_csv("firms.csv"), "firms.parquet")
    return tmp_path


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()}


#: commands that make one file, with what they read: {out} is the file
DRILL = ["drill", "Credit.xlsm", "--customer", "C1", "--currency", "CNY", "--as-of", "2026-06-30"]
MAKERS = {
    "drill csv": ([*DRILL, "--ledger", "led.csv", "--out"], ["led.csv"]),
    "drill parquet": ([*DRILL, "--ledger", "led.parquet", "--out"], ["led.parquet"]),
    "refresh": (["refresh", "Credit.xlsm", "--as-of", "2026-06-30", "--report", "aging", "--ledger", "led.csv", "--json"], ["Credit.xlsm", "led.csv"]),
    "blacklist": (["blacklist", "export", "Credit.xlsm", "--source", "A", "--salt-file", "salt.txt"], ["Credit.xlsm", "salt.txt"]),
    "score": (["score", "firms.parquet"], ["firms.parquet"]),
}


def names_of(path):
    """Other names of a file: a path around a corner, a symbolic link, a hard link, other capitals. The suffix stays, as commands ask for it."""
    suffix = path.suffix
    Path(f"soft{suffix}").symlink_to(path)
    os.link(path, f"hard{suffix}")
    Path("corner").mkdir()
    Path("linked").symlink_to(path.parent)
    return [str(path), path.name, f"corner/../{path.name}", f"soft{suffix}", f"hard{suffix}", f"linked/{path.name}", path.stem.swapcase() + suffix]


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("force", [False, True], ids=["plain", "force"])
def test_p26_no_output_goes_onto_what_the_command_reads_by_any_name(maker, force, here):
    words, inputs = MAKERS[maker]
    for name in inputs:
        for other in names_of(here / name):
            before = contents(here)
            code, out, err = run(*words, other, *(["--force"] if force else []))
            assert (code, out) == (2, ""), (other, out)
            assert err.count("\n") == 1
            assert "never written over" in err, err
            assert contents(here) == before
        for made in ("linked", *(f"{one}{Path(name).suffix}" for one in ("soft", "hard"))):
            Path(made).unlink()
        Path("corner").rmdir()


@pytest.mark.parametrize("maker", MAKERS)
def test_p26_a_file_that_is_there_stays_without_force(maker, here):
    words, _ = MAKERS[maker]
    name = {"drill parquet": "out.parquet", "score": "out.parquet"}.get(maker, "out.csv")
    Path(name).write_text("mine")
    before = contents(here)
    code, _, err = run(*words, name)
    assert code == 2
    assert "--force" in err
    assert contents(here) == before, "the workbook is not refreshed either"
    assert run(*words, name, "--force")[0] in (0, 1)
    assert Path(name).read_bytes() != b"mine"
    kept = Path(name).read_bytes()
    Path(name).unlink()
    assert run(*words, name)[0] in (0, 1)
    assert len(Path(name).read_bytes()) == len(kept) or maker == "refresh"
    assert not [path for path in here.iterdir() if path.name.startswith(".xladdin")]


@pytest.mark.parametrize("maker", MAKERS)
def test_p26_a_full_disk_a_missing_folder_and_a_folder_are_one_line(maker, here):
    words, _ = MAKERS[maker]
    suffix = {"drill parquet": ".parquet", "score": ".parquet"}.get(maker, ".csv")
    Path(f"folder{suffix}").mkdir()
    Path(f"full{suffix}").symlink_to("/dev/full")
    Path(f"dangling{suffix}").symlink_to("nowhere/at/all")
    before = contents(here)
    for name in (f"no/such/{suffix}", f"folder{suffix}", f"full{suffix}", f"dangling{suffix}", f"{'x' * 300}{suffix}", f"{'界' * 100}{suffix}"):
        code, out, err = run(*words, name)
        assert (code, out, err.count("\n")) == (2, "", 1), (name, out, err)
        assert "inside" not in err
        assert {**contents(here), **before} == contents(here)


def test_p26_no_file_is_put_among_those_that_are_read_together(here):
    Path("books").mkdir()
    Path("led.csv").rename("books/led.csv")
    for out in ("books/new.csv", "books/deep/../new.csv", f"{here}/books/new.csv"):
        Path("books/deep").mkdir(exist_ok=True)
        code, _, err = run(*DRILL, "--ledger", "books", "--out", out)
        assert (code, "be read with them" in err) == (2, True), err
    assert sorted(path.name for path in Path("books").iterdir()) == ["deep", "led.csv"]
    code, _, err = run("snapshot", "Credit.xlsm", "--ledger", ".", "--as-of", "2026-06-30")
    assert code == 2, err


def test_p26_the_json_of_a_refresh_and_the_workbook_are_both_written_or_neither(here):
    code, _, _ = run("refresh", "Credit.xlsm", "--report", "aging", "--as-of", "2026-06-30", "--json", "a.json")
    assert code == 0
    assert "aging" in json.loads(Path("a.json").read_text())["reports"]
    before = Path("Credit.xlsm").read_bytes()
    code, _, err = run("refresh", "Credit.xlsm", "--report", "aging", "--as-of", "2026-03-31", "--json", "/dev/full")
    assert (code, "no space left" in err) == (2, True)
    assert Path("Credit.xlsm").read_bytes() == before
    code, out, _ = run("refresh", "Credit.xlsm", "--report", "aging", "--as-of", "2026-06-30", "--json", "-")
    assert list(json.loads(out)["reports"]) == ["aging"]


# ---- alerts


@pytest.mark.parametrize("name", ["Credit.xlsm", "led.csv", "soft.txt", "notes.docx", "data.json", "other.csv", "bytes.txt"])
def test_p26_alerts_are_added_to_lines_of_their_own_and_to_nothing_else(name, here):
    Path("soft.txt").symlink_to("Credit.xlsm")
    Path("notes.docx").write_bytes(b"PK\x03\x04")
    Path("data.json").write_text("[1, 2]\n")
    Path("other.csv").write_text("a,b\n")
    Path("bytes.txt").write_bytes(b"a\0b")
    before = contents(here)
    with pytest.raises(BadRequest):
        push_alerts(Path("Credit.xlsm"), f"file:{name}")
    assert contents(here) == before


def test_p26_alerts_never_go_onto_the_ledger_that_the_workbook_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("led.txt").write_text(f"{HEADER}\n{LINES}")
    build_workbook("w.xlsm", settings={"ledger": "led.txt"})
    with pytest.raises(BadRequest, match="never written over"):
        push_alerts(Path("w.xlsm"), "file:led.txt")


def test_p26_lines_are_added_where_lines_are(tmp_path):
    for name, text in (("a.txt", "a line\n"), ("a.log", ""), ("a.jsonl", '{"line": "x"}\n'), ("plain", "x")):
        (tmp_path / name).write_text(text)
        check_log(tmp_path / name)
    check_log(tmp_path / "new.txt")
    with pytest.raises(BadRequest):
        check_log(tmp_path)
    with pytest.raises(BadRequest):
        check_log(tmp_path / "no" / "folder.txt")


# ---- folders


def test_p26_letters_claim_packs_and_templates_replace_nothing_unasked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ledger = {"document_no": ["I1", "I2"], "document_type": ["invoice"] * 2, "customer_id": ["C1", "C2"], "currency": ["CNY"] * 2, "amount": [100, 50]}
    ledger |= {"document_date": [dt.date(2026, 4, 1)] * 2, "due_date": [dt.date(2026, 5, 15)] * 2}
    build_workbook("w.xlsm", data={"ledger": ledger, "customers": {"customer_id": ["C1", "C2"], "name": ["A", "B"]}}, settings={"as_of": dt.date(2026, 6, 30)})
    for words in (["letters", "w.xlsm"], ["letter-templates"], ["claim-pack", "w.xlsm", "C1"]):
        folder = words[0]
        code, _, err = run(*words, folder)
        assert code in (0, 1), err
        names = sorted(path.name for path in Path(folder).iterdir())
        assert names
        assert not [name for name in names if name.startswith(".")]
        Path(folder, names[0]).write_text("mine")
        before = contents(tmp_path)
        code, _, err = run(*words, folder)
        assert (code, "already holds" in err) == (2, True), err
        assert contents(tmp_path) == before
        assert run(*words, folder, "--force")[0] in (0, 1)
        assert Path(folder, names[0]).read_bytes() != b"mine"
        for name in names:
            Path(folder, name).unlink()
        os.link("w.xlsm", Path(folder, names[0]))
        before = contents(tmp_path)
        code, _, err = run(*words, folder, "--force")
        if folder != "letter-templates":  # which reads no workbook
            assert (code, "never written over" in err) == (2, True), err
            assert contents(tmp_path) == before
        code, _, err = run(*words, "w.xlsm")
        assert (code, "is a file" in err) == (2, True), err


def test_p26_a_snapshot_is_stored_over_nothing_that_is_no_snapshot(here):
    for table in ("aging", "ages", "scores"):
        place = here / "snaps" / table / "as_of=2026-06-30"
        place.mkdir(parents=True)
        (place / "part.parquet").write_bytes(b"mine")
        (place / "other.new").write_bytes(b"mine")
        before = contents(here)
        code, _, err = run("snapshot", "Credit.xlsm", "--to", "snaps", "--as-of", "2026-06-30")
        assert (code, err.count("\n")) == (2, 1), err
        assert {**contents(here), **before} == contents(here)
        (place / "part.parquet").unlink()
        os.link("led.parquet", place / "part.parquet")
        before = contents(here)
        code, _, err = run("snapshot", "Credit.xlsm", "--to", "snaps", "--as-of", "2026-06-30", "--ledger", "led.parquet", "--force")
        assert code == 2, err
        assert {**contents(here), **before} == contents(here)
        (place / "part.parquet").unlink()
    assert run("snapshot", "Credit.xlsm", "--to", "snaps", "--as-of", "2026-06-30")[0] == 0
    assert len([path for path in here.rglob("other.new") if path.read_bytes() == b"mine"]) == 3
    code, _, err = run("snapshot", "Credit.xlsm", "--to", "led.csv", "--as-of", "2026-06-30")
    assert (code, "is a file" in err) == (2, True)


def test_p26_scores_clear_away_no_folder_but_their_own(here):
    Path("out.parquet.parts").mkdir()
    Path("out.parquet.parts/mine.txt").write_text("mine")
    for more in ([], ["--restart"], ["--force"]):
        code, _, err = run("score", "firms.parquet", "out.parquet", *more)
        assert (code, "is no folder of a run" in err) == (2, True), err
    assert Path("out.parquet.parts/mine.txt").read_text() == "mine"


def test_p26_a_profile_of_another_content_is_not_replaced(empty, tmp_path):
    source = tmp_path / "s.csv"
    source.write_text(f"{HEADER}\n{LINES}")
    kept = tmp_path / "profiles" / "mine.toml"
    for more in ([], ["--map", "reference=document_no"]):
        code, _, err = run("import", empty, source, "--save-profile", "mine", "--replace", *more)
        if not more:
            assert code in (0, 1), err
            before, book = kept.read_bytes(), empty.read_bytes()
    assert (code, "another one" in err) == (2, True)
    assert (kept.read_bytes(), empty.read_bytes()) == (before, book)
    assert run("import", empty, source, "--save-profile", "mine", "--replace")[0] in (0, 1)


# ---- what is made new


def test_p26_demo_and_build_replace_a_workbook_only_with_force_and_keep_what_was_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("workbook.demo.MONTH_ENDS", [])
    made = {"demo": "d.xlsm", "build": "b.xlsm", "build --addin": "b.xlam", "build --libreoffice": "b.oxt"}
    for words, name in made.items():
        Path(name).write_text("mine")
        code, _, err = run(*words.split(), name)
        assert (code, "--force" in err, Path(name).read_text()) == (2, True, "mine")
        code, _, err = run(*words.split(), name, "--force")
        assert code == 0, err
        assert Path(name).read_bytes()[:2] == b"PK"
        assert [path.read_text() for path in Path(".credit-backups").iterdir() if path.name.startswith(name)] == ["mine"]
    Path("d.xlsm").unlink()
    Path("d-snapshots").mkdir()
    code, _, err = run("demo", "d.xlsm")
    assert (code, "d-snapshots" in err) == (2, True)
    Path("~$b.xlsm").write_text("")
    code, _, err = run("build", "b.xlsm", "--force")
    assert (code, "is open in Excel" in err) == (2, True)


def test_p26_nothing_is_printed_into_the_workbook(small, monkeypatch):
    before = small.read_bytes()
    with small.open("a") as file:
        monkeypatch.setattr("sys.stdout", file)
        with pytest.raises(BadRequest, match="send it elsewhere"):
            cli._not_into(small)
    assert small.read_bytes() == before


# ---- the writer


def fail(path, *, force):
    with output(path, force=force) as file:
        file.write(b"half")
        raise ZeroDivisionError


def test_p26_an_output_is_whole_or_not_there_and_keeps_the_rights_of_what_it_replaces(tmp_path):
    path = tmp_path / "o.txt"
    with pytest.raises(ZeroDivisionError):
        fail(path, force=False)
    assert list(tmp_path.iterdir()) == []
    with output(path) as file:
        file.write(b"whole")
    path.chmod(0o600)
    with pytest.raises(ZeroDivisionError):
        fail(path, force=True)
    assert path.read_bytes() == b"whole"
    with output(path, force=True) as file:
        assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == 0o600
        file.write(b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o600)
    (tmp_path / "l.txt").symlink_to(path)
    with output(tmp_path / "l.txt", force=True) as file:
        file.write(b"through")
    assert (tmp_path / "l.txt").is_symlink()
    assert path.read_bytes() == b"through"
    with pytest.raises(BadRequest, match="appeared"), output(tmp_path / "n.txt") as file:
        (tmp_path / "n.txt").write_text("somebody else's")
    assert (tmp_path / "n.txt").read_text() == "somebody else's"
    with pytest.raises(CannotWrite), output(Path("/dev/full")) as file:
        file.write(b"x" * 100_000)
    with output(Path("/dev/null")) as file:
        file.write(b"x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@given(st.text(max_size=12))
def test_p26_no_cell_of_a_csv_begins_like_a_formula_and_nothing_of_it_is_lost(text):
    made = harmless(text)
    assert made in (text, f"'{text}")
    assert made[:1] not in tuple("=@\t\r\n")
    if made[:1] in ("+", "-"):
        assert made.lstrip("+-").replace(".", "").replace(",", "").isdigit()


def test_p26_texts_of_a_drill_are_texts_and_amounts_numbers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    build_workbook("w.xlsm")
    odd = ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "-5", "+49 1", "plain", " =1+1"]
    with Path("l.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*HEADER.split(","), "reference"])
        writer.writerows([[f"{text}", "invoice", "C1", "2026-01-01", "2026-02-01", "CNY", "100", ""] for text in odd])
        writer.writerow(["-CN", "credit note", "C1", "2026-01-01", "2026-02-01", "CNY", "70", ""])
    code, _, err = run(*["drill", "w.xlsm", *DRILL[2:]], "--ledger", "l.csv", "--out", "d.csv")
    assert code == 0, err
    rows = list(csv.DictReader(io.StringIO(Path("d.csv").read_text())))
    assert len(rows) == len(odd) + 1
    for row in rows:
        for key, cell in row.items():
            assert cell[:1] not in ("=", "@", "\t", "\r"), (key, cell)
            if cell[:1] in ("+", "-"):
                float(cell)
    amounts = [row["open"] for row in rows if row["document_no"] == "'-CN"]
    assert [float(one) for one in amounts] == [-70.0], "a negative amount is a number"


def test_p26_a_source_of_a_hashed_blacklist_is_no_formula(tmp_path):
    small = tmp_path / "w.xlsm"
    build_workbook(small, data={"blacklist": {"name": ["A Company"], "source": ["us"]}})
    (tmp_path / "salt.txt").write_text(SALT)
    code, _, err = run("blacklist", "export", small, tmp_path / "l.csv", "--source", "=1+1", "--salt-file", tmp_path / "salt.txt")
    assert code == 0, err
    assert ",'=1+1," in (tmp_path / "l.csv").read_text()
    assert ",=" not in (tmp_path / "l.csv").read_text()
