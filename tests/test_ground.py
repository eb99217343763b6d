"""The ground that rooms stand on: dates, files, features, assets, views and the progress bar."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sitegen import assets, dates, features, files, progress, views
from sitegen.errors import SiteError
from sitegen.model import Entry, Paper, Topic, Words


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


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"shown\.txt: could not be read"):
        files.read_text(tmp_path / "nowhere.txt", "shown.txt")


def test_features_are_stems_and_pairs_of_neighbours() -> None:
    found = features.words_and_pairs("Merging the merged models, in 2024")
    assert found == ["merg", "merg", "model", "merg model"]


@pytest.mark.parametrize(("one", "other"), [("image", "images"), ("study", "studies"), ("training", "trained")])
def test_forms_of_a_word_are_one_feature(one: str, other: str) -> None:
    assert features.words_and_pairs(one) == features.words_and_pairs(other)


def test_a_papers_title_and_keywords_count_for_more() -> None:
    entry = Entry(Paper("a", "Harbour"), Words("A tide.", "", ("moon",)), abstract="Tide and tide again.")
    counts = features.of_entry(entry)
    assert (counts["harbour"], counts["moon"], counts["tide"]) == (3, 2, 3)
    assert features.Spelling(entry).of("harbour") == "harbour"
    assert features.of_topic(Topic("t", "Tides", "Of moons.", terms=(("low water", 2.0),)))["low water"] == 4.0


def test_a_stem_is_written_as_the_paper_writes_it_first() -> None:
    spelling = features.Spelling(Entry(Paper("a", "Retraining and Trained naïvely; training")))
    assert spelling.of("train") == "trained"  # not the end of "retraining"
    assert spelling.of("naivel") == "naively"
    assert spelling.of("moon") == "moon"


def test_a_phrase_is_found_in_its_other_forms() -> None:
    assert features.phrase("flock of birds") in features.phrase("Some flocks of bird fly")
    assert features.phrase("flock of birds") not in features.phrase("birds flock")


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


def test_a_part_knows_its_neighbours() -> None:
    pages = tuple(views.Anchor(str(n), f"page/{n}/") for n in (1, 2, 3))
    assert [views.Part(n, 3, pages).before for n in (1, 2, 3)] == [None, pages[0], pages[1]]
    assert [views.Part(n, 3, pages).after for n in (1, 2, 3)] == [pages[1], pages[2], None]


def test_there_is_no_progress_bar_but_on_a_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with progress.bar("import") as advance:
        advance(1, 2)
    assert capfd.readouterr() == ("", "")
