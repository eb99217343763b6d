"""Long arrays: put in order by radix as Python sorts, grouped, and laid in rows."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sitegen import arrays

LARGE = st.one_of(st.integers(0, 5), st.integers(0, 2**17), st.integers(0, 2**62))
ROWS = st.lists(st.tuples(LARGE, LARGE))


@given(ROWS)
def test_the_order_is_that_of_a_stable_sort(rows: list[tuple[int, int]]) -> None:
    one, other = np.array(rows, np.int64).reshape(-1, 2).T
    by_both = sorted(range(len(rows)), key=lambda n: rows[n])
    assert arrays.order_by(one, other).tolist() == by_both
    assert arrays.order_by(other).tolist() == sorted(range(len(rows)), key=lambda n: rows[n][1])


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2))))
def test_a_row_changes_where_any_of_it_does(rows: list[tuple[int, int]]) -> None:
    expected = [n for n in range(len(rows)) if n == 0 or rows[n] != rows[n - 1]]
    assert arrays.changes(*np.array(rows, np.int64).reshape(-1, 2).T).tolist() == expected


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9))))
def test_runs_stand_in_a_row(given_runs: list[tuple[int, int]]) -> None:
    firsts, counts = np.array(given_runs, np.int64).reshape(-1, 2).T
    expected = [*itertools.chain.from_iterable(range(a, a + n) for a, n in given_runs)]
    assert arrays.runs(firsts, counts).tolist() == expected
    assert arrays.offsets(counts).tolist() == [0, *itertools.accumulate(n for _, n in given_runs)]


@given(st.lists(st.integers(0, 9)))
def test_each_number_begins_where_the_smaller_ones_end(numbers: list[int]) -> None:
    starts = arrays.starts_of(np.array(numbers, np.int64), 10)
    assert starts.tolist() == [sum(other < n for other in numbers) for n in range(11)]


@given(st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 100)))))
def test_sums_are_those_of_a_count_each_time(turns: list[list[tuple[int, int]]]) -> None:
    sums = arrays.Sums(10)
    for turn in turns:
        owners, values = np.array(turn, np.int64).reshape(-1, 2).T
        expected = np.bincount(owners, values / 7, 10)
        found, made = sums.of(owners, values / 7)
        assert found.tolist() == np.flatnonzero(expected).tolist()
        assert made.tolist() == expected[found].tolist()


@given(st.lists(st.integers(0, 9)))
def test_distinct_values_ascend(values: list[int]) -> None:
    assert arrays.distinct(np.array(values, np.int64)).tolist() == sorted(set(values))
