"""What can be given to `import`: files, folders, patterns, archives, standard input, ids; and a dry run of it."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sites import paper, snapshot, write, write_site

from sitegen import build, intake, place, store
from sitegen.cli import main
from sitegen.errors import SiteError
from sitegen.ingest import archive

TIDES, BEES = "@misc{a, title={On Tides}, eprint={2410.06511}}", "@misc{b, title={On Bees}}"


def titles(site: Path) -> list[str]:
    return sorted(paper.title for paper in store.read(site / "content").papers.values())


def packed(members: dict[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return memory.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(gzip.compress(TIDES.encode()), id="gzip"),
        pytest.param(lzma.compress(TIDES.encode()), id="xz"),
        pytest.param(packed({"a/refs.bib": TIDES.encode(), ".DS_Store": b"\0", "__MACOSX/a": b"\0"}), id="zip"),
        pytest.param(gzip.compress(packed({"refs.bib": lzma.compress(TIDES.encode())})), id="one-in-another"),
    ],
)
def test_archives_are_read(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "papers"
    path.write_bytes(data)
    report = intake.run(tmp_path / "site", [path])
    assert (titles(tmp_path / "site"), report.problems, report.unreadable) == (["On Tides"], [], 0)


def test_a_member_s_name_leads_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "evil.zip"
    path.write_bytes(packed({"../../evil.bib": TIDES.encode(), "/etc/evil2.bib": BEES.encode()}))
    intake.run(tmp_path / "site", [path])
    files = {source.file for paper in store.read(tmp_path / "site/content").papers.values() for source in paper.sources}
    assert files == {"evil.zip/evil.bib", "evil.zip/etc/evil2.bib"}
    assert {p.name for p in tmp_path.iterdir()} == {"evil.zip", "site"}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(gzip.compress(TIDES.encode())[:-9], id="cut-gzip"),
        pytest.param(lzma.compress(TIDES.encode())[:-9], id="cut-xz"),
        pytest.param(packed({"a": TIDES.encode()})[:-9], id="cut-zip"),
        pytest.param(b"\x1f\x8b\x08\x08abc", id="no-gzip"),
        pytest.param(b"PK\x03\x04" + b"x" * 99, id="no-zip"),
        pytest.param(gzip.compress(gzip.compress(gzip.compress(gzip.compress(TIDES.encode())))), id="too-deep"),
    ],
)
def test_a_broken_archive_is_named_and_the_others_come_in(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(data)
    (tmp_path / "good.bib").write_text(BEES)
    report = intake.run(tmp_path / "site", [tmp_path / "bad", tmp_path / "good.bib"])
    assert (titles(tmp_path / "site"), report.unreadable) == (["On Bees"], 1)
    assert report.problems[0].where.file == "bad"
    assert report.problems[0].hint


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, lambda data: packed({"a": data, "b": data})])
def test_an_archive_may_not_hold_more_than_a_bound(pack: object) -> None:
    bomb = pack(b"x" * 100_000)  # type: ignore[operator]
    with pytest.raises(SiteError, match="holds more than"):
        list(archive.files(bomb, "bomb", most_bytes=99_999))
    assert sum(len(data) for _, data in archive.files(bomb, "bomb", most_bytes=200_000)) >= 100_000


def test_a_folder_a_pattern_and_a_file_mean_files(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in {"a.bib": TIDES, "b.bib": BEES, ".hidden": "\0", "c.txt": "@misc{c, title={On Owls}}"}.items():
        (folder / name).write_text(text)
    names: dict[str, list[Path | str]] = {
        "folder": [folder],
        "pattern": [str(folder / "*.bib"), folder / "c.txt"],
        "deep": [str(tmp_path / "**" / "[a-c].*")],
    }
    for name, inputs in names.items():
        intake.run(tmp_path / name, inputs)
        assert titles(tmp_path / name) == ["On Bees", "On Owls", "On Tides"]


def test_what_is_nothing_is_named_all_at_once_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = ["none.bib", "*.none", "https://example.com/paper", "x" * 5000]
    assert main(["import", "--site", str(tmp_path), *wrong, "2410.06511"]) == 1
    said = capsys.readouterr().err
    assert all(name in said for name in wrong)
    assert "2410.06511" not in said
    assert snapshot(tmp_path) == {}


def test_standard_input_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TIDES.encode())))
        report = intake.run(tmp_path, ["-"])
    assert (titles(tmp_path), report.unchanged) == (["On Tides"], 1)


def test_an_id_waits_for_its_title_and_is_never_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = ["2410.06511", "https://doi.org/10.1000/Bees", "https://huggingface.co/papers/2410.06511"]
    assert main(["import", "--site", str(tmp_path), *ids]) == 0
    assert "enrich" in capsys.readouterr().out
    known = store.read(tmp_path / "content")
    assert known.papers == {}
    assert [(paper.arxiv_id, paper.doi) for paper in known.waiting] == [("2410.06511", ""), ("", "10.1000/bees")]
    before = snapshot(tmp_path)
    assert intake.run(tmp_path, ids).waiting == 0
    assert snapshot(tmp_path) == before


def test_a_build_has_no_page_for_a_nameless_paper_and_says_so(tmp_path: Path) -> None:
    site = write_site(tmp_path, [paper("on-bees")])
    intake.run(site, ["2410.06511"])
    report = build.build(site)
    assert [str(p.where) for p in report.warnings if "id alone" in p.message] == ["content/waiting.jsonl"]
    pages = "".join(p.read_text() for p in (site / "_site").rglob("*.*ml"))
    assert "on-bees" in pages
    assert "2410.06511" not in pages


def test_a_paper_that_waited_is_joined_when_its_title_comes(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text("- [Tidal](https://arxiv.org/abs/2410.06511) - moves a lot of water\n")
    (tmp_path / "refs.bib").write_text(TIDES)
    intake.run(tmp_path, [tmp_path / "list.md"])
    assert len(store.read(tmp_path / "content").waiting) == 1
    intake.run(tmp_path, [tmp_path / "refs.bib"])
    known = store.read(tmp_path / "content")
    [paper] = known.papers.values()
    assert known.waiting == ()
    assert (paper.slug, paper.also_titled, paper.blurb) == ("on-tides", ("Tidal",), "moves a lot of water")
    assert {source.file for source in paper.sources} == {"list.md", "refs.bib"}


NICKNAMES = """\
- [Tidal](https://arxiv.org/abs/2410.06512) - one
- [Tidal](https://arxiv.org/abs/2410.06513) - another
- [Tidal](https://doi.org/10.1000/tidal) - a third
"""


@pytest.mark.parametrize("known", ["", "title,also_titled,arxiv_id\nOn the Tides of Seas,Tidal,2410.06599\n"])
def test_a_nickname_alone_makes_no_two_papers_one(tmp_path: Path, known: str) -> None:
    (tmp_path / "list.md").write_text(NICKNAMES)
    (tmp_path / "known.csv").write_text(known or "\n")
    for _ in range(2):
        intake.run(tmp_path, [tmp_path / "known.csv", tmp_path / "list.md"])
        held = store.read(tmp_path / "content")
        ids = {(paper.arxiv_id, paper.doi) for paper in held.waiting}
        assert ids == {("2410.06512", ""), ("2410.06513", ""), ("", "10.1000/tidal")}
        assert [paper.arxiv_id for paper in held.papers.values()] == (["2410.06599"] if known else [])


def test_a_new_paper_takes_in_no_waiting_one_that_only_has_its_nickname(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text(NICKNAMES)
    (tmp_path / "new.csv").write_text("title,also_titled,arxiv_id\nOn the Tides of Seas,Tidal,2410.06599\n")
    intake.run(tmp_path, [tmp_path / "list.md"])
    assert intake.run(tmp_path, [tmp_path / "new.csv"]).new == 1
    assert len(store.read(tmp_path / "content").waiting) == 3


@pytest.mark.parametrize("title", ["", "On the Tides of Seas"])
def test_what_a_waiting_paper_loses_is_said(tmp_path: Path, title: str) -> None:
    write(tmp_path / "content/waiting.jsonl", '{"arxiv_id":"2410.06512","doi":"10.1000/one"}\n')
    (tmp_path / "new.json").write_text(f'[{{"title": "{title}", "arxiv_id": "2410.06512", "doi": "10.1000/two"}}]')
    said = "\n".join(map(str, intake.run(tmp_path, [tmp_path / "new.json"]).problems))
    assert "left out doi" in said


def test_a_folder_that_cannot_be_read_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_: Path) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", closed)
    with pytest.raises(SiteError, match="could not be read: Permission denied"):
        intake.expand([tmp_path])


def test_two_lines_of_one_waiting_id_are_joined_by_the_next_import(tmp_path: Path) -> None:
    lines = ['{"also_titled":["Tidal"],"arxiv_id":"2410.06512"}', '{"arxiv_id":"2410.06512","keywords":["sea"]}']
    write(tmp_path / "content/waiting.jsonl", "\n".join(lines) + "\n")
    intake.run(tmp_path, ["2410.06513"])
    first = store.read(tmp_path / "content").waiting[0]
    assert (first.also_titled, first.arxiv_id, first.keywords) == (("Tidal",), "2410.06512", ("sea",))


def test_an_id_of_a_known_paper_waits_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(TIDES)
    intake.run(tmp_path, [tmp_path / "refs.bib"])
    report = intake.run(tmp_path, ["2410.06511"])
    assert (report.waiting, report.merged) == (0, 1)
    assert store.read(tmp_path / "content").waiting == ()


def test_a_nameless_paper_is_not_placed(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "content").mkdir(parents=True)
    (site / "content/site.yaml").write_text("title: T\n")
    (tmp_path / "ids.txt").write_text("2410.06511\n2410.06512\n")
    predictions, _ = place.run(site, tmp_path / "ids.txt")
    assert list(predictions) == []


def test_a_dry_run_says_what_would_change_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old.bib").write_text(TIDES)
    site = tmp_path / "site"
    intake.run(site, [tmp_path / "old.bib"])
    before = snapshot(site)
    near = "@misc{c, title={On Beaches}}"
    text = "@misc{a, title={On Tides}, journal={J. Sea}, year=2024}" + BEES + near + "@misc{d, year=1}"
    (tmp_path / "new.bib").write_text(text)
    arguments = ["import", "--dry-run", "--site", str(site), str(tmp_path / "new.bib"), "2410.06512"]
    assert main(arguments) == 0
    shown = capsys.readouterr()
    assert snapshot(site) == before
    for word in ("new      on-bees", "merged   on-tides", 'venue: nothing -> "J. Sea"', "waiting  arxiv:2410.06512"):
        assert word in shown.out
    assert "nothing was written" in shown.out
    assert "new.bib:1: an entry without a title" in shown.err
    assert main([*arguments, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [change["what"] for change in report["changes"]] == ["merged", "new", "new", "waiting"]
    assert report["changes"][0]["fields"]["published"] == ["", "2024"]
    assert snapshot(site) == before


def test_a_dry_run_counts_what_the_import_then_does(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(TIDES + BEES + TIDES)
    dry = intake.run(tmp_path, [tmp_path / "refs.bib"], dry_run=True)
    wet = intake.run(tmp_path, [tmp_path / "refs.bib"])
    assert (dry.new, dry.merged, dry.unchanged) == (wet.new, wet.merged, wet.unchanged) == (2, 0, 1)
    assert dry.changes
    assert not wet.changes
