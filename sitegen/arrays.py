"""Long arrays of numbers: what is in a row, put in order, or grouped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]
else:
    Array = Any

    class _Numpy:
        """numpy, loaded when something of it is asked for: it takes as long as all else that a small build loads, and
        many count nothing."""

        def __getattr__(self, name: str) -> Any:
            import numpy

            found = getattr(numpy, name)
            setattr(self, name, found)
            return found

    np = _Numpy()

__all__ = ["Array", "Sums", "changes", "distinct", "highest", "np", "offsets", "order_by", "runs", "starts_of"]


def runs(firsts: Array, counts: Array) -> Array:
    """`first, first + 1, ...`, as many as it counts, for each of them in a row."""
    return np.repeat(firsts - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))


def offsets(counts: Array) -> Array:
    """Where runs of these lengths begin, with the end of the last."""
    return np.concatenate(([0], np.cumsum(counts)))


def starts_of(numbers: Array, total: int) -> Array:
    """Where the entries of each number begin once they are sorted by it; shape (total + 1,)."""
    return offsets(np.bincount(numbers, minlength=total))


def order_by(*keys: Array) -> Array:
    """The stable order by these numbers, which are not negative, the first key first. Sixteen bits at a time, as numpy
    sorts these by radix."""
    order: Array = np.arange(len(keys[0]), dtype=np.int32 if len(keys[0]) < 1 << 31 else np.int64)
    for key in reversed(keys):
        for shift in range(0, int(key.max(initial=0)).bit_length(), 16):
            digits = (key >> shift).astype(np.uint16)
            order = order[np.argsort(digits[order], kind="stable")]
    return order


def changes(*columns: Array) -> Array:
    """Where a row differs from the one before it, the first row included."""
    new = np.zeros(len(columns[0]), bool)
    new[:1] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(new)


def distinct(values: Array) -> Array:
    """The different values, ascending. `numpy.unique` is the same, and loads `numpy.ma` first."""
    ordered = np.sort(values)
    return ordered[changes(ordered)]


def highest(values: Array, most: int) -> Array:
    """Where the highest values stand, at most so many, ascending; of equal ones the first. Nothing else is sorted."""
    last = np.partition(values, len(values) - most)[len(values) - most]
    above, equal = np.flatnonzero(values > last), np.flatnonzero(values == last)
    return np.sort(np.concatenate([above, equal[: most - len(above)]]))


class Sums:
    """Adds up what few of n things have, in a time that does not grow with n."""

    def __init__(self, things: int) -> None:
        self._sums, self._last = np.zeros(things), np.zeros(things, np.intp)

    def of(self, owners: Array, values: Array) -> tuple[Array, Array]:
        """Those that have values, ascending, each once, and the sums of these."""
        places = np.arange(len(owners))
        np.add.at(self._sums, owners, values.astype(np.float64))
        self._last[owners] = places
        found = np.sort(owners[self._last[owners] == places])
        sums = self._sums[found]
        self._sums[found] = 0
        return found, sums
