"""`place` and `evaluate`: papers that are not in the list, and how well they are placed."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from sitegen import cli, evaluate

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared/corpus/papers-20k.jsonl.xz"


def test_cross_validation_on_the_shipped_list_is_as_good_as_promised() -> None:
    figures = evaluate.run(ROOT).figures()
    assert figures["top1"] >= 0.75
    assert figures["primary_or_secondary"] >= 0.85
    assert figures["calibration_error"] <= 0.07
    assert figures["errors_in_least_certain_quarter"] >= 0.6


@pytest.mark.skipif(not CORPUS.is_file(), reason="needs ../shared/corpus")
def test_papers_that_the_list_has_never_seen_are_placed_well(tmp_path: Path) -> None:
    """Titles and labels are ours (tests/data/labelled.jsonl), abstracts come from the corpus. Sure labels only."""
    lines = (ROOT / "tests/data/labelled.jsonl").read_text("utf-8").splitlines()
    labels = {label["title"]: label for label in map(json.loads, lines) if label["sure"]}
    with lzma.open(CORPUS, "rt", encoding="utf-8") as papers:
        abstracts = {p["title"]: p["abstract"] for p in map(json.loads, papers) if p["title"] in labels}
    file = tmp_path / "labelled.jsonl"
    rows = [{**label, "abstract": abstracts[title]} for title, label in labels.items()]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    report = evaluate.run(ROOT, file)
    figures = report.figures()
    assert len(report.judged) >= 250
    assert figures["top1"] >= 0.80
    assert figures["top3"] >= 0.93
    assert figures["primary_or_secondary"] >= 0.86
    assert figures["fits_none_f1"] >= 0.7


def test_place_answers_in_the_order_of_the_file_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    papers = [
        {"title": "Quantum tunnelling in beetle wings", "abstract": "We look at beetles."},
        {"title": "LoRA with fewer parameters", "abstract": "Low-rank adaptation of frozen weights, adapters, PEFT."},
    ]
    file = tmp_path / "new.jsonl"
    file.write_text("".join(json.dumps(paper) + "\n" for paper in papers), "utf-8")
    before = sorted((ROOT / "content").rglob("*"))
    assert cli.main(["place", str(file), "--site", str(ROOT), "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)["predictions"]
    assert [first["title"], second["title"]] == [paper["title"] for paper in papers]
    assert first["fits_none"]
    assert not second["fits_none"]
    assert second["ranked"][0]["topic"] == "peft-lora"
    assert len(first["ranked"]) >= 3
    assert 0 <= second["confidence"] <= 1
    assert sorted((ROOT / "content").rglob("*")) == before


def test_place_shows_the_words_that_decided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "new.json"
    file.write_text(json.dumps([{"title": "Music generation from text prompts with a symbolic model"}]), "utf-8")
    assert cli.main(["place", str(file), "--site", str(ROOT)]) == 0
    out = capsys.readouterr().out
    assert "music-audio" in out
    assert "because of" in out


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"title": "A", "primary": "pfet-lora"}', "peft-lora"),
        ('{"primary": "none"}', "title"),
        ("{broken", "not a labelled paper"),
    ],
)
def test_a_wrong_label_is_told_with_its_line(
    line: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text('{"title": "A", "primary": "none"}\n' + line + "\n", "utf-8")
    assert cli.main(["evaluate", str(file), "--site", str(ROOT)]) == 1
    err = capsys.readouterr().err
    assert "labels.jsonl:2: " in err
    assert says in err


def test_evaluate_prints_a_table_and_a_curve(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["evaluate", "--site", str(ROOT), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["papers"] == 343
    assert set(found["topics"]["peft-lora"]) == {"papers", "precision", "recall"}
    assert [point["confirmed"] for point in found["curve"]] == [0, 69, 137, 274]
    assert sum(row["papers"] for row in found["calibration"]) == 343


def test_what_evaluate_prints_fits_a_terminal_and_draws_the_curve(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["evaluate", "--site", str(ROOT)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    bars = [line for line in lines if line.endswith((".", "#")) and "##" in line]
    assert len(bars) >= 4 + 3  # the curve, and the tenths of confidence
    assert {len(line.split()[-1]) for line in bars} == {40}
    assert any("taken from" in line and "given to" in line for line in lines)
