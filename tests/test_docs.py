"""What the docs promise is what the code does: the commands of the pages answer what is printed there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import typer.main

from tests.doc_sessions import agrees, make_demo, play, sessions
from tests.test_command_line import run
from workbook.tables import TABLES
from xladdin import cli, function_pages
from xladdin.registry import functions, reports

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TOUR = ROOT / "docs" / "tour.md"
#: pages of a task: each runs on the demo workbook from its first line
TASKS = (
    "late-customer", "bankrupt-buyer", "see-it-coming", "set-limits", "write-a-contract", "choose-a-policy", "cash-to-come", "claim-pack",
)  # fmt: skip
PLAYED = [page for page in PAGES if sessions(page.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo workbook, made once, and what the command said."""
    return make_demo(tmp_path_factory.mktemp("demo"))


@pytest.mark.parametrize("page", PLAYED, ids=lambda page: page.stem)
def test_the_commands_of_a_page_answer_what_it_prints(page, demo, tmp_path):
    """An answer that changed by intent: python -m tests.doc_sessions PAGE writes it, the difference is read before it is kept."""
    wrong = []
    for shown, code, lines in play(page, tmp_path, demo):
        refused = any(line.startswith("xladdin: ") for line in shown.answer)
        if not agrees(shown.answer, lines) or (code == 2) != refused:
            wrong.append("\n".join([f"line {shown.line + 1}, exit code {code}: {shown.command}", *(f"    {line}" for line in lines)]))
    assert not wrong, f"changed by intent? python -m tests.doc_sessions docs/{page.name}, and read the difference\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", [*TASKS, "tour"])
def test_a_page_of_a_task_begins_with_the_demo_and_leaves_no_command_unplayed(name):
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert commands_of(ROOT / "docs" / f"{name}.md")[0] == "xladdin demo"
    assert re.findall(r"(?m)^(?: +```|```\S+|    xladdin .*)$", text) == []  # in a list or under a language it would not be played
    assert f"docs/{name}.md" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_an_answer_is_compared_but_for_what_the_page_leaves_out():
    assert agrees(["a … c", "…", "z"], ["a b c", "d", "e", "z"])
    assert agrees([], [])
    assert not agrees(["a … c", "z"], ["a b c", "d", "z"])
    assert not agrees(["1,234.56"], ["1,234.57"])
    assert not agrees([], ["a"])


def commands_of(page):
    return [shown.command for shown in sessions(page.read_text(encoding="utf-8"))]


def test_the_tour_shows_every_function_table_and_report():
    commands = commands_of(TOUR)
    called = {command.split()[2] for command in commands if command.startswith("xladdin call ")}
    assert set(functions()) - called == set()
    shown = {match[1].strip('"') for command in commands if (match := re.match(r'xladdin show Credit-demo.xlsm ("[^"]+"|\S+)', command))}
    assert {table.name for table in TABLES.values()} | {"Settings", "Archive"} <= shown
    assert {spec.sheet for spec in reports().values()} <= shown


def test_the_tour_names_every_case_it_repeats():
    text = TOUR.read_text(encoding="utf-8").split("## The cases")[1]
    rows = [line.split("|")[1] for line in text.splitlines() if re.match(r"\| [A-D]\d", line)]
    named = set()
    for first, _, last in (part.strip().partition(" to ") for row in rows for part in row.split(",")):
        numbers = range(int(first[1:]), int((last or first)[1:]) + 1)
        named |= {f"{first[0]}{number}" for number in numbers}
    expected = {f"{letter}{number}" for letter, count in (("A", 13), ("B", 8), ("C", 8), ("D", 12)) for number in range(1, count + 1)}
    assert named == expected


def test_the_page_of_commands_names_every_command():
    group = typer.main.get_command(cli.app)
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    names = [name if not hasattr(one, "commands") else f"{name} {sub}" for name, one in group.commands.items() for sub in getattr(one, "commands", [""])]
    assert [name for name in names if f"`xladdin {name}" not in text] == []


def test_the_pages_name_only_commands_and_options_that_there_are():
    group = typer.main.get_command(cli.app)
    for page in [*PAGES, ROOT / "CHANGELOG.md", ROOT / "benchmarks" / "README.md"]:
        for name, rest in re.findall(r"xladdin ([a-z][a-z-]+)\b([^`|\n]*)", page.read_text(encoding="utf-8")):
            command = group.commands.get(name)
            if command is None:
                assert not re.match(r" +(?:[A-Z]|--)", rest), f"{page.name}: xladdin {name}{rest}"
                continue
            known = {option for one in [command, *getattr(command, "commands", {}).values()] for part in one.params for option in part.opts} | {"--help"}
            assert set(re.findall(r"(?<= )--[a-z][a-z-]*", rest)) <= known, f"{page.name}: xladdin {name}{rest}"


