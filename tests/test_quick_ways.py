"""The quick ways through what is plain give what the slow ones give, on any text."""

from __future__ import annotations

import json
import re
import unicodedata
from urllib.parse import quote, urlencode, urlsplit
from xml.sax import saxutils

import msgspec
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it.common.normalize_url import normalizeLink

from sitegen import arrays, features, feeds, markdown, text, urls
from sitegen.cite import bibtex
from sitegen.model import Site
from sitegen.pages import rows
from sitegen.pages.describe import _without_empty
from sitegen.tex import MATHS
from sitegen.text import fold

_WORDS = (
    r"""LoRA 3D Q a Learning -- `` '' $x_1$ $ { } {a} \ ~ ^ & % # _ 1. - = 12) * [x](y) <b> > " ' é Ω ß | !""".split()
)
PIECES = st.sampled_from([*_WORDS, " ", "\n", "\t", "\r", "1. ", "- "])
TEXT = st.text(st.characters(codec="utf-8"), max_size=40) | st.lists(PIECES, max_size=12).map("".join)
SAFE = st.sampled_from(["", "/", "/:;()-._~!$&'*+,=@"])


@given(TEXT, SAFE)
def test_addresses(value: str, safe: str) -> None:
    assert urls.quoted(value, safe) == quote(value, safe=safe)
    assert urls.absolute("/" + value, "https://a.org/") == "https://a.org/" + quote(value, safe="/#?=&")
    fields = {"a b": value, value: "c"}
    assert "&".join(f"{urls.quoted(k, '')}={urls.quoted(v, '')}" for k, v in fields.items()) == urlencode(
        fields, quote_via=quote
    )


def by_parts(url: str) -> bool:
    """Whether a link is one, as `urlsplit` has it."""
    if not url.isprintable() or re.search(r'[ <>"\\^`{|}]', url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


LINKS = st.lists(
    st.sampled_from(
        "http https :// : / // a.org a-b. .. - [ ] [::1] @ u:p@ :80 :0 :99999 ?q= #x %20 é \n ( ) ' $ ;".split(" ")
    ),
    max_size=8,
).map("".join)


@given(LINKS | LINKS.map("https://".__add__) | TEXT.map("http://a.org/".__add__))
@example("https://a.org\n")
@example("https://")
def test_links(url: str) -> None:
    assert urls.is_web_link(url) == by_parts(url)


_MARKUP = re.compile(r"([\\`*_{}\[\]<>#+!|~&])|^(\d+)([.)])|^([-=])", re.MULTILINE)


def quoted(value: str) -> str:
    def plain(part: str) -> str:
        return _MARKUP.sub(lambda m: f"{m[2]}\\{m[3]}" if m[2] else "\\" + m[0], part).replace("$", "\\$")

    parts, end = [], 0
    for match in MATHS.finditer(value):
        parts += [plain(value[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*parts, plain(value[end:])])


@given(TEXT)
def test_markdown(value: str) -> None:
    assert markdown.quote(value) == quoted(value)


@given(st.from_regex(markdown._WITHIN, fullmatch=True) | st.text("/.ab-_%é", max_size=9))
def test_links_in_markdown(url: str) -> None:
    assert markdown._parser().normalizeLink(url) == normalizeLink(url)


@given(TEXT)
def test_xml(value: str) -> None:
    kept = feeds._NOT_IN_XML.sub("", value)
    assert feeds.escape(value) == saxutils.escape(kept)
    assert feeds.quoteattr(value) == saxutils.quoteattr(kept)


@given(TEXT, st.lists(TEXT))
def test_json(value: str, more: list[str]) -> None:
    made = {"a": value, "b": [{"c": one} for one in more], "d": more}
    data = msgspec.json.encode(made)
    assert data.decode() == json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    assert msgspec.json.format(data, indent=1).decode() == json.dumps(made, ensure_ascii=False, indent=1)
    feed = json.loads(feeds.json_feed(Site(value or "A", base_url="https://a.org/"), [], "/", value, {}))
    assert feed["title" if value else "feed_url"] == (value or "https://a.org/feed.json")


@given(TEXT)
def test_words_of_texts(value: str) -> None:
    assert features._words(value) == re.findall(r"[^\W_]+", text.unaccent(value).lower())


@given(TEXT)
def test_plain_letters(value: str) -> None:
    named = unicodedata.normalize("NFKC", value.translate(text._TO_NAMES))
    bare = text._ACCENTS.sub("", unicodedata.normalize("NFKD", named))
    assert text.unaccent(value) == unicodedata.normalize("NFC", bare).translate(text._TO_NAMES)
    assert rows._fold(value) == fold(value)


def balanced(tex: str) -> bool:
    depth = 0
    for brace in re.findall(r"[{}]", tex):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def pieces(value: str) -> list[tuple[bool, str]]:
    found, end = [], 0
    for match in MATHS.finditer(value):
        if balanced(match[0]):
            found += [(False, value[end : match.start()]), (True, match[0])]
            end = match.end()
    return [*found, (False, value[end:])]


def slow_tex(value: str, title: bool) -> str:
    tied = re.compile(r"(?<=-)(?=-)|(?<=`)(?=`)|(?<=')(?=')")

    def token(word: str) -> str:
        upper = any(c.isupper() for c in word[1:]) or (len(word) == 1 and word.isupper() and word not in "AIÀ")
        return f"{{{word}}}" if upper else bibtex._SPECIAL.get(word, word)

    def plain(part: str) -> str:
        part = part if balanced(part) else part.replace("{", "(").replace("}", ")")
        if title:
            return tied.sub("{}", re.sub(r"(?s)[^\W_]+|.", lambda match: token(match[0]), part))
        return tied.sub("{}", part.translate(bibtex._TO_SPECIAL))

    return "".join((f"{{{part}}}" if title else part) if maths else plain(part) for maths, part in pieces(value))


@given(TEXT)
@example("a--b ``c'' {LoRA} 3D A I Q_x $x^{2}$ }{")
def test_tex(value: str) -> None:
    assert bibtex.escape(value) == slow_tex(value, False)
    assert bibtex._title(value) == slow_tex(value, True)


@pytest.mark.parametrize("value", ["", None, [], {}, "a", 0, 1, True, False, [0], {"a": ""}, 0.0])
def test_what_is_empty(value: object) -> None:
    assert (_without_empty({"a": value}) == {}) == (value in ("", None, [], {}))


@given(st.lists(st.integers(0, 4).map(float), min_size=2, max_size=40), st.data())
def test_the_highest_are_those_that_sorting_puts_first(values: list[float], data: st.DataObject) -> None:
    found, most = np.array(values), data.draw(st.integers(1, len(values) - 1))
    expected = sorted(np.argsort(-found, kind="stable")[:most].tolist())
    assert arrays.highest(found, most).tolist() == expected
