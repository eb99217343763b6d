"""Lets a command meet a fault at each of its calls that write, in turn, and tells what was left.

    python tests/kill.py [--mode MODE] [--alike N] [--from STEP] SITE SCRATCH FOLDER COMMAND...

For each call a fresh copy of SITE is made in SCRATCH, the command is run in a forked process that meets the fault
there (see `faults.MODES`), and then runs again to its end, undisturbed. Printed as JSON, one line a fault: the call,
the digest of FOLDER after it, after what was left has been read, and after the second run, how these ended, and what
was said. The last
line is a run that met no fault. `review ANSWER...` gives these answers to a review.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from faults import MODES, Layer

from sitegen import build, cli, review

STAGED = 40
"""Of the calls about files that are staged beside the site or removed with it, one in so many is tried."""
_WARM = (build, review)


def digest(folder: Path) -> str:
    """Of all names and bytes below a folder, half-written files that wait for their rename left out."""
    total = hashlib.blake2b(digest_size=8)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not path.name.endswith(".part"):
            total.update(f"{name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return total.hexdigest() if folder.is_dir() else "absent"


def run(command: list[str], said: io.StringIO) -> int:
    """A command's exit code; what it says is written down."""
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        if command[0] != "review":
            return cli.main(command)
        site = Path(command[command.index("--site") + 1])
        session = review.open_session(site)
        for answer in command[1 : command.index("--site")]:
            print(session.do(answer))
        return int("could not" in said.getvalue())


def forked(work: Callable[[Callable[[str], None], io.StringIO], int]) -> tuple[int, str]:
    """Do it in a process of its own; its wait status, and what it said last."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        say, code, said = os.write, 70, io.StringIO()
        with contextlib.suppress(BaseException):
            code = work(lambda text: void(say(writer, text.encode())), said)
            say(writer, f"\n{said.getvalue()}".encode()[-8000:])
        os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read().decode("utf-8", "replace")
    return os.waitpid(pid, 0)[1], told


def void(_: object) -> None:
    """Nothing."""


def main(options: argparse.Namespace) -> None:
    site, scratch = options.site, options.scratch
    arguments = [*options.command, "--site", str(scratch)]
    step = options.start
    while True:
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.copytree(site, scratch, symlinks=True)

        def doomed(say: Callable[[str], None], said: io.StringIO, step: int = step) -> int:
            layer = Layer(options.mode, step, say, options.alike)
            layer.put_in_place()
            code = run(arguments, said)
            return code if layer.seen >= step else code + 100

        status, told = forked(doomed)
        last = os.waitstatus_to_exitcode(status) >= 100
        call, _, said = told.partition("\n")
        left, stray = digest(scratch / options.folder), litter(scratch)
        read, _ = forked(lambda _, __: int(not build.load(scratch).papers))
        settled = digest(scratch / options.folder)
        again, _ = forked(lambda _, said: run(arguments, said))
        code = os.waitstatus_to_exitcode(status)
        found = {"step": step, "call": "" if last else call, "code": code - 100 if last else code, "said": said}
        found |= {"left": left, "stray": stray, "read": read, "settled": settled, "again": again}
        found |= {"last": digest(scratch / options.folder), "litter": litter(scratch)}
        print(json.dumps(found), flush=True)
        if last:
            return
        step += 1


def litter(site: Path) -> list[str]:
    """Half-written files, staged folders and journals."""
    names = ("*.part", "*.new-*", "*.old", "*.journal", "*.before")
    return sorted({path.name for name in names for path in site.rglob(name)})


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--mode", choices=MODES, default="kill")
    parser.add_argument("--alike", type=int, default=STAGED)
    parser.add_argument("--from", dest="start", type=int, default=1)
    parser.add_argument("site", type=Path)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("folder")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    main(parser.parse_args())
    sys.exit(0)
