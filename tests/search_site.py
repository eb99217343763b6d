"""Sites to search, and the scripts that search them under node. Shared by the tests of the search."""

from __future__ import annotations

import json
import lzma
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sitegen.model import Entry, Paper, Words

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "papers-20k.jsonl.xz"
SCRIPTS = ROOT / "tests" / "js"
FOREIGN = (
    "Обучение языковых моделей",
    "语言模型 训练",
    "𠀀𠀁 ﬁne-tuning 𝒪(n)",
    "Größe µ Łukasz",
    "한국어 모델",
    "مدل زبان",
)


def need_node() -> None:
    """Skip where node or lunr.js is missing; fail where it must not be."""
    if shutil.which("node") and (SCRIPTS / "node_modules" / "lunr").is_dir():
        return
    reason = "needs node, and `npm install` in tests/js"
    if os.environ.get("SITEGEN_NEED_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


def node(script: str, *arguments: str, given: object = None) -> Any:
    """What a script under tests/js prints, from JSON."""
    command = ["node", str(SCRIPTS / script), *arguments]
    text = None if given is None else json.dumps(given)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def corpus(number: int) -> Iterator[Entry]:
    """Real papers as entries, every seventh with words of another script in its summary."""
    with lzma.open(CORPUS, "rt") as file:
        for count, line in zip(range(number), file, strict=False):
            raw = json.loads(line)
            words = Words("", FOREIGN[count // 7 % len(FOREIGN)]) if count % 7 == 0 else Words()
            paper = Paper(f"paper-{count}", raw["title"], (), tuple(raw["authors"]), "2024", raw.get("venue") or "")
            yield Entry(paper, words, raw["abstract"])


def write(files: dict[str, bytes], folder: Path) -> Path:
    """The files under a folder."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder
