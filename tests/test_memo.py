"""The memo: nothing is made twice for one key, and nothing old is given for another."""

from __future__ import annotations

import pytest

from sitegen.memo import Forgetful, Memo


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


def test_the_forgetful_one_makes_everything() -> None:
    memo, made = Forgetful(), list[int]()
    for _ in range(2):
        memo("a", 1, lambda: made.append(1))
    assert len(made) == 2
