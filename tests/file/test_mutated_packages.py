"""Workbooks whose parts somebody or something changed: read, said in one line, or refused with the file as it was. Never a defect.

Seeded; `FUZZ` makes it longer: FUZZ=20 pytest tests/file/test_mutated_packages.py. `SEED` tries others.
"""

from __future__ import annotations

import os
import random
import re
import zipfile
from pathlib import Path

import pytest

from tests.test_command_line import run

FUZZ = int(os.environ.get("FUZZ", "1"))
SEED = os.environ.get("SEED", "")
ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
ELEMENT = re.compile(rb"<([\w:]+)(?:\s[^<>]*)?/>|<([\w:]+)(?:\s[^<>]*)?>[^<>]*</\2>")
REFERENCE = re.compile(rb"\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?")
#: what an attribute is changed into
VALUES = (
    b"", b"0", b"1", b"-1", b"99999999999", b"1e5", b"A1", b"A1:A1048576", b"XFD1048576", b"A0", b"ZZZZ9", b"#REF!", b"A1:", b"C3:A1", b"x", b"true", b"rId1", b"rId999", b"../../x.xml", b"/xl/workbook.xml", b"xl/none.xml",
    b"http://x/y.xml", b"Ledger", b"Aging", b"rpt_aging", "界".encode(), b"&#0;", b"&amp;", b"&lt;", b"_xD800_", b"s", b"str", b"e", b"b", b"d", b"inlineStr", b"n", b"NaN", b"1.5", b"x" * 40_000,
)  # fmt: skip
TEXTS = (b"", b"1", b"-1", b"99999999", b"x", b"1e999", b"NaN", b"#N/A", b"#REF!", b"'No sheet'!$A$1", b"Ledger!$A$1:$B$2", b"=1+", b"[1]Sheet!A1", b"_xD83D_", b"&#xD800;", b"2026-13-45", b"0.1.2", b"\xef\xbf\xbe", b"\xff", b"\x00")
#: parts that matter more than pictures
WEIGHTY = re.compile(r"workbook\.xml|rels|Content_Types|sharedStrings|styles|tables/|worksheets/sheet")


def a_piece(pattern, data, chance):
    """One match of a pattern somewhere in a part."""
    start = chance.randrange(len(data)) if data else 0
    return pattern.search(data, start) or pattern.search(data)


def attribute_changed(data, chance):
    found = a_piece(ATTRIBUTE, data, chance)
    return data if not found else data[: found.start(2)] + chance.choice(VALUES) + data[found.end(2) :]


def attribute_gone(data, chance):
    found = a_piece(ATTRIBUTE, data, chance)
    return data if not found else data[: found.start()] + data[found.end() :]


def attribute_borrowed(data, chance):
    """The value of another attribute of the part."""
    one, other = a_piece(ATTRIBUTE, data, chance), a_piece(ATTRIBUTE, data, chance)
    return data if not one else data[: one.start(2)] + other[2] + data[one.end(2) :]


def element_gone(data, chance):
    found = a_piece(ELEMENT, data, chance)
    return data if not found else data[: found.start()] + data[found.end() :]


def element_doubled(data, chance):
    found = a_piece(ELEMENT, data, chance)
    return data if not found else data[: found.end()] + found[0] * chance.choice((1, 2, 50)) + data[found.end() :]


def element_moved(data, chance):
    one = a_piece(ELEMENT, data, chance)
    if not one:
        return data
    rest = data[: one.start()] + data[one.end() :]
    other = a_piece(ELEMENT, rest, chance)
    return rest if not other else rest[: other.start()] + one[0] + rest[other.start() :]


def text_changed(data, chance):
    found = a_piece(re.compile(rb">([^<>]+)<"), data, chance)
    return data if not found else data[: found.start(1)] + chance.choice(TEXTS) + data[found.end(1) :]


def reference_changed(data, chance):
    found = a_piece(REFERENCE, data, chance)
    return data if not found else data[: found.start()] + chance.choice((b"A1", b"B2:A1", b"A1:XFD1048576", b"#REF!", b"A9999999", b"C7")) + data[found.end() :]


def stretch_gone(data, chance):
    at = chance.randrange(len(data) or 1)
    return data[:at] + data[at + chance.choice((1, 7, 300)) :]


