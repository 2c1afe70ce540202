"""Start here: `python3 start.py` makes a filled demo workbook, `python3 start.py test` runs the tests.

Standard library only. The first run makes an environment in .venv and installs what the lock names, checked by hash;
later runs see that nothing changed and start at once. `python3 start.py COMMAND …` passes any other words to `xladdin`.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST, NEWEST = (3, 11), (3, 14)


def main(words: list[str]) -> int:
    """Prepare the environment, then run what was asked for; answers the exit code."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        print(f"Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]} is needed; this is {sys.version.split()[0]}.")
        return 2
    testing = words[:1] == ["test"]
    try:
        prepare(ROOT / ("requirements-dev.lock" if testing else "requirements.lock"))
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"The environment could not be made: {error}. Check the network and the free disk space, delete .venv and try again.")
        return 2
    command = ["-m", "pytest", "-n", "auto", *words[1:]] if testing else ["-m", "xladdin", *(words or ["demo"])]
    return subprocess.run([PYTHON, *command], cwd=ROOT if testing else None, check=False).returncode


def prepare(lock: Path) -> None:
    """Make .venv hold what the lock names; the full set for tests also serves the main job."""
    stamp = VENV / "installed.txt"
    digests = {name: _digest(ROOT / name) for name in ("requirements.lock", "requirements-dev.lock")}
    have = stamp.read_text().split() if PYTHON.exists() and stamp.exists() else []
    if digests[lock.name] in have or digests["requirements-dev.lock"] in have:
        return
    print("Preparing the environment in .venv; the first time takes about a minute …", flush=True)
    if not PYTHON.exists():
        venv.create(VENV, with_pip=True, clear=VENV.exists())
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)
    subprocess.run([*pip, "--no-build-isolation", "--editable", ROOT], check=True)
    stamp.write_text(f"{' '.join(have)} {digests[lock.name]}\n")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
