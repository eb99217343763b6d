"""The last result of each pure function, kept under the whole of its input.

A key is compared, not trusted: it holds the frozen values themselves, or the bytes of files. Values that are the same
objects as before compare at once. There are no dirty flags, and nothing expires; what is asked for with another key is
made anew and takes the old one's place.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Memo:
    """Results by place: one for each function and thing that it is about."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[Any, Any]] = {}

    def __call__(self, place: Hashable, key: object, make: Callable[[], T]) -> T:
        """What `make` gave for this key when it was last asked for at this place, or gives now.

        `key` must hold all that `make` depends on. What `make` raises is not kept.
        """
        kept = self._kept.get(place)
        if kept is not None and kept[0] == key:
            same: T = kept[1]
            return same
        value = make()
        self._kept[place] = (key, value)
        return value

    def last(self, place: Hashable) -> tuple[Any, Any] | None:
        """The key and the value that are kept at this place, if any: what a function can start from."""
        return self._kept.get(place)

    def forget(self, place: Hashable) -> None:
        """Give back the memory of what is kept at this place."""
        self._kept.pop(place, None)


class Whole:
    """A long part of keys: compared as it is, and digested once for all keys that hold it."""

    def __init__(self, value: object) -> None:
        self._value = value
        self._digest = b""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Whole) and self._value == other._value

    __hash__ = None  # type: ignore[assignment]

    def digest(self, how: Callable[[object], bytes]) -> bytes:
        """What stands for it. `how`: makes that of a value."""
        self._digest = self._digest or how(self._value)
        return self._digest


class Forgetful(Memo):
    """Keeps nothing: for a build that is made once."""

    def __call__(self, place: Hashable, key: object, make: Callable[[], T]) -> T:
        return make()
