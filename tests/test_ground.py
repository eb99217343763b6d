"""The ground that rooms stand on: dates, files, features, assets, views and the progress bar."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen import assets, dates, features, files, progress, views
from sitegen.errors import SiteError
from sitegen.model import Entry, Paper, Topic, Words
from sitegen.pages import rows
from sitegen.text import unaccent


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2024", "2024-01-01T00:00:00Z"),
        ("2024-10", "2024-10-01T00:00:00Z"),
        ("2024-10-09", "2024-10-09T00:00:00Z"),
    ],
)
def test_a_partial_date_is_stamped(date: str, moment: str) -> None:
    assert dates.timestamp(date) == moment
    assert dates.is_partial(date)


@pytest.mark.parametrize("date", ["", "24", "2024-13", "2024-02-30", "2024-1-1", "--06-09", "2024-10-09T00:00", "٢٠٢٤"])
def test_what_is_no_date_is_none(date: str) -> None:
    assert not dates.is_partial(date)


def test_a_file_is_replaced_whole_and_only_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    assert files.write_atomic(path, b"one")
    before = path.stat().st_ino
    assert not files.write_atomic(path, b"one")
    assert path.stat().st_ino == before
    path.chmod(0o600)
    assert files.write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(path.parent) == ["file.txt"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SiteError, match="No space left"):
        files.write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file.txt"]


def test_what_only_saves_time_is_kept_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "kept"
    assert files.keep(path, b"one")
    monkeypatch.setattr(os, "replace", None)
    with pytest.raises(TypeError):  # as when the run is interrupted
        files.keep(path, b"two")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert not files.keep(path, b"three")
    assert not files.keep(path / "below a file", b"four")
    assert path.read_bytes() == b"one"
    assert os.listdir(path.parent) == ["kept"]


def test_what_a_killed_run_left_of_it_is_swept(tmp_path: Path) -> None:
    for pid in ("999999999", str(os.getpid())):
        (tmp_path / f".kept.{pid}.kept.part").write_bytes(b"half")
    files.sweep(tmp_path / "*")
    assert os.listdir(tmp_path) == [f".kept.{os.getpid()}.kept.part"]


def test_what_cannot_be_swept_stays(tmp_path: Path) -> None:
    (tmp_path / ".kept.999999999.kept.part").mkdir()
    files.sweep(tmp_path / "*")
    assert len(os.listdir(tmp_path)) == 1


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"shown\.txt: could not be read"):
        files.read_text(tmp_path / "nowhere.txt", "shown.txt")


def counted(*texts: tuple[str, float]) -> dict[str, float]:
    """The features of one thing, and how often they stand in what is said of it."""
    table = features.table([texts])
    return {table.text(term): times for term, times in zip(table.terms.tolist(), table.times.tolist(), strict=True)}


def test_features_are_stems_and_pairs_of_neighbours() -> None:
    found = counted(("Merging the merged models, in 2024", 1))
    assert found == {"merg": 2, "model": 1, "merg model": 1}


WORDS = st.sampled_from("merging merged models of the naïve naive 2024 study studies μ".split())
TEXTS = st.lists(st.tuples(st.lists(WORDS, max_size=6).map(" ".join), st.sampled_from([1, 2, 0.5])), max_size=4)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.lists(TEXTS, max_size=6))
def test_many_texts_are_counted_as_each_alone(rows: list[list[tuple[str, float]]]) -> None:
    table = features.table(rows)
    assert len(table) == len(rows)
    for row, texts in enumerate(rows):
        span = slice(table.starts[row], table.starts[row + 1])
        terms = table.terms[span]
        assert terms.tolist() == sorted({*terms.tolist()})
        found = dict(zip(map(table.text, terms.tolist()), table.times[span].tolist(), strict=True))
        expected: dict[str, float] = {}
        for text, weight in texts:
            stems = [features.stem(w) if w != "2024" else "" for w in unaccent(text).lower().split()]
            stems = ["" if s in ("of", "the") else s for s in stems]
            pairs = [f"{a} {b}" for a, b in itertools.pairwise(stems) if a and b]
            for feature in [*filter(None, stems), *pairs]:
                expected[feature] = expected.get(feature, 0) + weight
        assert found == expected
    assert [*map(table.text, range(len(table.features)))] == sorted(map(table.text, range(len(table.features))))


@pytest.mark.parametrize(("one", "other"), [("image", "images"), ("study", "studies"), ("training", "trained")])
def test_forms_of_a_word_are_one_feature(one: str, other: str) -> None:
    assert counted((one, 1)) == counted((other, 1))


def test_a_papers_title_and_keywords_count_for_more() -> None:
    entry = Entry(Paper("a", "Harbour"), Words("A tide.", "", ("moon",)), abstract="Tide and tide again.")
    counts = counted(*features.of_entry(entry))
    assert (counts["harbour"], counts["moon"], counts["tide"]) == (3, 2, 3)
    topic = Topic("t", "Tides", "Of moons.", terms=(("low water", 2.0),))
    assert counted(*features.of_topic(topic))["low water"] == 4.0


def test_a_stem_is_written_as_the_paper_writes_it_first() -> None:
    table = features.table([[("Training moons", 1)], [("Retraining and Trained naïvely; training", 1)]])
    spelt = {
        table.text(term): word for term, word in zip(table.terms, table.spelt(table.rows, table.terms), strict=True)
    }
    assert spelt["train"] == "trained"  # of the second text, and not the end of "retraining"
    assert spelt["train naivel"] == "trained naively"
    assert spelt["moon"] == "moons"


def test_a_phrase_is_found_in_its_other_forms() -> None:
    rows = ["Some flocks of bird fly", "birds flock", "A flock of", "birds and a flock of birds", ""]
    table = features.table([[(text, 1)] for text in rows])
    assert table.holds("flock of birds").tolist() == [True, False, False, True, False]
    assert not table.holds("herd").any()
    assert not table.holds("?!").any()


def test_stylesheets_are_joined_with_the_sites_own_last(tmp_path: Path) -> None:
    for name, text in {
        "a/css/10-x.css": "x{}",
        "a/css/custom.css": "",
        "a/css/90-z.css": "z{}",
        "a/i.svg": "i",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "b/css").mkdir(parents=True)
    (tmp_path / "b/css/custom.css").write_text("c{}")
    shipped = assets.collect(tmp_path / "a")
    own = assets.collect(tmp_path / "a", tmp_path / "b")
    assert own == {"i.svg": b"i", "site.css": b"x{}\nz{}\nc{}\n"}
    assert assets.fingerprint(shipped) != assets.fingerprint(own)
    assert assets.fingerprint(own) == assets.fingerprint(dict(reversed(own.items())))


@pytest.mark.parametrize("total", [1, 2, 12, 13, 160, 1742])
def test_every_part_of_a_long_list_is_a_few_steps_from_every_other(total: int) -> None:
    shown = [part for _, _, part in rows.parts("/years/2020/", ["slug"] * (total * 50 - 7))]
    leads = {part.number: {int(page.name) for page in part.pages} for part in shown}
    assert max(map(len, leads.values())) <= 12 + 2 * total.bit_length()
    assert all({1, total, n, max(1, n - 1), min(total, n + 1)} <= leads[n] for n in leads)
    reached, steps = {1}, 0
    while len(reached) < total:
        reached, steps = set().union(*(leads[n] for n in reached)), steps + 1
    assert steps <= 1 + total.bit_length() // 2
    assert all(
        page.path == f"years/2020/{f'page/{page.name}/' * (page.name != '1')}" for p in shown for page in p.pages
    )


def test_a_part_knows_its_neighbours() -> None:
    pages = tuple(views.Anchor(str(n), f"page/{n}/") for n in (1, 2, 3))
    assert [views.Part(n, 3, pages).before for n in (1, 2, 3)] == [None, pages[0], pages[1]]
    assert [views.Part(n, 3, pages).after for n in (1, 2, 3)] == [pages[1], pages[2], None]


SLOW = """
import sys, time
from sitegen import progress
progress.PATIENCE = float(sys.argv[1])
with progress.bar("import") as advance:
    advance(1, 4)
    time.sleep(0.3)
    advance(3, 4, "relate")
    time.sleep(0.3)
    advance(0, 0, "render")
    time.sleep(0.3)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
@pytest.mark.parametrize("patience", [0.0, 60.0])
def test_on_a_terminal_there_is_a_bar_for_what_takes_long(patience: float) -> None:
    master, terminal = os.openpty()
    given = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    subprocess.run([sys.executable, "-c", SLOW, str(patience)], stderr=terminal, check=True, env=given)
    os.close(terminal)
    os.set_blocking(master, False)
    try:
        shown = os.read(master, 1 << 16).decode()
    except (BlockingIOError, OSError):
        shown = ""
    os.close(master)
    if patience:
        assert shown == ""
    else:
        assert all(said in shown for said in ("import", "25%", "relate", "75%", "render"))


def test_there_is_no_progress_bar_but_on_a_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with progress.bar("import") as advance:
        advance(1, 2)
    assert capfd.readouterr() == ("", "")
