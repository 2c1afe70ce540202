"""Runs in Windows' Python in VBA's place: loads xlwings' library, starts servers through it and calls them.

One line of JSON in, one out: {"value": …} or {"error": text}. A request is [what, …]: ["load", library], ["start", command, mode],
["ask", script, function, arguments], ["method", name, arguments], ["time", script, function, arguments, times] for the seconds of
each call, ["release"]. Values are as `com` describes them.
"""

import ctypes
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # the embedded Python looks nowhere else
import com

HELD = {}


def asked(script, name, args):
    """The arguments of CallUDF in the types in which VBA gives them: the array by reference, Nothing, Empty."""
    array = com.variant({"list": args})
    reference, nothing = com.Variant(), com.Variant()
    reference.vt, reference.content.pointer = com.BYREF | com.VARIANT_, ctypes.addressof(array)
    nothing.vt = com.DISPATCH
    return [com.variant(script), com.variant(name), reference, nothing, com.Variant()], array


def load(library):
    """Load xlwings' library; the failure is Windows' own."""
    HELD["library"] = ctypes.WinDLL(library)


def start(command, mode=1):
    """Start a server, or with -1 let the library forget it."""
    made = com.activate(HELD["library"], command, mode)
    if mode == 1:
        HELD["server"] = made


def ask(script, name, args):
    """Call a function as a cell does."""
    given, array = asked(script, name, args)
    try:
        result, _ = com.call(HELD["server"], "CallUDF", given)
    finally:
        com.clear(*given[:2], array)
    value = com.plain(result)
    com.clear(result)
    return value


def method(name, args):
    """Call any method."""
    given = [com.variant(one) for one in args]
    result, _ = com.call(HELD["server"], name, given)
    value = com.plain(result)
    com.clear(result, *given)
    return value


def timed(script, name, args, times):
    """The seconds of each of several equal calls, from the name to the answer; arguments are made before. No script: any method."""
    given, array = asked(script, name, args) if script else ([com.variant(one) for one in args], com.Variant())
    seconds = []
    for _ in range(times):
        result, took = com.call(HELD["server"], "CallUDF" if script else name, given, time.perf_counter)
        com.clear(result)
        seconds.append(took)
    com.clear(*(given[:2] if script else given), array)
    return seconds


def release():
    """Let go of the server, as a workbook that closes."""
    com.clear(HELD.pop("server"))


def main():
    """Answer requests until there are no more."""
    ctypes.WinDLL("ole32").CoInitialize(None)
    doing = {"load": load, "start": start, "ask": ask, "method": method, "time": timed, "release": release}
    for line in sys.stdin.buffer:
        what, *given = json.loads(line)
        try:
            answer = {"value": doing[what](*given)}
        except (com.ComError, OSError) as error:
            answer = {"error": str(error)}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
