"""Kills a command at each of its steps on the disk in turn, and tells what it left.

    python tests/kill.py SITE SCRATCH FOLDER COMMAND...

For each step a fresh copy of SITE is made in SCRATCH, the command is run in a forked process that dies as by `kill -9`
just before that step, and then runs again to its end. Printed as JSON, one line a kill: the step, the digest of FOLDER
after the kill and after the second run, and how a build of what the kill left ended. The last line is an undisturbed
run.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sitegen import cli

STAGED = 40
"""Of the files that are written beside the site or removed with it, one in so many is a step: they are alike."""
_STEPS = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate", "os.link", "os.symlink")


def digest(folder: Path) -> str:
    """Of all names and bytes below a folder, half-written files that wait for their rename left out."""
    total = hashlib.blake2b(digest_size=8)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not path.name.endswith(".part"):
            total.update(f"{name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return total.hexdigest() if folder.is_dir() else "absent"


def dying(step: int, say: Callable[[str], None]) -> None:
    """From now on, die before the step of this number."""
    seen = staged = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen, staged
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if not writes and event not in _STEPS:
            return
        inside = event in ("os.remove", "os.rmdir") and arguments[1] != -1  # of a tree that is being removed
        if inside or f".new-{os.getpid()}{os.sep}" in str(arguments[0]):
            staged += 1
            if staged % STAGED:
                return
        seen += 1
        if seen == step:
            say(f"{event} {Path(str(arguments[0])).name}")
            os.kill(os.getpid(), signal.SIGKILL)

    fsync = os.fsync

    def counted(handle: int) -> None:
        count("os.truncate", ("written, before fsync",))
        fsync(handle)

    os.fsync = counted  # type: ignore[assignment]
    sys.addaudithook(count)


def run(command: list[str]) -> int:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return cli.main(command)


def forked(work: Callable[[Callable[[str], None]], int]) -> tuple[int, str]:
    """Do it in a process of its own; its exit status, and what it said last."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        code = 70
        with contextlib.suppress(BaseException):
            code = work(lambda text: void(os.write(writer, text.encode())))
        os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read().decode()
    return os.waitpid(pid, 0)[1], said


def void(_: object) -> None:
    """Nothing."""


def main(site: Path, scratch: Path, folder: str, *command: str) -> None:
    arguments = [*command, "--site", str(scratch)]
    step = 0
    while True:
        step += 1
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.copytree(site, scratch, symlinks=True)

        def doomed(say: Callable[[str], None], step: int = step) -> int:
            dying(step, say)
            return run(arguments)

        status, said = forked(doomed)
        left = digest(scratch / folder)
        built, _ = forked(lambda _: 0 if "build" in command else run(["build", "--site", str(scratch)]))
        again, _ = forked(lambda _: run(arguments))
        last = digest(scratch / folder)
        litter = sorted(p.name for p in scratch.rglob(".*.part"))
        print(json.dumps({"step": said, "status": status, "left": left, "built": built, "again": again, "last": last,
                          "litter": litter}))  # fmt: skip
        if status == 0:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
