"""Installing into Excel, on machines described in a temporary folder."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.install.systems import mac, tree, windows
from xladdin.errors import CannotWrite, Refused
from xladdin.install import record, settings_file
from xladdin.install.excel import ADDIN, excel_plan, settings_path, start_folder
from xladdin.install.excel_checks import excel_checks

ADDIN_BYTES = b"PK the add-in"


def states(system):
    return {check.name: (check.state, check.text) for check in excel_checks(system)}


def test_the_plan_names_every_step_and_how_it_is_undone(tmp_path):
    system = windows(tmp_path)
    conf, addin = settings_path(system), start_folder(system) / ADDIN
    assert excel_plan(system, ADDIN_BYTES).lines() == [
        f"1. set in {conf} (the Python that Excel's macros start): INTERPRETER_WIN = {system.python} (not set before; on uninstall: removed)",
        f"2. write {addin} (the add-in, opened with every Excel; 13 bytes; new file; on uninstall: deleted)",
        "note: close Excel first; what is installed counts from its next start",
    ]
    assert not conf.exists()


@pytest.mark.parametrize("machine", [windows, mac])
def test_uninstalling_leaves_nothing(tmp_path, machine):
    system = machine(tmp_path, user="王小明")
    before = tree(tmp_path)
    record.install(system, excel_plan(system, ADDIN_BYTES))
    key = "INTERPRETER_WIN" if system.platform == "windows" else "INTERPRETER_MAC"
    assert settings_file.values(settings_path(system).read_bytes(), system.encoding)[key] == str(system.python)
    assert (start_folder(system) / ADDIN).read_bytes() == ADDIN_BYTES
    record.uninstall(system, "excel")
    assert tree(tmp_path) == before
    assert record.uninstall(system, "excel") == ["nothing of ours is installed in excel"]


SETTING = st.sampled_from(["INTERPRETER_WIN", "interpreter_win", "PYTHONPATH", "SHOW CONSOLE"])
LINES = st.lists(st.tuples(SETTING, st.text("abc王\\ ", max_size=5)).map(lambda pair: f'"{pair[0]}","{pair[1]}"') | st.sampled_from(["", "x"]), max_size=5)


@settings(max_examples=60, deadline=None)
@given(
    lines=LINES, end=st.sampled_from(["\r\n", "\n"]), last=st.booleans(), conf=st.booleans(), addin=st.sampled_from([None, b"theirs", ADDIN_BYTES]), times=st.integers(1, 2)
)
def test_whatever_was_there_before_is_there_again_afterwards(tmp_path_factory, lines, end, last, conf, addin, times):
    folder = tmp_path_factory.mktemp("machine")
    system = windows(folder)
    if conf:
        settings_path(system).parent.mkdir(parents=True)
        settings_path(system).write_bytes((end.join(lines) + (end if last else "")).encode("cp936"))
    if addin is not None:
        start_folder(system).mkdir(parents=True)
        (start_folder(system) / ADDIN).write_bytes(addin)
    before = tree(folder)
    for _ in range(times):
        record.install(system, excel_plan(system, ADDIN_BYTES))
        assert settings_file.values(settings_path(system).read_bytes(), "cp936")["INTERPRETER_WIN"] == str(system.python)
    record.uninstall(system, "excel")
    assert tree(folder) == before


def test_an_add_in_that_the_user_changed_is_kept_and_said(tmp_path):
    system = windows(tmp_path)
    record.install(system, excel_plan(system, ADDIN_BYTES))
    addin = start_folder(system) / ADDIN
    addin.write_bytes(b"my own")
    said = record.uninstall(system, "excel")
    assert addin.read_bytes() == b"my own"
    assert f"kept {addin}: you changed it since; delete it yourself if you do not need it" in said
    assert not settings_path(system).exists()


def test_a_setting_that_the_user_changed_is_kept_and_others_stay(tmp_path):
    system = windows(tmp_path)
    record.install(system, excel_plan(system, ADDIN_BYTES))
    settings_path(system).write_bytes(b'"INTERPRETER_WIN","D:\\python.exe"\r\n"PYTHONPATH","D:\\x"\r\n')
    said = record.uninstall(system, "excel")
    assert settings_path(system).read_bytes() == b'"INTERPRETER_WIN","D:\\python.exe"\r\n"PYTHONPATH","D:\\x"\r\n'
    assert any("INTERPRETER_WIN: you changed it since" in line for line in said)


def test_a_step_that_fails_takes_the_earlier_ones_back(tmp_path):
    system = windows(tmp_path)
    start_folder(system).parent.mkdir(parents=True)
    start_folder(system).write_bytes(b"a file where the folder should be")
    before = tree(tmp_path)
    with pytest.raises(CannotWrite, match="XLSTART"):
        record.install(system, excel_plan(system, ADDIN_BYTES))
    assert tree(tmp_path) == before


def test_a_user_name_outside_the_code_page_is_refused_with_a_way_out(tmp_path):
    system = windows(tmp_path, user="王小明", encoding="cp1252")
    with pytest.raises(Refused, match="install the product into a folder with plain letters"):
        excel_plan(system, ADDIN_BYTES)
    assert states(system)["Python"][0] == "problem"


def test_excel_is_not_installed_on_linux(tmp_path):
    with pytest.raises(Refused, match="Excel runs on Windows and Mac only"):
        excel_plan(dataclasses.replace(windows(tmp_path), platform="linux"), ADDIN_BYTES)


def test_a_good_installation_has_no_problem_of_its_own(tmp_path):
    system = windows(tmp_path)
    record.install(system, excel_plan(system, ADDIN_BYTES))
    found = states(system)
    assert {name for name, (state, _) in found.items() if state != "ok"} <= {"pywin32"}  # which Windows alone has


def test_the_doctor_asks_to_install_before_it_is(tmp_path):
    assert "run xladdin install excel" in states(windows(tmp_path))["Python"][1]


def test_a_python_that_is_gone_is_named(tmp_path):
    system = windows(tmp_path)
    record.install(system, excel_plan(system, ADDIN_BYTES))
    system.python.unlink()
    assert states(system)["Python"] == (
        "problem", f"there is no Python at {system.python}: install the product again, then run xladdin install excel",
    )  # fmt: skip


def test_a_library_that_is_missing_or_of_another_version_is_a_problem(tmp_path):
    system = windows(tmp_path, library=False)
    assert "is neither in" in states(system)["library"][1]
    (system.prefix / "xlwings64-0.30.1.dll").write_bytes(b"MZ")
    state, text = states(system)["library"]
    assert state == "problem"
    assert "xlwings64-0.30.1.dll" in text


def test_an_excel_of_other_bitness_is_a_problem(tmp_path):
    system = windows(tmp_path, registry={(r"HKCU\SOFTWARE\Microsoft\Office\16.0\Outlook", "Bitness"): "x86"})
    assert states(system)["bitness"] == (
        "problem", "Excel has 32 bits, this Python 64: install the product with a Python of 32 bits",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "name", "value", "state"),
    [
        (r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security", "VBAWarnings", 4, "problem"),
        (r"HKCU\Software\Microsoft\Office\16.0\Excel\Security", "VBAWarnings", 3, "warning"),
        (r"HKCU\Software\Microsoft\Office\16.0\Excel\Security\Trusted Locations", "AllLocationsDisabled", 1, "problem"),
        (r"HKCU\Software\Microsoft\Office\16.0\Excel\Security", "VBAWarnings", 2, "ok"),
    ],
)
def test_macros_that_are_switched_off_are_said(tmp_path, key, name, value, state):
    assert states(windows(tmp_path, registry={(key, name): value}))["macros"][0] == state


def test_a_product_in_onedrive_is_a_problem(tmp_path):
    system = windows(tmp_path, OneDrive=str(tmp_path / "Users" / "anna"))
    assert states(system)["OneDrive"][0] == "problem"
    system = windows(tmp_path / "b", OneDriveCommercial=str(tmp_path / "b" / "OneDrive - Firm"))
    assert states(system)["OneDrive"][0] == "warning"


def test_a_mac_without_the_script_is_told_so(tmp_path):
    system = mac(tmp_path)
    assert states(system)["script"][0] == "problem"
    record.install(system, excel_plan(system, ADDIN_BYTES))
    assert states(system)["script"][0] == "ok"
