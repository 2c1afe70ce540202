"""The floors of the house: a module uses its own floor and those below; what still reaches up is listed, and the list only gets shorter.

ARCHITECTURE.md explains the floors. Three things are told apart here: a new reach upwards (take it back, or move the module to the floor
it belongs to), a listed one that is gone (delete its line), and a module that stands on no floor.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: helpers of reports that several reports share: facts of customers, no report of their own
FACTS = (
    *("blacklist_hits", "clocks", "common", "contract_text", "default_rule", "due_diligence_cost", "exposure", "holds", "insurance_clocks", "insurance_cover"),
    *("insurance_price", "insurance_structures", "lateness", "payment_conduct", "plan_register", "promise_register", "receipts"),
    *("receipts_largest", "register_columns", "rolling", "settled", "verifications", "worth"),
)

#: from the roof down; a module stands on the floor of the longest name it begins with
FLOORS = {
    "app": ("xladdin.cli", "xladdin.__main__", "xladdin.jobs", "xladdin.install", "xladdin.push", "xladdin.progress", "xladdin.function_pages"),
    "hosts": ("xladdin.hosts", "xladdin.spreadsheets", "xladdin.references"),
    "run": (
        *("workbook.refresh", "workbook.render", "workbook.host_book", "workbook.host_tables", "workbook.heights", "workbook.page_text"),
        *("workbook.host_cells", "workbook.previous", "workbook.report_place", "workbook.report_state"),
        *("workbook.snapshot", "workbook.build", "workbook.demo", "workbook.alerts_job", "workbook.blacklist_job", "workbook.blacklist_exchange"),
    ),
    "documents": ("workbook.letters", "workbook.claim", "workbook.history", "workbook.importing", "workbook.large.score_job"),
    "reports": ("workbook.reports",),
    "analysis": ("workbook.late_terms", "workbook.settlements", "workbook.indicators", "workbook.contract_answer", "workbook.contract_file", *(f"workbook.reports.{name}" for name in FACTS)),
    "ledger": ("workbook.questions", "workbook.large", "workbook.open_items", "workbook.written", "workbook.ledger", "workbook.ledger_checks", "workbook.ledger_sums", "workbook.dated_ahead", "workbook.due_dates"),
    "model": ("workbook",),
    "functions": ("functions",),
    "core": ("xladdin",),
}
ORDER = list(FLOORS)

#: what reaches up today; nothing is added here
REACHES_UP = {
    ("workbook.book", "workbook.ledger"),
    ("workbook.book", "workbook.ledger_sums"),
    ("workbook.checks", "workbook.letters.law"),
    ("workbook.claim.job", "workbook.host_book"),
    ("workbook.claim.sheets", "workbook.heights"),
    ("workbook.importing.excel_file", "xladdin.spreadsheets.cells"),
    ("workbook.importing.excel_file", "xladdin.spreadsheets.read"),
    ("workbook.importing.job", "workbook.host_book"),
    ("workbook.importing.own_columns", "workbook.host_book"),
    ("workbook.importing.own_columns", "xladdin.references"),
    ("workbook.importing.run", "workbook.host_book"),
    ("workbook.importing.write", "workbook.host_book"),
    ("workbook.importing.write", "workbook.host_cells"),
    ("workbook.indicators.scene", "workbook.reports.scores_limits"),
    ("workbook.large.drill", "workbook.reports.aging"),
    ("workbook.large.drill", "workbook.reports.common"),
    ("workbook.large.mapped", "workbook.importing.date_formats"),
    ("workbook.large.mapped", "workbook.importing.mapping"),
    ("workbook.large.mapped", "workbook.importing.money_names"),
    ("workbook.large.mapped", "workbook.importing.number_formats"),
    ("workbook.large.mapped", "workbook.importing.type_words"),
    ("workbook.large.signs", "workbook.importing.signs"),
    ("workbook.late_terms", "workbook.letters.law"),
    ("workbook.letters.job", "workbook.host_book"),
    ("workbook.letters.job", "workbook.host_tables"),
    ("workbook.letters.job", "workbook.refresh"),
    ("workbook.letters.job", "workbook.report_place"),
    ("workbook.questions.asking", "workbook.reports.common"),
    ("workbook.questions.asking", "workbook.reports.worth"),
    ("workbook.questions.balances", "workbook.reports.common"),
    ("workbook.questions.today", "workbook.reports.common"),
    ("workbook.questions.traded", "workbook.reports.common"),
    ("workbook.reports.clocks", "workbook.letters.law"),
    ("workbook.reports.contract_text", "workbook.reports.contract_words"),
    ("workbook.reports.due_diligence_cost", "workbook.reports.register_words"),
    ("workbook.reports.holds", "workbook.reports.register_words"),
    ("workbook.reports.insurance_clocks", "workbook.reports.insurance_words"),
    ("workbook.reports.insurance_cover", "workbook.reports.insurance_words"),
    ("workbook.reports.insurance_price", "workbook.reports.insurance_words"),
    ("workbook.reports.insurance_structures", "workbook.reports.due_diligence"),
    ("workbook.reports.insurance_structures", "workbook.reports.insurance_words"),
    ("workbook.reports.insurance_structures", "workbook.reports.scores_limits"),
    ("workbook.reports.plan_register", "workbook.reports.register_words"),
    ("workbook.reports.promise_register", "workbook.reports.register_words"),
    ("workbook.reports.register_columns", "workbook.reports.register_words"),
    ("workbook.reports.trends", "workbook.history.moves"),
    ("workbook.reports.trends", "workbook.history.notes"),
    ("workbook.reports.trends", "workbook.history.series"),
    ("workbook.reports.trends", "workbook.history.trends"),
    ("workbook.reports.verifications", "workbook.reports.register_words"),
    ("xladdin.hosts.excel.buttons", "xladdin.jobs.make"),
    ("xladdin.hosts.excel.buttons", "xladdin.jobs.papers"),
    ("xladdin.hosts.excel.buttons", "xladdin.jobs.workbooks"),
    ("xladdin.hosts.libreoffice.buttons", "xladdin.jobs.papers"),
    ("xladdin.hosts.libreoffice.buttons", "xladdin.jobs.workbooks"),
    ("xladdin.salt", "xladdin.install.system"),
}


def modules():
    """Every module by its full name."""
    found = {}
    for folder in ("functions", "workbook", "xladdin"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "extension" not in path.parts:  # runs in the Python of LibreOffice
                found[".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")] = path
    return found


def floor_of(module):
    """The floor of a module, by the longest name that it is or lies in."""
    fits = [(len(root), floor) for floor, roots in FLOORS.items() for root in roots if module == root or module.startswith(f"{root}.")]
    return max(fits)[1]


def imported(path, known):
    """Our own modules that a file imports, also within its functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                name = whole if whole in known else node.module
                if name in known:
                    yield name


def reaching_up(files):
    return {
        (name, other)
        for name, path in files.items()
        for other in imported(path, files)
        if ORDER.index(floor_of(other)) < ORDER.index(floor_of(name))
    }


def test_no_module_uses_a_floor_above_it_but_those_listed():
    assert reaching_up(modules()) - REACHES_UP == set()


def test_what_no_longer_reaches_up_is_taken_off_the_list():
    assert REACHES_UP - reaching_up(modules()) == set()


def test_a_new_reach_upwards_is_found(tmp_path):
    """The test itself can fail: a file of the model that imports a report is told."""
    bad = tmp_path / "units.py"
    bad.write_text("def f():\n    from workbook.reports import aging\n", encoding="utf-8")
    assert ("workbook.units", "workbook.reports.aging") in reaching_up({**modules(), "workbook.units": bad})


@pytest.mark.parametrize("root", [root for roots in FLOORS.values() for root in roots])
def test_every_name_of_the_floors_is_a_module(root):
    assert any(name == root or name.startswith(f"{root}.") for name in modules())
