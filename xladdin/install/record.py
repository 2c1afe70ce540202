"""Carries a plan out and keeps a record of it, from which it is taken back: what we put goes, what was there before returns.

What the user changed since is left alone, and said. The record is written before each step, so that an installation killed in the
middle can be taken back as well.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from xladdin import __version__
from xladdin.errors import CannotWrite, CreditError
from xladdin.install import settings_file
from xladdin.install.plan import Plan, PutFile, RunProgram, SetLines, digest, make_folders, read, run, write
from xladdin.install.system import System


def record_path(system: System, program: str) -> Path:
    """Return where the record of an installation is."""
    return system.data / f"installed-{program}.json"


def load_record(system: System, program: str) -> dict[str, Any] | None:
    """Return the record, None where nothing is installed."""
    path = record_path(system, program)
    content = read(path)
    if content is None:
        return None
    try:
        found = json.loads(content)
        if isinstance(found, dict) and isinstance(found["done"], list) and isinstance(found["folders"], list):
            return found
    except (ValueError, KeyError):
        pass
    raise CannotWrite(f"{path} is damaged, so what was installed is not known: delete it and install again")


def install(system: System, plan: Plan) -> list[str]:
    """Carry the plan out; an earlier installation is taken back first. When a step fails, the steps before it are taken back."""
    said = []
    if load_record(system, plan.program) is not None:
        said += [line for line in uninstall(system, plan.program) if line.startswith("kept")]
    place = record_path(system, plan.program)
    record: dict[str, Any] = {"version": __version__, "program": plan.program, "folders": [], "done": []}
    record["folders"] += [str(folder) for folder in make_folders(place.parent)]
    try:
        for number, step in enumerate(plan.steps, 1):
            _do(step, number, record, place)
            said.append(f"done: {_short(step)}")
    except BaseException as error:
        if not isinstance(error, CreditError):
            raise
        uninstall(system, plan.program)
        raise
    return said


def _short(step: PutFile | SetLines | RunProgram) -> str:
    return f"{step.why}: {step.command[0] if isinstance(step, RunProgram) else step.path}"


def _save(record: dict[str, Any], place: Path) -> None:
    write(place, (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode("utf-8", errors="surrogatepass"))


def _do(step: PutFile | SetLines | RunProgram, number: int, record: dict[str, Any], place: Path) -> None:
    if isinstance(step, RunProgram):
        record["done"].append({"kind": "program", "undo": list(step.undo), "environment": dict(step.environment)})
        _save(record, place)
        run(step.command, step.environment)
        return
    before = read(step.path)
    _save(record, place)  # a folder that cannot be made leaves a record to take back
    record["folders"] += [str(folder) for folder in make_folders(step.path.parent)]
    if isinstance(step, PutFile):
        kept = None
        if before is not None and before != step.content:
            kept = place.with_name(f"{place.stem}-{number}.kept")
            write(kept, before)
        already = before == step.content
        record["done"].append(
            {"kind": "file", "path": str(step.path), "digest": digest(step.content), "kept": str(kept) if kept else None, "already": already}
        )
        _save(record, place)
        if not already:
            write(step.path, step.content)
        return
    content = before or b""
    have = settings_file.values(content, step.encoding)
    changes = [[key, have.get(key), value] for key, value in step.values.items() if have.get(key) != value]
    for key, value in step.values.items():
        if have.get(key) != value:
            content = settings_file.with_value(content, key, value, step.encoding)
    record["done"].append({
        "kind": "lines", "path": str(step.path), "encoding": step.encoding, "changes": changes,
        "before": None if before is None else before.decode("latin-1"), "digest": digest(content),
    })  # fmt: skip
    _save(record, place)
    if content != before:
        write(step.path, content)


def uninstall(system: System, program: str) -> list[str]:
    """Take an installation back; answers a line for each thing, beginning with "removed", "put back", "kept" or "gone"."""
    record = load_record(system, program)
    if record is None:
        return [f"nothing of ours is installed in {program}"]
    said = [_UNDO[entry["kind"]](entry) for entry in reversed(record["done"])]
    record_path(system, program).unlink(missing_ok=True)
    for folder in reversed(record["folders"]):
        with suppress(OSError):  # somebody else keeps files there now
            Path(folder).rmdir()
    return said


def _undo_file(entry: dict[str, Any]) -> str:
    path, kept = Path(entry["path"]), Path(entry["kept"]) if entry["kept"] else None
    before = read(kept) if kept else None
    have = read(path)
    if entry["already"]:
        return f"kept {path}: it was there before"
    if have is not None and digest(have) != entry["digest"]:
        if kept and have == before:  # the step was recorded and then not done
            kept.unlink(missing_ok=True)
            return f"kept {path}: it was not replaced"
        return f"kept {path}: you changed it since; delete it yourself if you do not need it" + (
            f" (what was there before is in {kept})" if kept else ""
        )
    if before is not None and kept is not None:
        write(path, before)
        kept.unlink(missing_ok=True)
        return f"put back {path} as it was before"
    if have is None:
        return f"gone already: {path}"
    try:
        path.unlink()
    except OSError as error:
        raise CannotWrite(f"{path} cannot be deleted: {error.strerror or error}; close the program that has it open and try again") from None
    return f"removed {path}"


def _undo_lines(entry: dict[str, Any]) -> str:
    path, encoding = Path(entry["path"]), entry["encoding"]
    have = read(path)
    if have is None:
        return f"gone already: {path}"
    changed: list[str] = []
    before = None if entry["before"] is None else entry["before"].encode("latin-1")
    if digest(have) == entry["digest"]:  # as we left it: back to the byte
        content = before or b""
    else:
        content, changed = _lines_back(have, entry["changes"], encoding)
    if before is None and not content.strip():
        path.unlink()
        return f"removed {path}"
    if content != have:
        write(path, content)
    kept = f"; kept {', '.join(changed)}: you changed it since" if changed else ""
    return f"kept {path}{kept}" if content == have else f"put back {path} as it was before{kept}"


def _lines_back(content: bytes, changes: list[list[Any]], encoding: str) -> tuple[bytes, list[str]]:
    """Take our keys out of a file that somebody else wrote since; answers the keys that are no longer ours as well."""
    changed = []
    for key, old, ours in reversed(changes):
        have = settings_file.values(content, encoding).get(key)
        if have == ours:
            content = settings_file.with_value(content, key, old, encoding)
        elif have != old:
            changed.append(key)
    return content, changed


def _undo_program(entry: dict[str, Any]) -> str:
    command = tuple(entry["undo"])
    try:
        run(command, entry["environment"])
    except CreditError as error:
        return f"kept: {' '.join(command)} did not work ({error})"
    return f"removed with {' '.join(command)}"


_UNDO = {"file": _undo_file, "lines": _undo_lines, "program": _undo_program}
