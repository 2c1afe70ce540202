"""Progress of a long command: a spinner with the step's name on a terminal, nothing where output goes to a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Give a function that names the step now running."""
    if not sys.stderr.isatty():
        yield lambda _step: None
        return
    from rich.console import Console  # noqa: PLC0415 - not needed where nobody looks

    with Console(stderr=True).status("…") as status:
        yield status.update
