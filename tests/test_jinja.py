"""The quick Jinja writes what Jinja writes, character for character, and keeps nothing from one page to another."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import markupsafe
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.filters import do_urlencode
from sites import ENGLISH

from sitegen import jinja, render
from sitegen.model import Site

HOSTILE = st.text(st.sampled_from("<>&'\"{}%#aä \n\\") | st.characters(codec="utf-8"))
MACROS = """\
{% import "inner.html" as inner with context %}
{% macro link(path, name="none", more=true) %}
<a href="{{ root }}{{ path }}">{{ name }}{{ inner.mark(name) }}</a>{% endmacro %}
{% macro box(text) %}
<p{{ kwargs | xmlattr }}>{{ caller() if caller }}{{ text }}{{ varargs | join(",") }}</p>{% endmacro %}
"""
INNER = "{% macro mark(text) %}[{{ text }}|{{ root }}]{% endmacro %}"
BASE = """\
{% import "macros.html" as m with context %}
<title>{% block title %}{{ text }}{% endblock %}</title>
{% block main %}{% endblock %}{% include "part.html" %}
{% block end %}{{ m.link("end") }}{% endblock %}
"""
PAGE = """\
{% extends "base.html" %}
{% block title %}{{ super() }} - {{ number }}{% endblock %}
{% block main scoped %}
{% set kept = namespace(n=0) %}
{% for item in items %}{% set kept.n = kept.n + 1 %}
{{ loop.index }}: {{ m.link(item, name=item) }} {{ m.link(item, item, false) }}{{ item ~ text }}
{{ [item, text] | join("<") }}{{ items | join("<") }}{{ item | urlencode }}{{ {"q": item} | urlencode }}
{{ item | upper }}{{ item | e }}{{ item | safe }}
{% else %}nothing{% endfor %}
{{ kept.n }}{{ none }}{{ 1.5 }}{{ true }}{{ markup }}{{ (markup, text) | join(text) }}
{% filter upper %}{{ text }}{% endfilter %}{% set block %}{{ text }}{% endset %}{{ block }}
{% call m.box(text, 1, 2, id=text) %}{{ text }}{% endcall %}
{% if missing is defined %}{{ missing }}{% endif %}{{ text.nothing is defined }}{{ {"a": text}.a }}
{% endblock %}
"""
TEMPLATES = {
    "macros.html": MACROS,
    "inner.html": INNER,
    "base.html": BASE,
    "page.html": PAGE,
    "part.html": "({{ text }})",
}


def quick(templates: dict[str, str], cache: Path | None = None, **globals: Any) -> jinja.Environment:
    environment = jinja.Environment(jinja2.DictLoader(templates), jinja.Kept(cache) if cache else None)
    environment.globals |= globals
    return environment


def plain(templates: dict[str, str], **globals: Any) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(templates),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= globals
    return environment


QUICK, PLAIN = quick(TEMPLATES).get_template("page.html"), plain(TEMPLATES).get_template("page.html")


class Html:
    def __html__(self) -> str:
        return "<i>"


@given(HOSTILE, st.lists(HOSTILE, max_size=3).map(tuple), st.integers(), st.sampled_from(["./", "../", "../../"]))
def test_every_page_is_that_of_jinja(text: str, items: tuple[str, ...], number: int, root: str) -> None:
    facts = {
        "text": text,
        "items": items,
        "number": number,
        "root": root,
        "markup": markupsafe.Markup(f"<b>{number}</b>"),
    }
    assert QUICK.render(facts) == PLAIN.render(facts)


@given(
    HOSTILE | st.integers() | st.none() | st.booleans() | st.floats() | HOSTILE.map(markupsafe.Markup) | st.builds(Html)
)
def test_what_is_escaped_is_what_markupsafe_escapes(value: Any) -> None:
    assert jinja.escape(value) == markupsafe.escape(value)
    assert "".join([jinja.escape(value)]) == str(markupsafe.escape(value))


def test_words_are_escaped_and_an_unknown_name_is_a_mistake() -> None:
    assert jinja.escape(ENGLISH.both_say) == markupsafe.escape(ENGLISH.both_say)
    with pytest.raises(jinja2.UndefinedError):
        quick({"a": "{{ nothing }}"}).get_template("a").render()
    with pytest.raises(jinja2.UndefinedError):
        quick({"a": "{{ x.nothing }}"}).get_template("a").render(x="")


@pytest.mark.parametrize("value", ["", "a b", "ä/ö?&=+~", {"a": "b c", "d": 1}, [("a", "&")], 3])
def test_addresses_are_written_as_jinja_writes_them(value: Any) -> None:
    assert jinja.urlencode(value) == do_urlencode(value)


@pytest.mark.parametrize(
    "macros",
    [
        "{% macro show() %}{{ root }}{{ word }}{% endmacro %}",
        "{% macro show() %}{{ root }}{{ page }}{% endmacro %}",
        "{% macro show() %}{{ page if page is defined }}{% endmacro %}",
        '{% import "inner.html" as inner with context %}{% macro show() %}{{ inner.deep() }}{% endmacro %}',
        '{% from "inner.html" import deep with context %}{% macro show() %}{{ deep() }}{% endmacro %}',
        '{% macro show() %}{% include "inner.html" %}{% endmacro %}',
        '{% macro show() %}{% import "inner.html" as i with context %}{{ i.deep() }}{% endmacro %}',
        '{% set x = "inner.html" %}{% import x as i with context %}{% macro show() %}{{ i.deep() }}{% endmacro %}',
        "{% set seen = namespace(n=0) %}{% macro show() %}{% set seen.n = seen.n + 1 %}{{ seen.n }}{% endmacro %}",
        "{% set seen = cycler('a', 'b', 'c') %}{% macro show() %}{{ seen.next() }}{% endmacro %}",
        "{{ page }}{% macro show() %}{{ self }}{% endmacro %}",
        '{% extends "other.html" %}{% macro show() %}{{ page }}{% endmacro %}',
    ],
)
def test_macros_keep_nothing_from_one_page_to_another(macros: str) -> None:
    templates = {
        "macros.html": macros,
        "inner.html": "{% macro deep() %}{{ page }}{{ root }}{% endmacro %}{{ page }}",
        "other.html": "{{ page }}",
        "page.html": '{% import "macros.html" as m with context %}{{ m.show() }}{{ m.show() }}{{ m }}',
        "own.html": '{% set word = page %}{% import "macros.html" as m with context %}{{ m.show() }}{{ m.show() }}',
    }
    one, other = (make(templates, word="word") for make in (quick, plain))
    for page in ("<1>", "2", "3"):
        for root in ("./", "../", "./"):
            for name in ("page.html", "own.html"):
                shown = [env.get_template(name).render(page=page, root=root).split("<Tem")[0] for env in (one, other)]
                assert shown[0] == shown[1]


def test_macros_that_see_only_the_root_are_made_once_for_it(tmp_path: Path) -> None:
    environment = render.Renderer(Site("A"), tmp_path, "", ENGLISH).environment
    macros = environment.get_template("macros.html")
    made = [macros.make_module({"root": root, "page": n}, True) for n, root in enumerate(["./", "../", "./", "../"])]
    assert made[0] is made[2] is not made[1] is made[3]


def refuse(*_: Any, **__: Any) -> Any:
    raise AssertionError("compiled")


def test_the_code_of_a_template_is_kept_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = quick(TEMPLATES, tmp_path / "kept").get_template("part.html").render(text="<")
    with monkeypatch.context() as patch:
        patch.setattr(jinja2.Environment, "compile", refuse)
        assert quick(TEMPLATES, tmp_path / "kept").get_template("part.html").render(text="<") == text == "(&lt;)"
    changed = TEMPLATES | {"part.html": "[{{ text }}]"}
    assert quick(changed, tmp_path / "kept").get_template("part.html").render(text="<") == "[&lt;]"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:40],
        lambda data: data[:-1],
        lambda data: data[:50] + bytes([data[50] ^ 1]) + data[51:],
        lambda data: b"\x00" * len(data),
    ],
)
def test_a_damaged_file_of_code_is_made_anew(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    quick(TEMPLATES, tmp_path).get_template("part.html")
    [file] = tmp_path.iterdir()
    good = file.read_bytes()
    file.write_bytes(damage(good))
    assert quick(TEMPLATES, tmp_path).get_template("part.html").render(text="<") == "(&lt;)"
    assert file.read_bytes() == good


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        assert quick(TEMPLATES, folder).get_template("part.html").render(text="<") == "(&lt;)"


def test_code_of_another_version_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(TEMPLATES, tmp_path).get_template("part.html")
    monkeypatch.setattr(jinja, "_MAKER", b"another")
    monkeypatch.setattr(jinja2.Environment, "compile", refuse)
    with pytest.raises(AssertionError, match="compiled"):
        quick(TEMPLATES, tmp_path).get_template("part.html")


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program's template, where Python keeps the code of modules beside them."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "shipped.html").write_text("shipped")
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_the_code_of_the_programs_own_templates_is_kept_beside_them(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "site" / "templates"
    own.mkdir(parents=True)
    (own / "own.html").write_text("own")
    made = jinja.environment(own, shipped, tmp_path / "kept")
    assert [made.get_template(f"{name}.html").render() for name in ("shipped", "own")] == ["shipped", "own"]
    assert len(names(shipped / "__pycache__")) == len(names(tmp_path / "kept")) == 1
    monkeypatch.setattr(jinja2.Environment, "compile", refuse)
    other = jinja.environment(tmp_path / "other", shipped, tmp_path / "elsewhere")
    assert other.get_template("shipped.html").render() == "shipped"  # for every site


def test_it_is_kept_with_the_site_where_the_program_cannot_be_written(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shipped / "__pycache__").write_text("no folder")
    assert jinja.environment(tmp_path, shipped, tmp_path / "kept").get_template("shipped.html").render() == "shipped"
    assert len(names(tmp_path / "kept")) == 1
    monkeypatch.setattr(jinja2.Environment, "compile", refuse)
    assert jinja.environment(tmp_path, shipped, tmp_path / "kept").get_template("shipped.html").render() == "shipped"


@pytest.mark.parametrize(("setting", "value"), [("dont_write_bytecode", True), ("pycache_prefix", "elsewhere")])
def test_it_is_kept_with_the_site_where_python_shall_write_nothing_beside_modules(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: object
) -> None:
    monkeypatch.setattr(sys, setting, value)
    jinja.environment(tmp_path, shipped, tmp_path / "kept").get_template("shipped.html")
    assert names(shipped) == ["shipped.html"]
    assert len(names(tmp_path / "kept")) == 1


def test_what_a_filter_gives_is_no_part_of_the_code(tmp_path: Path) -> None:
    for language in ("one", "other"):
        made = quick({"page.html": '{{ "x" | said }} {{ ["y"] | join("") }} {{ "<" }}'}, tmp_path)
        made.filters["said"] = lambda text, language=language: f"{text} in {language}"
        assert made.get_template("page.html").render() == f"x in {language} y &lt;"
    assert len(names(tmp_path)) == 1
