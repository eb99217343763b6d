"""A memo that lasts from build to build: what takes long to reckon is kept in `.sitegen/memo/`.

The words of the papers, counted; the related papers; the map. Each stands in a file of its own with what it was made
of, for this version of the program and its libraries. A file that is damaged, of another version or of other content
is as good as none; all can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from sitegen import features, snapshot
from sitegen.files import write_atomic
from sitegen.memo import Memo
from sitegen.model import Neighbour
from sitegen.pages import digest
from sitegen.views import MapView

T = TypeVar("T")

_DIGEST = 16
"""Bytes before the content that stand for it and for the version."""


class _Counted(msgspec.Struct, array_like=True):
    said: bytes
    table: features.Packed


class _Related(msgspec.Struct, array_like=True):
    said: bytes
    stand: dict[str, tuple[str, ...]]
    found: dict[str, tuple[Neighbour, ...]]


class _Drawn(msgspec.Struct, array_like=True):
    key: bytes
    map: MapView
    files: dict[str, bytes]


class Lasting(Memo):
    """Knows some of what the last build knew."""

    def __init__(self, site: Path) -> None:
        super().__init__()
        self._folder = site / ".sitegen" / "memo"

    def __call__(self, place: Hashable, key: Any, make: Callable[[], T]) -> T:
        ways: dict[Hashable, Callable[[Any, Callable[[], Any]], Any]] = {
            "table": self._counted,
            "related": self._related,
            "map": self._drawn,
        }
        if place not in ways or place in self._kept:
            return super().__call__(place, key, make)
        found: T = super().__call__(place, key, lambda: ways[place](key, make))
        return found

    def _counted(self, said: object, make: Callable[[], features.Table]) -> features.Table:
        stands = digest(said)
        kept = self._read("table", _Counted)
        if kept and kept.said == stands:
            return features.unpacked(kept.table)
        table = make()
        self._write("table", _Counted(stands, features.packed(table)))
        return table

    def _related(self, key: tuple[object, dict[str, tuple[str, ...]]], make: Callable[[], Any]) -> Any:
        stands, stand = digest(key[0]), key[1]
        kept = self._read("related", _Related)
        if kept and kept.said == stands:
            if kept.stand == stand:
                return kept.found
            self._kept["related"] = ((key[0], kept.stand), kept.found)  # where `make` may start from
        found = make()
        self._write("related", _Related(stands, stand, found))
        return found

    def _drawn(self, key: object, make: Callable[[], tuple[MapView, dict[str, bytes]]]) -> Any:
        stands = digest(key)
        kept = self._read("map", _Drawn)
        if kept and kept.key == stands:
            return kept.map, kept.files
        drawn = make()
        self._write("map", _Drawn(stands, *drawn))
        return drawn

    def _read(self, name: str, kind: type[T]) -> T | None:
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            data = (self._folder / name).read_bytes()
            if data[:_DIGEST] == _sealed(data[_DIGEST:]):
                return msgspec.msgpack.decode(memoryview(data)[_DIGEST:], type=kind)
        return None

    def _write(self, name: str, value: msgspec.Struct) -> None:
        """If the disk lets us: it saves time, and nothing else."""
        data = msgspec.msgpack.encode(value, enc_hook=str)  # phrases of the interface are texts of a kind
        with contextlib.suppress(Exception):
            write_atomic(self._folder / name, _sealed(data) + data)


def _sealed(data: bytes | memoryview) -> bytes:
    return hashlib.blake2b(data, digest_size=_DIGEST, key=snapshot.version().encode()).digest()
