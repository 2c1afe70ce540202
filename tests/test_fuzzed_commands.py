"""Every command with files that are missing, folders, odd, unreadable or full, and with odd options: one line and exit 2, never a defect.

Seeded; `FUZZ` makes it longer: FUZZ=20 pytest tests/test_fuzzed_commands.py.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.test_command_line import run

TIMES = 8 * int(os.environ.get("FUZZ", "1"))
LONG = "x" * 300
#: what stands where a file or folder is wanted; the fixture makes those that are there
PATHS = (
    "", " ", ".", "..", "no", "no/such/file.csv", "folder", "folder.xlsm", "folder.csv", "folder.parquet", "empty.xlsm", "empty.csv", "empty.parquet", "text.xlsm",
    "text.csv", "text.parquet", "text.docx", "text.pdf", "loop", "loop.csv", "dangling.csv", "full.csv", "full.parquet", "full.json", "pipe-less", "mem.csv", "cut.xlsm", LONG,
    f"{LONG}.csv", "x" * 5000, "a\nb.csv", "b\udcff.xlsm", "b\udcff.csv", "b\udcff.parquet", "~nobody-here/x.csv", "=1+1.csv", "-", "--", "/dev/null", "/dev/full", "text.csv/below.csv",
    "Credit.xlsm", "led.csv", "led.parquet", "books", "//server/share/x.csv", "duckdb:///text.csv", "duckdb:///Credit.xlsm", "postgres://[x", "postgres://h/", "spark:x", "C:\\a\\b.csv",
    "sheet.csv", "new.csv", "new.parquet", "new.json", "new.xlsm", "new folder",
)  # fmt: skip
WORDS = ("", " ", "x", "0", "-1", "1e999", "2026-06-30", "2026-02-30", "9999-99-99", "aging", "Ledger", "en", "=", "a=b", "limits=x", "ledger=books", "界" * 200, "\udcff", "C1", "CNY", "99999999999999999999")
#: a command's words: P a path, W a word, = the workbook, and options that may be left out
COMMANDS = {
    "build": "P? --language:W --force", "demo-refused": "", "import": "P P --table:W --profile:W --map:W --date-format:W --number-format:W --sheet:W --encoding:W --delimiter:W --header-row:W --replace --append --add-customers --save-profile:W --preview --json",
    "refresh": "P --report:W --as-of:W --set:W --json:P --ledger:P --map:W --force --engine:W", "score": "P P --as-of:W --id:W --restart --part:W --force --json",
    "drill": "P --customer:W! --currency:W! --bucket:W --out:P --as-of:W --set:W --ledger:P --map:W --force --json", "show": "P W --row:W --column:W --part:W --top:W --json",
    "snapshot": "P --to:P --as-of:W --months:W --force --renamed --set:W --ledger:P --json", "trends": "P --as-of:W --months:W --json", "recalc": "P --json --engine:W", "undo": "P",
    "check": "P --json", "call": "W W W W", "contract": "P --language:W --json", "blacklist export": "P P --source:W! --salt-file:P --force", "blacklist import": "P P --salt-file:P",
    "letters": "P P --level:W --customer:W --language:W --as-of:W --force --json", "alerts": "P --to:A! --dry-run --json",
    "claim-pack": "P W P --accepted:W --language:W --evidence:P --set:W --force --json", "letter-templates": "P --force", "functions": "--json",
}  # fmt: skip


@pytest.fixture
def here(small, tmp_path, monkeypatch):
    """A folder with everything that PATHS names."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XLADDIN_BLACKLIST_SALT", "a salt that is long enough")
    for name in ("folder", "folder.xlsm", "folder.csv", "folder.parquet", "books"):
        Path(name).mkdir()
    for name in ("empty.xlsm", "empty.csv", "empty.parquet"):
        Path(name).write_bytes(b"")
    for name in ("text.xlsm", "text.csv", "text.parquet", "text.docx", "text.pdf", "b\udcff.csv"):
        Path(name).write_text("a,b\n1,2\n")
    for name, target in (("loop", "loop"), ("loop.csv", "loop.csv"), ("dangling.csv", "nowhere"), ("mem.csv", "/proc/self/mem")):
        Path(name).symlink_to(target)
    for name in ("full.csv", "full.parquet", "full.json"):
        Path(name).symlink_to("/dev/full")
    Path("cut.xlsm").write_bytes(small.read_bytes()[:5000])
    Path("b\udcff.xlsm").write_bytes(small.read_bytes())
    text = "document_no,document_type,customer_id,document_date,due_date,currency,amount\nI1,invoice,C1,2026-01-01,2026-02-01,CNY,100\n"
    for name in ("led.csv", "books/a.csv", "books/b.csv"):
        Path(name).write_text(text)
    from pyarrow.csv import read_csv
    from pyarrow.parquet import write_table

    write_table(read_csv("led.csv"), "led.parquet")
    return tmp_path


def words_of(command: str, chance: random.Random) -> list[str]:
    """Words for a command: its paths and words odd, a workbook in one case of two, half of its options."""
    said = command.split()
    for at, form in enumerate(COMMANDS[command].split()):
        kind = form.rstrip("?!").rpartition(":")[2]
        if kind.startswith("--"):
            said += [kind] if chance.random() < 0.3 else []
            continue
        value = chance.choice(PATHS if kind in "PA" else WORDS)
        if kind == "P" and at == 0 and chance.random() < 0.6:
            value = "Credit.xlsm"
        if kind == "A":
            value = f"file:{value}" if chance.random() < 0.8 else chance.choice(("smtp://", "https://[x", "ftp://x", "http://h:99999999/"))
        option = form.partition(":")[0] if form.startswith("--") else ""
        if (form.endswith("?") or (option and not form.endswith("!"))) and chance.random() < 0.7:
            continue
        said += [f"{option}={value}"] if option else [value]
    return said


@pytest.mark.parametrize("command", [name for name in COMMANDS if COMMANDS[name]])
def test_odd_command_lines_end_in_one_line_and_exit_2_or_do_their_work(command, here):
    chance = random.Random(os.environ.get("SEED", "") + command)
    kept = {name: Path(name).read_bytes() for name in ("led.csv", "led.parquet", "books/a.csv", "text.csv")}
    book = Path("Credit.xlsm").read_bytes()
    for _ in range(TIMES):
        words = words_of(command, chance)
        code, out, err = run(*words)
        told = f"{words}\n{out[-300:]}\n{err}"
        assert code in (0, 1, 2), told
        assert "inside" not in err, told
        assert "Traceback" not in err + out, told
        assert len(err) < 3000, told
        if code == 2 and not err.startswith("Usage"):
            assert err.startswith("xladdin: "), told
            assert err.count("\n") == 1, told
        assert {name: Path(name).read_bytes() for name in kept} == kept, told
        Path("Credit.xlsm").write_bytes(book)
