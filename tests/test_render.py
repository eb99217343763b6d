"""What templates are given, and what they may not do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sites import ENGLISH

from sitegen import render
from sitegen.errors import SiteError
from sitegen.model import Site
from sitegen.views import IndexView, Page

PAGE = Page("/years/", "index.html", "Years & <more>", "By year.", IndexView("Years & <more>", "By year.", ()))


def test_the_shipped_templates_are_found() -> None:
    assert (render.shipped_templates() / "base.html").is_file()


def test_text_is_escaped_and_links_are_relative(tmp_path: Path) -> None:
    html = render.Renderer(Site("A & B"), tmp_path, "assets/x/", ENGLISH).page(PAGE)
    assert "<title>Years &amp; &lt;more&gt; – A &amp; B</title>" in html
    assert 'href="../assets/x/site.css"' in html
    assert 'rel="canonical"' not in html


def test_the_missing_page_links_from_the_root_of_the_host(tmp_path: Path) -> None:
    site = Site("A", base_url="https://example.org/list/")
    page = Page("/404.html", "404.html", "Page not found", "", IndexView("", "", ()), listed=False)
    html = render.Renderer(site, tmp_path, "assets/x/", ENGLISH).page(page)
    assert 'href="/list/topics/"' in html


def test_a_template_of_the_site_s_own_may_fail_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>\n{{ view.headnig }}\n", "utf-8")
    with pytest.raises(SiteError, match=r"templates/index\.html:2: .*headnig"):
        render.Renderer(Site("A"), tmp_path, "assets/x/", ENGLISH).page(PAGE)


def test_json_in_a_page_cannot_end_its_block() -> None:
    assert render._json({"a": "</script><b>&"}) == '{"a":"\\u003c/script\\u003e\\u003cb\\u003e\\u0026"}'


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_json_in_a_page_is_python_s_own(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u00{ord(character):02x}")
    assert render._json(value) == text
    assert render._json({"words": ENGLISH.search, "more": [value]}).count(text)
