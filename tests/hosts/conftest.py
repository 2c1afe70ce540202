"""Runs every test of this folder on every host, and writes the parity table when asked to (--parity FILE)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts.excel_host import ExcelHost
from tests.hosts.excel_model_host import ExcelModelHost
from tests.hosts.hosts import FileHost
from tests.hosts.office_host import OfficeHost
from tests.hosts.parity import Outcome, write_table

HOSTS = {host.name: host for host in (FileHost, OfficeHost, ExcelHost, ExcelModelHost)}
#: a host with `no_workbooks`, the reason why, calculates cells only: tests with these do not apply to it; one with `no_cells` holds workbooks only
NEEDS_A_WORKBOOK = {"small", "empty"}
DOES_NOT_APPLY = "does not apply: "
OUTCOMES: dict[tuple[str, str], Outcome] = {}


def pytest_generate_tests(metafunc):
    if "host" in metafunc.fixturenames:
        metafunc.parametrize("host", list(HOSTS), indirect=True, scope="session")


def pytest_collection_modifyitems(items):
    for item in items:
        callspec = getattr(item, "callspec", None)
        name = callspec.params.get("host") if callspec else None
        if name is None:
            continue
        for mark in getattr(HOSTS[name], "marks", ()):
            item.add_marker(mark)
        reason = getattr(HOSTS[name], "no_workbooks", None)
        if reason and NEEDS_A_WORKBOOK & set(item.fixturenames):
            item.add_marker(pytest.mark.skip(reason=DOES_NOT_APPLY + reason))
        reason = getattr(HOSTS[name], "no_cells", None)
        if reason and not NEEDS_A_WORKBOOK & set(item.fixturenames):
            item.add_marker(pytest.mark.skip(reason=DOES_NOT_APPLY + reason))
        if difference := getattr(item.function, "differences", {}).get(name):
            state, reason = difference
            item.add_marker(pytest.mark.xfail(strict=True, reason=f"{state}: {reason}"))


@pytest.fixture(scope="session")
def host(request, tmp_path_factory):
    made = HOSTS[request.param]()
    start = getattr(made, "start", None)
    if start:
        start(tmp_path_factory.mktemp(request.param))
    yield made
    stop = getattr(made, "stop", None)
    if stop:
        stop()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    made = yield
    report = made.get_result()
    callspec = getattr(item, "callspec", None)
    if callspec is None or "host" not in callspec.params or (report.when != "call" and not report.skipped):
        return
    if hasattr(report, "wasxfail"):
        said = "differs: " + report.wasxfail
    elif report.skipped:
        _, _, reason = report.longrepr[2].partition(DOES_NOT_APPLY)
        said = f"differs: {DOES_NOT_APPLY}{reason}" if reason else "not run"
    else:
        said = "yes" if report.passed else "fails"
    OUTCOMES[item.function.__module__.rpartition(".")[2] + "::" + item.function.__name__, callspec.params["host"]] = said


def pytest_sessionfinish(session):
    target = session.config.getoption("--parity", default=None)
    if target and OUTCOMES:
        write_table(Path(target), OUTCOMES, {name: made.title for name, made in HOSTS.items()})
