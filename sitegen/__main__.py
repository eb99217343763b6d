"""The program `sitegen`, and `python -m sitegen`."""

import gc

from sitegen.cli import main


def program() -> int:
    """Run a command as a process of its own, which ends with it; returns the exit code.

    A build makes much, and little of that in circles: it is seldom worth looking for them, and at the end all goes
    with the process."""
    gc.set_threshold(10_000, 20, 1_000)
    code = main()
    gc.freeze()
    return code


if __name__ == "__main__":
    raise SystemExit(program())
