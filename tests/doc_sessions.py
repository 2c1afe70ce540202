"""The commands that a page of the docs shows, and the answers printed there.

A fenced block without a language is a session: a line that is not indented is a command to paste; the lines below it, indented by
four spaces, are its answer. In an answer "…" stands for whatever is left out there, and a line of its own "…" for any lines.
Commands run in this process through the command line's own entry point, in a folder of the page's own, one after the other.

    python -m tests.doc_sessions docs/tour.md    # writes the answers of today into a page; read the difference before you keep it
"""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.test_command_line import run

DEMO = "xladdin demo"
WORKBOOK = "Credit-demo.xlsm"
SNAPSHOTS = "Credit-demo-snapshots"


@dataclass
class Shown:
    """A command of a page with the answer printed there, and the lines of a file that it writes (cat > FILE <<END)."""

    command: str
    line: int  # of the page, from 0
    answer: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    end: int = 0  # the line of the page behind its answer


def sessions(text: str) -> list[Shown]:
    """Find the commands of a page."""
    shown: list[Shown] = []
    inside, language, waiting = False, "", False
    for number, line in enumerate(text.splitlines()):
        if line.startswith("```"):
            inside, language, waiting = not inside, line[3:].strip(), False
        elif not inside or language:
            continue
        elif waiting:
            shown[-1].body.append(line)
            waiting = line != "END"
            shown[-1].end = number + 1
        elif line and not line.startswith(" "):
            shown.append(Shown(line, number, end=number + 1))
            waiting = line.endswith("<<END")
        elif shown:
            shown[-1].answer.append(line[4:])
            if line:
                shown[-1].end = number + 1
    for one in shown:
        while one.answer and not one.answer[-1]:
            one.answer.pop()
    return shown


def answer_of(shown: Shown, demo: tuple[Path, list[str]]) -> tuple[int, list[str]]:
    """Run a command in the current folder; answers exit code and lines. The demo is copied: it is made once for all pages."""
    if shown.command == DEMO:
        shutil.copy(demo[0], WORKBOOK)
        shutil.copytree(demo[0].with_name(SNAPSHOTS), SNAPSHOTS)
        return 0, demo[1]
    if shown.command.startswith("cat > "):
        Path(shlex.split(shown.command)[2]).write_text("\n".join(shown.body[:-1]) + "\n", encoding="utf-8")
        return 0, []
    words = shlex.split(shown.command)
    if words[0] == "echo":
        Path(words[words.index(">") + 1]).write_text(" ".join(words[1 : words.index(">")]) + "\n", encoding="utf-8")
        return 0, []
    if words[0] == "cat":
        return 0, Path(words[1]).read_text(encoding="utf-8").splitlines()
    assert words[0] == "xladdin", shown.command
    code, out, err = run(*words[1:])
    return code, [line.rstrip() for line in (out + err).splitlines()]


def agrees(printed: list[str], lines: list[str]) -> bool:
    """Compare a printed answer with the lines a command gave."""
    pattern = "\n".join(".*(?:\n.*)*" if line.strip() == "…" else ".*".join(map(re.escape, line.split("…"))) for line in printed)
    return re.fullmatch(pattern, "\n".join(lines)) is not None


def make_demo(folder: Path) -> tuple[Path, list[str]]:
    """Make the demo workbook with the command itself; answers it and what the command said."""
    code, out, err = run("demo", folder / WORKBOOK)
    assert code == 0, err
    return folder / WORKBOOK, out.splitlines()


def play(page: Path, folder: Path, demo: tuple[Path, list[str]]) -> list[tuple[Shown, int, list[str]]]:
    """Run the commands of a page in a folder; answers what each gave."""
    found = sessions(page.read_text(encoding="utf-8"))
    with contextlib.chdir(folder):
        return [(shown, *answer_of(shown, demo)) for shown in found]


def _write(page: Path, demo: tuple[Path, list[str]]) -> int:
    """Put today's answers into a page where they differ from what is printed; answers how many did."""
    with tempfile.TemporaryDirectory() as folder:
        played = play(page, Path(folder), demo)
    lines = page.read_text(encoding="utf-8").splitlines()
    changed = 0
    for shown, _, given in reversed(played):
        if not agrees(shown.answer, given):
            start = shown.line + 1 + len(shown.body)
            lines[start : max(shown.end, start)] = [f"    {_elided(line)}".rstrip() for line in given]
            changed += 1
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return changed


def _elided(line: str) -> str:
    """Leave out what varies from run to run or from machine to machine: seconds, and digits behind the sixth decimal."""
    return re.sub(r"(\d\.\d{6})\d+", r"\1…", re.sub(r"\d+\.\d s\b", "… s", line))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        made = make_demo(Path(place))
        for name in sys.argv[1:]:
            sys.stdout.write(f"{name}: {_write(Path(name), made)} answers written\n")
