"""Our COM server with a watch in it, for `benchmarks/excel_server.py`: how long Python worked on the last `CallUDF`, whoever answered it."""

from __future__ import annotations

import time
from typing import Any

from xladdin.hosts.excel import server


class Timed(server.Server):
    """Measures from the arguments' arrival in Python to the answer's leaving; what COM does before and after is not in it."""

    _public_methods_ = [*server.Server._public_methods_, "Taken"]  # type: ignore[misc]  # noqa: RUF012 - pywin32 reads it as it is
    taken = 0.0

    def CallUDF(self, script: str, name: str, args: Any, workbook: Any = None, caller: Any = None) -> Any:  # noqa: N802 - COM's name
        """Answer as the server does, and keep the time."""
        start = time.perf_counter()
        try:
            return super().CallUDF(script, name, args, workbook, caller)
        finally:
            Timed.taken = time.perf_counter() - start

    def Taken(self) -> float:  # noqa: N802 - COM's name
        """Tell the seconds of the last call."""
        return Timed.taken


def serve(clsid: str) -> None:
    """Serve with the watch."""
    server.Server = Timed  # type: ignore[misc]
    server.serve(clsid)