def test_every_report_has_a_chapter_and_stands_in_the_readme():
    chapters = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    labels = [spec.label for spec in reports().values()]
    assert [label for label in labels if f"\n## {label}" not in chapters] == []
    assert [label for label in labels if label.casefold() not in readme.casefold()] == []


def test_the_page_of_functions_is_written_from_the_code():
    assert function_pages.PAGE.read_text(encoding="utf-8") == function_pages.page(), "run: python -m xladdin.function_pages"


@pytest.mark.parametrize("spec", functions().values(), ids=functions())
def test_every_function_has_its_chapter_with_an_example_and_the_source_of_its_rule(spec):
    chapter = function_pages.PAGE.read_text(encoding="utf-8").split(f"\n### {spec.name}\n")[1].split("\n### ")[0]
    assert f"* `={spec.name}(" in chapter
    assert re.search(r"\nSource: \S.{10,}", chapter)


def test_every_function_stands_on_the_guide_sheet_with_an_example(demo):
    from xladdin.hosts.file import open_book

    book = open_book(demo[0])
    try:
        rows = [row for row in book.sheets["Function guide"].range("A4:H400").value if row[0]]
    finally:
        book.close()
    assert {row[0] for row in rows} == set(functions())
    for name, *_, formula, result, expected in rows:
        assert formula, name
        assert result in (None, "") if expected in (None, "") else result == pytest.approx(expected) if isinstance(expected, float) else result == expected, name


def glossary():
    """The rows of the glossary: English, Chinese, meaning, where."""
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [row for row in rows if row[0] != "English"]


def test_the_glossary_uses_the_chinese_words_of_the_product():
    product = "\n".join(path.read_text(encoding="utf-8") for folder in ("functions", "workbook") for path in sorted((ROOT / folder).rglob("*.py")))
    assert len(glossary()) > 60
    assert [(english, chinese) for english, chinese, _, where in glossary() if where != "–" and chinese not in product] == []


def test_the_glossary_names_sheets_and_functions_that_there_are():
    known = {spec.sheet for spec in reports().values()} | {spec.label for spec in reports().values()} | {table.name for table in TABLES.values()}
    known |= {"Settings", "Letters", "Claim pack"}
    for english, _, meaning, where in glossary():
        assert meaning, english
        assert set(re.findall(r"`(\w+)`", where)) <= set(functions()), english
        assert set(re.findall(r"\*([^*]+)\*", where)) <= known, english
    terms = [english for english, *_ in glossary()]
    assert len(set(terms)) == len(terms)


def test_links_of_the_docs_lead_somewhere():
    for page in PAGES:
        for target, anchor in re.findall(r"\]\(([^)#]*)(#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if target.startswith("http"):
                continue
            path = page.parent / target if target else page
            assert path.exists(), f"{page.name}: {target}"
            if anchor and path.suffix == ".md":
                assert anchor[1:] in anchors(path), f"{page.name}: {target}{anchor}"


def anchors(page):
    """The anchors of a page's headings, as GitHub makes them."""
    found = []
    for heading in re.findall(r"(?m)^#+ (.+)$", page.read_text(encoding="utf-8")):
        plain = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        same = sum(one == plain or re.fullmatch(rf"{re.escape(plain)}-\d+", one) is not None for one in found)
        found.append(f"{plain}-{same}" if same else plain)
    return found


def test_p23_the_commands_of_the_readme_run_in_a_fresh_clone_as_they_are_written(tmp_path, monkeypatch):
    listed = subprocess.run(["git", "ls-files", "-z", "--", "*.xlsm", "README.md", "docs/*.csv"], check=True, capture_output=True, text=True, cwd=ROOT)
    for name in filter(None, listed.stdout.split("\0")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"(?m)^    \.venv/bin/xladdin (.+)$", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(commands) >= 5
    for command in commands:
        code, _, err = run(*shlex.split(command))
        assert code == 0, (command, err)
    assert subprocess.run(["git", "diff", "--quiet", "--", "Credit.xlsm"], check=False, cwd=ROOT).returncode == 0
