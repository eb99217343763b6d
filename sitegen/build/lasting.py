"""A memo that lasts from build to build: what takes long to reckon is kept in `.sitegen/memo/`.

That is where the papers stand; their words, counted, and those that the search cuts them into; the related papers; the
authors; the map; the assets as they are published. Each stands in a file of its own with a digest of what it was made
of, for this version of the program and its libraries. A file that is damaged, of another version or of other content is
as good as none; all can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from sitegen import features, search, snapshot, topics
from sitegen.files import keep
from sitegen.memo import Memo
from sitegen.model import Neighbour
from sitegen.pages import digest
from sitegen.pages.authors import Authors
from sitegen.views import MapView

T = TypeVar("T")
Topics = dict[str, tuple[str, ...]]
"""Of papers, by slug."""


class _Kept(msgspec.Struct, Generic[T], array_like=True):
    key: bytes
    value: T


def _same(value: Any) -> Any:
    return value


_FORMS: Mapping[Hashable, tuple[Any, Callable[[Any], Any], Callable[[Any], Any]]] = {
    "placed": (dict[str, topics.Stand], lambda placing: placing.stands, topics.Placing),
    "authors": (Authors, _same, _same),
    "table": (features.Packed, features.packed, features.unpacked),
    "said": (search.Said, _same, _same),
    "map": (tuple[MapView, dict[str, bytes]], _same, _same),
    "assets": (dict[str, bytes], _same, _same),
}
"""By place: the form in which a value is kept, and the ways there and back."""
_RELATED = tuple[Topics, dict[str, tuple[Neighbour, ...]]]
_SEAL = 16
"""Bytes before the content that stand for it and for the version."""


class Lasting(Memo):
    """Knows some of what the last build knew. Nothing else is kept: within a build it is asked for once."""

    def __init__(self, site: Path) -> None:
        super().__init__()
        self._folder = site / ".sitegen" / "memo"

    @functools.cached_property
    def _version(self) -> bytes:
        return snapshot.version().encode()

    def __call__(self, place: Hashable, key: Any, make: Callable[[], T]) -> T:
        if place not in _FORMS and place != "related":
            return make()
        look = self._related if place == "related" else self._look
        found: T = super().__call__(place, key, lambda: look(str(place), key, make))
        return found

    def _look(self, place: str, key: object, make: Callable[[], Any]) -> Any:
        (form, there, back), stands = _FORMS[place], digest(key)
        kept = self._read(place, form)
        if kept and kept.key == stands:
            return back(kept.value)
        value = make()
        self._write(place, stands, lambda: there(value))
        return value

    def _related(self, place: str, key: tuple[object, Topics], make: Callable[[], Any]) -> Any:
        """The key is what is said of the papers, and their topics. If only these have changed, `make` finds what there
        was before."""
        (said, stand), stands = key, digest(key[0])
        kept = self._read(place, _RELATED)
        if kept and kept.key == stands:
            before, found = kept.value
            if before == stand:
                return found
            self._kept[place] = ((said, before), found)
        found = make()
        self._write(place, stands, lambda: (stand, found))
        return found

    def _read(self, name: str, form: Any) -> _Kept[Any] | None:
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            data = memoryview((self._folder / name).read_bytes())
            if data[:_SEAL] == self._seal(data[_SEAL:]):
                kept: _Kept[Any] = msgspec.msgpack.decode(data[_SEAL:], type=_Kept[form])
                return kept
        return None

    def _write(self, name: str, key: bytes, value: Callable[[], object]) -> None:
        """If disk and memory let us: it saves time, and nothing else."""
        with contextlib.suppress(Exception):
            data = msgspec.msgpack.encode(_Kept(key, value()), enc_hook=str)  # phrases of the interface are texts, too
            keep(self._folder / name, self._seal(data) + data)

    def _seal(self, data: bytes | memoryview) -> bytes:
        return hashlib.blake2b(data, digest_size=_SEAL, key=self._version).digest()
