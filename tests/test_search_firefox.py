"""The search in Firefox: its page and its dialog over a server, and a site opened from a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import need
import pytest
from search_site import node

if TYPE_CHECKING:
    from browser import Site

pytest_plugins = ("browser",)
pytestmark = pytest.mark.browser


def test_firefox_searches_a_served_site_and_one_opened_from_a_folder(published: Site) -> None:
    firefox = need.program("firefox-esr", "firefox")
    need.package("puppeteer-core/package.json")
    found = node("firefox.mjs", firefox, published.url, Path(published.folder).as_uri() + "/")
    assert found["version"].startswith("firefox/")
    assert [error for error in found["errors"] if "CORS request not http" not in error] == []  # modules, in a folder
    for way in ("served", "opened"):
        seen = found[way]
        assert seen["linked"] == ["Matryoshka Representation Learning"]
        assert seen["marked"] == "Matryoshka"
        assert "showing results for “quantization”" in seen["mended"]
        assert seen["counted"] == "13 papers."
        assert {"Topic", "Year"} <= set(seen["filters"])
        assert seen["landed"] == ["Matryoshka Representation Learning", "#q=matryoshka"]
    assert found["dialog"] == 3
