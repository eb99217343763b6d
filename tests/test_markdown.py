"""Text to HTML: maths, links, escaping; the Markdown of plain text shows just that text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen import maths
from sitegen.markdown import inline, quote, render
from sitegen.text import visible


@pytest.mark.parametrize(
    ("tex", "holds"),
    [
        pytest.param(r"\alpha", "<mi>α</mi>", id="letter"),
        pytest.param("O(1/k^2)", "<msup><mi>k</mi><mn>2</mn></msup>", id="power"),
        pytest.param(r"x<y", "<mo>&lt;</mo>", id="less-than"),
    ],
)
def test_maths_becomes_mathml_that_keeps_its_tex(tex: str, holds: str) -> None:
    html = inline(f"so ${tex}$ it is")
    assert re.fullmatch(r"so <math><semantics>.*</semantics></math> it is", html)
    assert holds in html
    assert '<annotation encoding="application/x-tex">' in html


@pytest.mark.parametrize(
    "tex",
    [
        pytest.param(r"\foo{x}", id="unknown-command"),
        pytest.param(r"a & b", id="stray-ampersand"),
        pytest.param(r"\frac{1", id="open-brace"),
        pytest.param(r"\begin{matrix}a", id="open-environment"),
    ],
)
def test_broken_maths_is_shown_as_tex_or_mended_and_never_lost(tex: str) -> None:
    html = inline(f"${tex}$")
    assert "<code" in html or "<math>" in html
    assert ("<code" in html) == bool(maths.broken(f"${tex}$"))


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{y}",
        r"\style{color:red}{x}",
        r"\text{<script>alert(1)</script>}",
        r"\class{x}{y}",
        r"\mathcal{<img src=x onerror=alert(1)>}",
    ],
)
def test_maths_lets_no_link_style_or_element_in(tex: str) -> None:
    html = inline(f"${tex}$")
    attributes = re.findall(r"<[a-z]+((?: [^<>]*)?)>", html)
    assert not re.search(r"<(?!/?(?:math|semantics|annotation|code|m[a-z]+)\b)", html)
    assert not [a for a in attributes if re.search(r"href|style=|on[a-z]+=|class=\"(?!tex)", a)]


@pytest.mark.parametrize("text", ["It costs $5 or $10.", "a lone $ sign", "MS DanceR$", "$5"])
def test_money_is_no_maths(text: str) -> None:
    assert inline(text) == text


def test_links_in_running_text_become_links_without_their_full_stop() -> None:
    html = inline("Code at https://example.org/a_b(c).", links=True)
    assert '<a href="https://example.org/a_b(c" rel="nofollow">' in html or "https://example.org/a_b(c)" in html
    assert inline("see https://example.org/x.", links=True).endswith("</a>.")
    assert "<a" not in inline("see https://example.org/x.")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        pytest.param("[a](/papers/x/)", '<a href="../../papers/x/">a</a>', id="rooted-link"),
        pytest.param("[a](https://example.org)", '<a href="https://example.org">a</a>', id="outward"),
        pytest.param("[a](javascript:alert(1))", "[a](javascript:alert(1))", id="script"),
        pytest.param("[a](data:text/html,x)", "[a](data:text/html,x)", id="data"),
        pytest.param("[a](//example.org)", "[a](//example.org)", id="without-a-scheme"),
        pytest.param("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;", id="html"),
    ],
)
def test_the_curators_markdown_is_safe_and_its_links_are_relative(written: str, shown: str) -> None:
    assert render(written, "../../") == f"<p>{shown}</p>\n"


PIECES = st.sampled_from(
    "word * _ ` # ## - + 1. [a](b) <b> </b> & &amp; \\ ~~ | > = ! {} $x^2$ $5 ** __ ``` :: --- *** ![]() < >".split()
)


@settings(deadline=None, max_examples=500, derandomize=True)
@given(st.lists(PIECES | st.text(max_size=4), max_size=8).map(lambda parts: visible(" ".join(parts))))
def test_the_markdown_of_plain_text_shows_just_that_text(text: str) -> None:
    expected = f"<p>{inline(text)}</p>\n" if text else ""
    assert render(quote(text), "./") == expected


def test_cells_are_aligned_without_a_style_of_their_own() -> None:
    html = render("| a | b | c | d |\n|---|---:|:-:|:--|\n| 1 | 2 | 3 | 4 |\n", "")
    assert "style" not in html
    cells = re.findall(r"<t([hd])([^>]*)>(\w)", html)
    classes = ["", ' class="to-right"', ' class="to-center"', ' class="to-left"']
    assert cells == [*zip("hhhh", classes, "abcd", strict=True), *zip("dddd", classes, "1234", strict=True)]