def byte_flipped(data, chance):
    if not data:
        return data
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def emptied(_data, _chance):
    return b""


def shuffled(data, chance):
    """Elements of one kind in another order: sheets, names, relationships, texts."""
    kind = a_piece(ELEMENT, data, chance)
    if not kind:
        return data
    name = re.escape(kind[1] or kind[2])
    pattern = re.compile(rb"<" + name + rb"(?:\s[^<>]*)?/>|<" + name + rb"(?:\s[^<>]*)?>[^<>]*</" + name + rb">")
    pieces = [found[0] for found in pattern.finditer(data)]
    chance.shuffle(pieces)
    left = iter(pieces)
    return pattern.sub(lambda _found: next(left), data)


CHANGES = (attribute_changed, attribute_changed, attribute_gone, attribute_borrowed, element_gone, element_doubled, element_moved, text_changed, text_changed, reference_changed, stretch_gone, byte_flipped, emptied, shuffled)  # fmt: skip


def mutate(source, target, chance):
    """Write a workbook with one to three things changed in its parts, or a part gone, doubled or put in another's place."""
    with zipfile.ZipFile(source) as file:
        parts = [(name, file.read(name)) for name in file.namelist()]
    said = []
    for _ in range(chance.choice((1, 1, 2, 3))):
        weighty = [at for at, (name, _) in enumerate(parts) if WEIGHTY.search(name)]
        at = chance.choice(weighty) if chance.random() < 0.85 else chance.randrange(len(parts))
        name, data = parts[at]
        how = chance.random()
        if how < 0.04:
            del parts[at]
            said.append(f"{name} gone")
        elif how < 0.06:
            parts.append((name, data))
            said.append(f"{name} twice")
        elif how < 0.10:
            parts[at] = (name, chance.choice(parts)[1])
            said.append(f"{name} another's")
        else:
            change = chance.choice(CHANGES)
            parts[at] = (name, change(data, chance))
            said.append(f"{name} {change.__name__}")
    import warnings

    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in parts:
            file.writestr(name, data)
    return said


def commands(path, table):
    """What is done with a workbook, the commands that read first."""
    return (
        ("show", path, "ledger"), ("show", path, "aging", "--json"), ("check", path), ("drill", path, "--customer=C0", "--currency=CNY"), ("recalc", path), ("refresh", path, "--report=aging", "--report=escalation"),
        ("import", table, path, "--replace"), ("import", path, path.with_name("target.xlsm"), "--table=ledger", "--replace"), ("undo", path),
    )  # fmt: skip


def endure(source, folder, told):
    """Mutate a workbook and run the commands on it."""
    chance = random.Random(told)
    path = folder / "Credit.xlsm"
    said = f"{told}: {mutate(source, path, chance)}"
    ledger = folder / "ledger.csv"
    ledger.write_text("document_no,document_type,customer_id,document_date,due_date,currency,amount\nI1,invoice,C1,2026-01-01,2026-02-01,CNY,100\n")
    (folder / "target.xlsm").write_bytes(source.read_bytes())
    for words in commands(path, ledger):
        before = path.read_bytes()
        code, out, err = run(*words)
        line = f"{said}\n{words[0]} {words[2:]}\n{out[-300:]}\n{err[-2000:]}"
        assert code in (0, 1, 2), line
        assert "inside" not in err, line
        assert "Traceback" not in err + out, line
        assert len(err) < 3_000, line
        if code == 2:
            assert err.startswith("xladdin: "), line
            assert err.count("\n") == 1, line
            assert path.read_bytes() == before, line


@pytest.fixture(scope="module")
def refreshed(_built, tmp_path_factory):
    """The small workbook with its reports."""
    path = tmp_path_factory.mktemp("mutated") / "Credit.xlsm"
    path.write_bytes((_built / "small.xlsm").read_bytes())
    assert run("refresh", path)[0] in (0, 1)
    return path


@pytest.mark.parametrize("seed", range(4 * FUZZ))
def test_a_workbook_with_changed_parts_is_read_or_refused_in_one_line(refreshed, tmp_path, seed):
    endure(Path(refreshed), tmp_path, f"{SEED}{seed}")
