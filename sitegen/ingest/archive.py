"""Files inside files: gzip, xz and zip, told by their first bytes, unpacked in memory within bounds.

Nothing is ever written, so a member's name can lead nowhere; it only says in messages where an entry stands.
"""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator

from sitegen.errors import Problem, SiteError, Where

MOST_BYTES = 512 * 1024 * 1024
"""Of one archive with all that it holds."""
MOST_MEMBERS = 10_000
DEEPEST = 3
_MEMORY = 128 * 1024 * 1024

_BROKEN = (OSError, EOFError, ValueError, RuntimeError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)


class _Budget:
    """How much may still be unpacked."""

    def __init__(self, most_bytes: int) -> None:
        self.bytes, self.members = most_bytes, MOST_MEMBERS

    def read(self, stream: io.BufferedIOBase, name: str) -> bytes:
        data = stream.read(self.bytes + 1)
        if len(data) > self.bytes:
            hint = "unpack it and import the files, if you trust it"
            raise SiteError([Problem(Where(name), f"holds more than {MOST_BYTES // 2**20} MB", hint)])
        self.bytes -= len(data)
        return data


def files(data: bytes, name: str, most_bytes: int = MOST_BYTES) -> Iterator[tuple[str, bytes]]:
    """The files in an archive, with names to show; of any other file, that file.

    Raises SiteError for an archive that is broken, or holds too much; what stood before in it has been given then.
    """
    yield from _files(data, name, _Budget(most_bytes), 0)


def _files(data: bytes, name: str, budget: _Budget, depth: int) -> Iterator[tuple[str, bytes]]:
    single = {b"\x1f\x8b": _gzip, b"\xfd7zXZ\0": _xz}
    opener = next((opener for magic, opener in single.items() if data.startswith(magic)), None)
    is_zip = data.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    if not opener and not is_zip:
        yield name, data
        return
    if depth == DEEPEST:
        hint = "unpack it and import the files"
        raise SiteError([Problem(Where(name), f"is an archive in {DEEPEST} archives", hint)])
    try:
        if opener:
            with opener(data) as stream:
                inner = budget.read(stream, name)
            yield from _files(inner, name.removesuffix(".gz").removesuffix(".xz"), budget, depth + 1)
        else:
            yield from _members(data, name, budget, depth)
    except _BROKEN as error:
        message = f"is a binary file, an archive that could not be unpacked: {error}"
        raise SiteError([Problem(Where(name), message, "unpack it and import the files")]) from error


def _members(data: bytes, name: str, budget: _Budget, depth: int) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in sorted(archive.infolist(), key=lambda m: m.filename):
            parts = [part for part in member.filename.replace("\\", "/").split("/") if part not in ("", ".", "..")]
            if member.is_dir() or not parts or parts[0] == "__MACOSX" or parts[-1].startswith("."):
                continue
            budget.members -= 1
            if budget.members < 0:
                raise SiteError([Problem(Where(name), f"holds more than {MOST_MEMBERS} files", "import it in parts")])
            with archive.open(member) as stream:
                inner = budget.read(stream, name)  # type: ignore[arg-type]
            yield from _files(inner, f"{name}/{'/'.join(parts)}", budget, depth + 1)


def _gzip(data: bytes) -> io.BufferedIOBase:
    return gzip.GzipFile(fileobj=io.BytesIO(data))


def _xz(data: bytes) -> io.BufferedIOBase:
    return _Xz(data)


class _Xz(io.BufferedIOBase):
    """An xz file whose decoder may not take more memory than a preset would; LZMAFile has no such bound."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, size: int | None = -1, /) -> bytes:
        found, rest, left = [], self._data, size or -1
        while rest.strip(b"\0") and left:
            decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)
            part = decoder.decompress(rest, left)
            left -= len(part)
            found.append(part)
            if not decoder.eof and left:
                raise EOFError("it ends in mid-stream")
            rest = decoder.unused_data
        return b"".join(found)
