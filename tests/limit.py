"""No test waits without an end: one that takes longer than its limit fails, with what every thread was doing, and the rest goes on.

    @pytest.mark.limit(1800)     # seconds, instead of LIMIT; --limit gives all that have no mark another

An alarm interrupts Python code. A call that never comes back to it (LibreOffice's bridge, a driver) is ended with its process a little later:
with xdist that is one worker, which is replaced.
"""

from __future__ import annotations

import faulthandler
import signal
import sys
from contextlib import contextmanager

import pytest

LIMIT = 600.0
GRACE = 60.0


@contextmanager
def limited(seconds, name):
    """Let a block take so long."""
    here = sys.__stderr__

    def too_long(_signal, _frame):
        faulthandler.dump_traceback(here)
        pytest.fail(f"{name} did not come to an end within {seconds:g} s", pytrace=True)

    faulthandler.dump_traceback_later(seconds + min(GRACE, seconds), exit=True, file=here)
    before = signal.signal(signal.SIGALRM, too_long) if hasattr(signal, "SIGALRM") else None
    if before is not None:
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        if before is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        faulthandler.cancel_dump_traceback_later()


def limit_of(item):
    """Return the seconds a test may take: in each of its parts the alarm, in all of them the end of the process."""
    mark = item.get_closest_marker("limit")
    return float(mark.args[0]) if mark else float(item.config.getoption("--limit"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    with limited(limit_of(item), f"setting up {item.nodeid}"):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    with limited(limit_of(item), item.nodeid):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    with limited(limit_of(item), f"taking down {item.nodeid}"):
        return (yield)
