"""`init`: a new site that builds at once, with its publishing workflow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from sitegen.errors import fail
from sitegen.files import write_atomic

STARTER = Path(__file__).parent / "starter"
# Kept under plain names here, so that they mean nothing to this repository.
_HIDDEN = {"github": ".github", "gitignore": ".gitignore"}


def run(directory: Path) -> Iterator[str]:
    """Write the starter site into a new or empty folder; yields lines to tell the user.

    Raises SiteError when the folder holds anything.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise fail(str(directory), "is not empty", "name a new folder")
    for path in sorted(STARTER.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            first, *rest = path.relative_to(STARTER).parts
            write_atomic(directory.joinpath(_HIDDEN.get(first, first), *rest), path.read_bytes())
    write_atomic(directory / "requirements.txt", f"{requirement()}\n".encode())
    yield f"A new site is in {directory}."
    yield "Next:"
    yield f"  sitegen serve --site {directory}              look at it"
    yield f"  sitegen import --site {directory} FILE...     bring papers in"
    yield f"  edit {directory / 'content'}                  title, topics, and where each paper stands"
    yield "To publish it, push the folder to GitHub and choose GitHub Actions in its settings, under Pages."
    yield "The workflows in .github/workflows preview pull requests too, and can import what lies in inbox/ every week."


def requirement() -> str:
    """What to install to get this sitegen: the public address that it came from.

    Never the bare name: the package index has another project of that name.
    """
    try:
        origin = json.loads(metadata.distribution("sitegen").read_text("direct_url.json") or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        origin = {}
    url = str(origin.get("url", ""))
    commit = origin.get("vcs_info", {}).get("commit_id")
    if url.startswith("https://") and commit:
        return f"sitegen @ git+{url}@{commit}"
    if url.startswith("https://"):
        return f"sitegen @ {url}"
    return "# Say where sitegen is to be had, for example:\n# sitegen @ git+https://github.com/OWNER/REPOSITORY"
