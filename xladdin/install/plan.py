"""A plan is data: which file gets which content and why. It is printed, carried out, recorded and taken back.

Three kinds of step: a file of ours, lines in a settings file that others write too, and a command of another program.
Each is done wholly or not at all.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xladdin.errors import CannotWrite, Refused
from xladdin.install import settings_file


@dataclass(frozen=True, slots=True)
class PutFile:
    """Write a file of ours."""

    path: Path
    content: bytes
    why: str

    def line(self) -> str:
        """Say what the step does, and how it is undone."""
        before = "replaces the file that is there, kept aside" if self.path.exists() else "new file"
        after = "put back" if self.path.exists() else "deleted"
        return f"write {self.path} ({self.why}; {len(self.content):,} bytes; {before}; on uninstall: {after})"


@dataclass(frozen=True, slots=True)
class SetLines:
    """Set keys in xlwings' settings file; its other lines stay as they are."""

    path: Path
    values: Mapping[str, str]
    encoding: str
    why: str

    def line(self) -> str:
        """Say what the step does, and how it is undone."""
        have = settings_file.values(read(self.path) or b"", self.encoding)
        parts = []
        for key, value in self.values.items():
            old = have.get(key)
            was = "already so" if old == value else "not set before; on uninstall: removed" if old is None else f"was {old}; on uninstall: put back"
            parts.append(f"{key} = {value} ({was})")
        return f"set in {self.path} ({self.why}): {'; '.join(parts)}"


@dataclass(frozen=True, slots=True)
class RunProgram:
    """Let another program do it, in its own way."""

    command: tuple[str, ...]
    undo: tuple[str, ...]
    why: str
    environment: Mapping[str, str] = field(default_factory=dict)

    def line(self) -> str:
        """Say what the step does, and how it is undone."""
        return f"run {' '.join(self.command)} ({self.why}; on uninstall: {' '.join(self.undo)})"


Step = PutFile | SetLines | RunProgram


@dataclass(frozen=True, slots=True)
class Plan:
    """What installing into a program does."""

    program: str  #: excel, libreoffice
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()  #: what the user should know before

    def lines(self) -> list[str]:
        """Return the plan as a text."""
        return [*(f"{number}. {step.line()}" for number, step in enumerate(self.steps, 1)), *(f"note: {text}" for text in self.notes)]


def read(path: Path) -> bytes | None:
    """Return the content of a file, None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CannotWrite(f"{path} cannot be read: {error.strerror or error}") from None


def write(path: Path, content: bytes) -> None:
    """Write a file as one: beside, then into its place."""
    beside = path.with_name(f".{path.name}.xladdin-new")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise CannotWrite(f"{path} cannot be written: {error.strerror or error}; close the program that has it open and try again") from None


def make_folders(path: Path) -> list[Path]:
    """Make a folder with those above it; answers those that were not there, the outermost first."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()][::-1]
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(f"the folder {path} cannot be made: {error.strerror or error}") from None
    return missing


def digest(content: bytes) -> str:
    """Return what tells one content of a file from another."""
    return hashlib.sha256(content).hexdigest()


def run(command: tuple[str, ...], environment: Mapping[str, str]) -> None:
    """Run a program; raises Refused with what it said."""
    try:
        done = subprocess.run(  # noqa: S603 - a program that was found, arguments of ours
            command, env=dict(environment) or None, capture_output=True, text=True, timeout=300, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refused(f"{Path(command[0]).name} did not run: {error}") from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}").splitlines()[0]
        raise Refused(f"{Path(command[0]).name} could not do it: {said}")
