"""Rules of the house: who may import whom, what is never imported, what stands in no file."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PUBLIC = {"xladdin.registry", "xladdin.errors", "xladdin.call", "xladdin.cells", "xladdin.convert"}


def modules(folder):
    return sorted(path for path in (ROOT / folder).rglob("*.py"))


def imports(path):
    """The full names of what a file imports; names of relative imports do not occur here."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def ours(names):
    return {name for name in names if name.split(".")[0] in ("functions", "workbook", "xladdin")}


def allowed(name, roots):
    return any(name == root or name.startswith(f"{root}.") or root.startswith(f"{name}.") for root in roots)


@pytest.mark.parametrize("path", modules("functions"), ids=lambda path: path.stem)
def test_functions_know_neither_workbook_nor_host(path):
    bad = [name for name in ours(imports(path)) if not allowed(name, {"functions", "xladdin.registry", "xladdin.errors", "xladdin.cells", "xladdin.counted"})]
    assert bad == []
    assert not {"pandas", "pyarrow", "xlwings", "duckdb", "ibis"} & {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", modules("workbook"), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_workbook_knows_functions_and_the_public_face_but_no_host(path):
    bad = [name for name in ours(imports(path)) if not allowed(name, {"functions", "workbook", "xladdin", *PUBLIC})]
    assert bad == []
    assert not [name for name in imports(path) if name.startswith(("xladdin.hosts", "xladdin.cli", "xladdin.jobs"))]


@pytest.mark.parametrize("path", modules("xladdin/hosts"), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_hosts_read_the_registry_and_name_no_function_or_report(path):
    assert [name for name in imports(path) if name.split(".")[0] in ("functions", "workbook")] == []


#: the one file that hands values to an engine
WRITER = "workbook/host_cells.py"


def value_writes(path):
    """Lines that put a value into cells past the one function that knows what a host takes."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, (ast.AugAssign, ast.AnnAssign)) else []
        names = [one.attr for target in targets for one in ast.walk(target) if isinstance(one, ast.Attribute)]
        setter = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr"
        if {"value", "raw_value", "Value", "Value2"} & set(names) or (setter and "value" in ast.unparse(node)):
            found.append(node.lineno)
    return found


@pytest.mark.parametrize("path", [*modules("workbook"), *modules("xladdin/jobs"), *modules("xladdin/hosts/excel")], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_p01_one_function_alone_writes_values_into_a_host_s_cells(path):
    if path == ROOT / WRITER:
        assert len(value_writes(path)) >= 3
    else:
        assert value_writes(path) == []


def test_the_paid_part_of_xlwings_is_never_imported():
    forbidden = tuple(f"xlwings.{part}" for part in ("pro", "server", "reports"))
    for folder in ("functions", "workbook", "xladdin", "benchmarks"):
        for path in modules(folder):
            assert [name for name in imports(path) if name.startswith(forbidden)] == [], path
    code = "import xladdin.hosts.file, xlwings; assert not xlwings.__pro__"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.mark.parametrize(
    ("code", "unwanted"),
    [
        ("import xladdin.cli", ("numpy", "pandas", "pyarrow", "xlwings", "ibis", "duckdb")),
        ("from xladdin.call import call; call('AGINGBUCKET', '2026-01-31', '2026-03-15')", ("pandas", "pyarrow", "ibis", "duckdb", "xlwings")),
    ],
)
def test_what_is_not_needed_is_not_imported(code, unwanted):
    assert imported(code, unwanted) == "[]"


#: libraries that are installed, and that the everyday refresh of a report has no use for
LEFT_OUT = (
    *("pandas", "scipy", "docx", "docxtpl", "jinja2", "pypdf", "openpyxl", "xlsxwriter", "formualizer", "python_calamine", "pyspark"),
    *("adbc_driver_manager", "rapidfuzz", "uvicorn"),
)


@pytest.mark.parametrize("more", [[], ["--report", "aging"], ["--report", "watch_list", "--report", "insurance"]], ids=["all", "aging", "two"])
def test_a_refresh_leaves_out_what_it_does_not_use(more, tmp_path):
    workbook = shutil.copy(ROOT / "Credit.xlsm", tmp_path / "Credit.xlsm")
    code = f"""import sys
sys.argv = ["xladdin", "refresh", {str(workbook)!r}, "--as-of", "2026-06-30", *{more!r}]
from xladdin.__main__ import start
try:
    start()
except SystemExit as done:
    assert done.code == 0"""
    needed = {"rapidfuzz"} if not more else set()  # names are compared with the blacklist
    assert imported(code, [name for name in LEFT_OUT if name not in needed]) == "[]"


def test_a_contract_is_read_without_the_workbook_s_libraries(tmp_path):
    text = tmp_path / "contract.txt"
    text.write_text("The Buyer pays 30% of the price before delivery.", encoding="utf-8")
    code = f"""import sys
sys.argv = ["xladdin", "contract", {str(text)!r}]
from xladdin.__main__ import start
try:
    start()
except SystemExit as done:
    assert done.code == 0"""
    assert imported(code, [*LEFT_OUT, "pyarrow", "duckdb", "ibis", "xlwings"]) == "[]"


def imported(code, unwanted):
    """Run code in a process of its own; the last line says which of some modules it imported."""
    check = f"{code}\nimport sys\nprint([name for name in {list(unwanted)!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], check=True, capture_output=True, text=True, cwd=ROOT)
    return done.stdout.strip().splitlines()[-1]


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], check=True, capture_output=True, cwd=ROOT).stdout.decode().split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def test_no_file_names_a_host_of_packages_or_an_absolute_path():
    path_like = re.compile(r"[\"'](?:/home|/root|/tmp|/work)/")
    for path in tracked():
        if path.suffix in (".py", ".toml", ".lock", ".md", ".sh", ".json", ".bas", ".in") or path.name == "run":
            text = path.read_text(encoding="utf-8")
            assert not path_like.search(text), path
            if path.suffix in (".lock", ".toml"):
                assert "http" not in text, path


def test_every_locked_package_has_a_hash():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        entries = re.findall(r"(?m)^[a-z0-9][^\n]*==.*(?:\n    .*)*", text)
        assert len(entries) > 20
        assert all("--hash=sha256:" in entry for entry in entries), name


def test_the_locks_agree_with_each_other():
    def versions(name):
        return dict(re.findall(r"(?m)^([a-z0-9._-]+)==([^ ;\\]+)(?! ;)", (ROOT / name).read_text(encoding="utf-8")))

    main, dev = versions("requirements.lock"), versions("requirements-dev.lock")
    assert {name: dev.get(name) for name in main} == main


@pytest.mark.slow
@pytest.mark.parametrize("tool", [["ruff", "check", "."], ["mypy"]], ids=["ruff", "mypy"])
def test_the_linters_find_nothing(tool):
    done = subprocess.run([sys.executable, "-m", *tool], check=False, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
