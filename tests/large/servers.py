"""A real PostgreSQL of the test's own: a cluster in a temporary folder, on a socket, stopped at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path


@cache
def tools() -> Path | None:
    """The folder of PostgreSQL's programs; None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


@contextmanager
def postgres():
    """Give the address of a fresh server, `postgresql://…/postgres`, and its folder."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    # PostgreSQL refuses to run as root: then Debian's own user for it does
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    os_user = {"user": user} if os.geteuid() == 0 else {}
    if os_user:
        shutil.chown(folder, user)

    def run(*words, **options):
        subprocess.run([str(tools() / words[0]), *words[1:]], check=True, stdout=subprocess.DEVNULL, timeout=60, cwd=folder, **os_user, **options)

    data = folder / "data"
    run("initdb", "-D", str(data), "-U", "analyst", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(f"\nlisten_addresses = ''\nunix_socket_directories = '{folder}'\nfsync = off\n")
    folder.chmod(0o755)

    def stop():
        run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")

    run("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql://analyst@/postgres?host={folder}", stop
    finally:
        subprocess.run([str(tools() / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"], check=False, capture_output=True, cwd="/", **os_user)
        shutil.rmtree(folder, ignore_errors=True)
