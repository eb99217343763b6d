"""Pages of the toy site, byte for byte. After a change that is meant: `python tests/test_golden.py`."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import pytest

from sitegen import build

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
COMMAND = "python tests/test_golden.py"
PAPERS = (
    "a-misspelt-titel",
    "bold-b-claims-b-quoted-ends-script-alert-toy-script",
    "sorting-examples-in-o-n-log-n-steps",
)
FILES = (
    "index.html",
    "index.md",
    "404.html",
    "feed.xml",
    "sitemap.xml",
    "lists/toy-list-old/index.html",
    "topics/ordering-things/index.html",
    "topics/sorting/index.html",
    "topics/sorting/index.md",
    "years/2025/index.html",
    *(f"papers/{slug}/index.{form}" for slug in PAPERS for form in ("html", "md")),
)


def plain(data: bytes) -> bytes:
    """Without the fingerprint of the assets, which any change of a script or style changes."""
    return re.sub(rb"\bassets/[0-9a-f]{8,}/", b"assets/ASSETS/", data)


@pytest.mark.parametrize("name", FILES)
def test_a_page_of_the_toy_site_is_as_it_was(name: str, built: Path) -> None:
    golden = GOLDEN / name
    assert golden.is_file(), f"there is no golden {name}; {COMMAND} makes it"
    expected, found = golden.read_bytes().decode(), plain((built / name).read_bytes()).decode()
    assert found == expected, f"{name} has changed; if that is meant, run: {COMMAND}"


def test_every_golden_is_compared() -> None:
    kept = {path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*") if path.is_file()}
    assert kept == set(FILES), f"run: {COMMAND}"


def regenerate() -> None:
    """Write the goldens anew."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(shutil.copytree(HERE / "toy", Path(folder) / "toy"))
        build.build(site)
        shutil.rmtree(GOLDEN, ignore_errors=True)
        for name in FILES:
            path = GOLDEN / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(plain((site / "_site" / name).read_bytes()))
    print(f"{len(FILES)} files in {GOLDEN}; look at the difference before you commit it")


if __name__ == "__main__":
    regenerate()
