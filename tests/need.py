"""What tests need from outside their folder: programs of this machine, and a copy of this repository's reading list."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
SHARED = REPO.parent / "shared"


def program(*names: str) -> str:
    """The path of the first of these programs that is installed.

    Without any the test is skipped, or fails where SITEGEN_NEED_BROWSER is set: there, a skip would hide the gap.
    """
    found = next(filter(None, map(shutil.which, names)), None)
    if found:
        return found
    reason = f"needs {' or '.join(names)}, and none is installed (apt-get install {names[0]})"
    if os.environ.get("SITEGEN_NEED_BROWSER"):
        pytest.fail(f"SITEGEN_NEED_BROWSER is set, and this test {reason}", pytrace=False)
    pytest.skip(reason)


def package(path: str) -> str:
    """The text of a file of a JavaScript package of `tests/js`; without it the test is skipped, or fails as above."""
    file = REPO / "tests" / "js" / "node_modules" / path
    if file.is_file():
        return file.read_text("utf-8")
    reason = f"needs {path.partition('/')[0]} (npm install --prefix tests/js --no-package-lock)"
    if os.environ.get("SITEGEN_NEED_BROWSER"):
        pytest.fail(f"SITEGEN_NEED_BROWSER is set, and this test {reason}", pytrace=False)
    pytest.skip(reason)


def reading_list(folder: Path) -> Path:
    """This repository's list as committed, in a folder of its own: abstracts imported on this machine stay out."""
    shutil.copytree(REPO / "content", folder / "content", ignore=shutil.ignore_patterns("abstracts.jsonl"))
    return folder
