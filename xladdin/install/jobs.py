"""What `xladdin install`, `uninstall` and `doctor` do."""

from __future__ import annotations

from dataclasses import replace

from xladdin.errors import BadRequest
from xladdin.install import record
from xladdin.install.checks import Check
from xladdin.install.plan import Plan
from xladdin.install.system import System, this_system

PROGRAMS = ("excel", "libreoffice")


def plan_for(program: str, system: System) -> Plan:
    """Return the steps of installing into a program."""
    _known(program, PROGRAMS)
    if program == "excel":
        from xladdin.install.excel import excel_plan  # noqa: PLC0415

        return excel_plan(system)
    from xladdin.hosts.libreoffice.office import find_office  # noqa: PLC0415
    from xladdin.install.libreoffice import libreoffice_plan  # noqa: PLC0415

    return libreoffice_plan(system, find_office())


def install(program: str, *, dry_run: bool) -> list[str]:
    """Install into a program, or say what would be done."""
    system = this_system()
    elsewhere = dry_run and program == "excel" and system.platform == "linux"
    plan = plan_for(program, replace(system, platform="windows") if elsewhere else system)
    if dry_run:
        told = ["what Windows would get, with the folders of this machine; Excel does not run here"] if elsewhere else []
        return [*told, *plan.lines(), "nothing was changed (--dry-run)"]
    return [*record.install(system, plan), *plan.notes]


def uninstall(program: str, *, dry_run: bool) -> list[str]:
    """Take an installation back, or say what it put where."""
    _known(program, PROGRAMS)
    system = this_system()
    if not dry_run:
        return record.uninstall(system, program)
    found = record.load_record(system, program)
    if found is None:
        return [f"nothing of ours is installed in {program}"]
    things = [entry.get("path") or " ".join(entry["undo"]) for entry in reversed(found["done"])]
    return [*(f"takes back {thing}" for thing in things), "nothing was changed (--dry-run)"]


def doctor(program: str) -> list[Check]:
    """Look at what a program needs; all of them for "all"."""
    _known(program, (*PROGRAMS, "all"))
    from xladdin.install.file_checks import file_checks  # noqa: PLC0415

    system = this_system()
    found = file_checks(system)
    if program in ("excel", "all"):
        from xladdin.install.excel_checks import excel_checks  # noqa: PLC0415

        found += excel_checks(system)
    if program in ("libreoffice", "all"):
        from xladdin.install.libreoffice_checks import libreoffice_checks  # noqa: PLC0415

        found += libreoffice_checks(system)
    return found


def _known(program: str, offered: tuple[str, ...]) -> None:
    if program not in offered:
        raise BadRequest(f"the program is {', '.join(offered[:-1])} or {offered[-1]}; got {program}")
