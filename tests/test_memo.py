"""The memo: nothing is made twice for one key, and nothing old is given for another."""

from __future__ import annotations

import pytest

from sitegen.memo import Forgetful, Memo, Whole
from sitegen.pages import digest


def test_what_was_made_is_given_again_for_the_same_key_only() -> None:
    memo, made = Memo(), list[int]()

    def make() -> int:
        made.append(1)
        return len(made)

    assert [memo("a", (1, "x"), make), memo("a", (1, "x"), make)] == [1, 1]
    assert memo("a", (2, "x"), make) == 2
    assert memo("b", (2, "x"), make) == 3
    assert memo("a", (1, "x"), make) == 4  # one result for each place


def test_what_fails_is_tried_again() -> None:
    memo = Memo()
    with pytest.raises(ZeroDivisionError):
        memo("a", 1, lambda: 1 // 0)
    assert memo("a", 1, lambda: 2) == 2


def test_a_long_part_of_keys_is_compared_as_it_is_and_digested_once() -> None:
    asked = list[object]()

    def how(value: object) -> bytes:
        asked.append(value)
        return digest(value)

    one, same, other = Whole(["a", "b"]), Whole(["a", "b"]), Whole(["ab"])
    assert one == same != other
    assert one != ["a", "b"]
    assert [one.digest(how), one.digest(how)] == [digest(["a", "b"])] * 2
    assert len(asked) == 1
    assert digest("key", one) == digest("key", same) != digest("key", other)


def test_the_forgetful_one_makes_everything() -> None:
    memo, made = Forgetful(), list[int]()
    for _ in range(2):
        memo("a", 1, lambda: made.append(1))
    assert len(made) == 2
