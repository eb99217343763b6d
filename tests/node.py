"""The browser's search scripts, run in node."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import need

from sitegen.render import shipped_templates
from sitegen.search.pipeline import browser_tables

HERE = Path(__file__).parent / "js"


def _run(script: str, arguments: Sequence[Path], given: object, folder: Path) -> Any:
    """The JSON that a script answers. The shipped scripts are copied beside a package.json that calls them modules."""
    node = need.program("node")
    scripts = folder / "scripts"
    if not scripts.exists():
        shutil.copytree(shipped_templates() / "assets" / "search", scripts)
        (scripts / "package.json").write_text('{"type": "module"}', "utf-8")
    command = [node, str(HERE / script), str(scripts), *map(str, arguments)]
    done = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@dataclass(frozen=True)
class Words:
    """What the browser makes of texts: each text's tokens, and the term of every token."""

    tokens: list[list[str]]
    terms: dict[str, str]


def words(texts: Sequence[str], folder: Path) -> Words:
    tables = json.loads(json.dumps(browser_tables()))
    answer = _run("terms.mjs", [], {**tables, "texts": list(texts)}, folder)
    return Words(answer["tokens"], dict(answer["terms"]))


def queries(asked: Sequence[str], files: Path, folder: Path) -> list[dict[str, Any]]:
    """For each query the paths found, best first, their number, and whether the query was relaxed."""
    answers: list[dict[str, Any]] = _run("queries.mjs", [files], list(asked), folder)
    return answers
