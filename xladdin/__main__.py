"""The command `xladdin`, also as `python -m xladdin`."""

from xladdin.cli import main
from xladdin.lean import collect_rarely, leave_out_pandas


def start() -> None:
    """Run a command in a process of its own."""
    leave_out_pandas()
    collect_rarely()
    main()


if __name__ == "__main__":
    start()
