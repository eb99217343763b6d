"""Files on their way into the output: first beside it, then in its place, all at once or one by one under a journal.

The journal is written when everything is staged, and says what is still to do: which files to move and to remove. A run
that is cut off is completed by the next, before that does anything else.
"""

from __future__ import annotations

import contextlib
import glob
import itertools
import os
import shutil
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

import msgspec

from sitegen.files import alive, unwritable, write_atomic
from sitegen.output.folders import MARKER, discard, exchange, is_empty, is_ours, marker, old


class _Journal(msgspec.Struct, frozen=True):
    """What is still to do."""

    staged: str
    """Name of the folder, beside the output, that the files lie in."""
    moves: list[tuple[str, str]]
    """Names in that folder, and output paths, in this order."""
    gone: list[str]


class Staging:
    """A new folder beside the output. What is written into it is published at the end, or goes with it."""

    def __init__(self, output: Path, whole: bool = True) -> None:
        """`whole`: it takes the output's place; else its files do one by one, and lie side by side until then."""
        self._output, self._whole, self._count = output, whole, 0
        self._folder = output.with_name(f"{output.name}.new-{os.getpid()}")
        self._root, self._made, self._strict = f"{self._folder}/", {""}, False

    def __enter__(self) -> Staging:
        """Mends what another run left, and makes the folder. Raises SiteError when it cannot be made."""
        try:
            recover(self._output)
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            os.mkdir(self._folder)
            # Readable by everyone, whatever the umask: hosts refuse other files.
            self._strict = stat.S_IMODE(os.stat(self._folder).st_mode) & 0o777 != 0o755
            if self._strict:
                os.chmod(self._folder, 0o755)
        except OSError as error:
            raise unwritable(Path(error.filename or self._folder), error) from error
        self.write(MARKER, marker())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if is_ours(self._folder) and not _journal(self._output).exists():
            discard(self._folder)

    def write(self, path: str, data: bytes) -> str:
        """Stage a file; returns its name in the folder. They are many: no detour by `Path`. Several processes may do so
        at once. Raises SiteError when it cannot be written."""
        name = path
        if not self._whole and path != MARKER:
            self._count += 1
            name = f"{os.getpid()}-{self._count}"
        try:
            self._make(name.rpartition("/")[0])
            _write(self._root + name, data)
            if self._strict:
                os.chmod(self._root + name, 0o644)
        except OSError as error:
            raise unwritable(Path(error.filename or self._folder), error) from error
        return name

    def _make(self, folder: str) -> None:
        if folder not in self._made:
            self._make(folder.rpartition("/")[0])
            with contextlib.suppress(FileExistsError):
                os.mkdir(self._root + folder)
            if self._strict:
                os.chmod(self._root + folder, 0o755)
            self._made.add(folder)

    def publish(self, holds: str = "") -> None:
        """Put the folder into the output's place. On any failure the old site stays. `holds`: for the marker."""
        output, before = self._output, old(self._output)
        self.write(MARKER, marker(holds))
        try:
            if output.exists() and exchange(self._folder, output):
                os.rename(self._folder, before)
            else:
                if output.exists():
                    os.rename(output, before)
                os.rename(self._folder, output)
        except OSError as error:
            raise unwritable(Path(error.filename or output), error) from error
        finally:
            if is_ours(before) and not output.exists():
                os.rename(before, output)
        discard(before)

    def patch(self, moves: Sequence[tuple[str, str]], gone: Iterable[str], holds: str) -> None:
        """Move staged files, by their names in the folder, to these paths in the output, in this order, and remove
        others from it. `holds`: for the marker.

        Raises SiteError when that cannot be completed; the next run does it."""
        self.write(MARKER, marker(holds))
        said = _Journal(self._folder.name, [*moves], sorted(gone))
        journal = _journal(self._output)
        write_atomic(journal, msgspec.json.encode(said))
        try:
            _finish(self._output, journal)
        except OSError as error:
            raise unwritable(Path(error.filename or self._output), error) from error


def _write(path: str, data: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o644)
    try:
        while (written := os.write(file, data)) < len(data):
            data = data[written:]
    finally:
        os.close(file)


def recover(output: Path) -> None:
    """Mend what a run left that was cut off: put the old site back, remove what was staged."""
    try:
        if _journal(output).exists():
            _finish(output, _journal(output))
    except FileNotFoundError:  # another process has finished it
        pass
    except OSError as error:
        raise unwritable(Path(error.filename or output), error) from error
    before = old(output)
    if is_ours(before):
        if output.exists():
            discard(before)
        else:
            try:
                os.rename(before, output)
            except OSError as error:
                raise unwritable(output, error) from error
    elif is_empty(before):
        discard(before)
    for left in output.parent.glob(f"{glob.escape(output.name)}.new-*"):
        pid = left.name.rsplit("-", 1)[-1]
        if (is_ours(left) or is_empty(left)) and (pid == str(os.getpid()) or not alive(pid)):
            discard(left)


def _journal(output: Path) -> Path:
    return output.with_name(f"{output.name}.journal")


def _finish(output: Path, journal: Path) -> None:
    """Do what the journal says, its marker last. What is done already, here or by another, is passed over; a journal
    that is damaged, or names what is not ours, is dropped, and the output then no longer says what it holds."""
    try:
        said = msgspec.json.decode(journal.read_bytes(), type=_Journal)
        staged, paths = journal.with_name(said.staged), [*itertools.chain(*said.moves), *said.gone]
        inside = not any(part in ("", ".", "..") or "\0" in part for path in paths for part in path.split("/"))
        if not (inside and staged.name.startswith(f"{output.name}.new-") and is_ours(staged) and is_ours(output)):
            raise ValueError(staged)
    except (ValueError, msgspec.MsgspecError):
        if is_ours(output):
            write_atomic(output / MARKER, marker())
        journal.unlink(missing_ok=True)
        return
    ready = {""}
    for name, path in said.moves:
        if os.path.lexists(f"{staged}/{name}"):
            _folder(path.rpartition("/")[0], f"{output}/", ready)
            with contextlib.suppress(FileNotFoundError):
                _move(f"{staged}/{name}", f"{output}/{path}")
    home = output.resolve()
    for path in said.gone:
        if not (output / path).parent.resolve().is_relative_to(home):
            continue  # somebody has put a link there
        with contextlib.suppress(FileNotFoundError, IsADirectoryError, NotADirectoryError):
            os.remove(output / path)
        with contextlib.suppress(OSError):
            os.removedirs((output / path).parent)  # as far as they are empty; the marker keeps the output
    with contextlib.suppress(FileNotFoundError):  # another process has finished it
        write_atomic(output / MARKER, (staged / MARKER).read_bytes())
    journal.unlink(missing_ok=True)
    discard(staged)


def _folder(folder: str, output: str, ready: set[str]) -> None:
    """See to it that a folder of the output is one, with those above it. `ready`: those that are."""
    if folder in ready:
        return
    _folder(folder.rpartition("/")[0], output, ready)
    if os.path.islink(output + folder) or os.path.isfile(output + folder):
        os.remove(output + folder)
    if not os.path.isdir(output + folder):
        os.mkdir(output + folder)
        os.chmod(output + folder, 0o755)
    ready.add(folder)


def _move(file: str, target: str) -> None:
    """A file into its place, also where a folder was."""
    try:
        os.replace(file, target)
    except IsADirectoryError:
        shutil.rmtree(target)
        os.replace(file, target)
