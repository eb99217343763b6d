"""A site's own templates and styles: file by file, by extension, and with the place of every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from sites import pages, paper, snapshot, text_of, write, write_site

from sitegen import build, cli
from sitegen.errors import SiteError

BASE = '{% extends "sitegen/base.html" %}\n{% block footer %}\n{{ nothing }}{% endblock %}\n'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write_site(tmp_path / "site", [paper("alpha", code_urls=["https://example.org/code"])])


def stylesheet(site: Path) -> str:
    [path] = (site / "_site/assets").glob("*/site.css")
    return path.read_text("utf-8")


def test_a_template_of_the_site_s_own_replaces_the_shipped_one(site: Path) -> None:
    write(site / "templates/404.html", "<!doctype html>\n<title>{{ page.title }}</title><p>Mine for {{ site.title }}")
    build.build(site)
    assert (site / "_site/404.html").read_text("utf-8").endswith("<p>Mine for Small")
    assert (site / "_site/index.html").read_text("utf-8").count("Mine for") == 0


def test_a_template_that_extends_the_shipped_one_changes_one_block(site: Path) -> None:
    build.build(site)
    before = snapshot(site / "_site")
    write(
        site / "templates/paper.html",
        '{% extends "sitegen/paper.html" %}\n{% block footer %}<p>My own footer</p>{% endblock %}\n',
    )
    build.build(site)
    after = snapshot(site / "_site")
    changed = {name for name in before if after[name] != before[name]}
    assert {name for name in changed if not name.startswith("about/report/")} == {"papers/alpha/index.html"}  # sizes
    page = dict(pages(site / "_site"))["papers/alpha/index.html"]
    assert text_of(page.find(".//footer")).strip() == "My own footer"
    assert text_of(page.find(".//h1")) == "Alpha"


def test_a_base_of_the_site_s_own_frames_every_page(site: Path) -> None:
    write(
        site / "templates/base.html",
        '{% extends "sitegen/base.html" %}\n{% block footer %}<p>Everywhere</p>{% endblock %}\n',
    )
    build.build(site)
    assert {text_of(page.find(".//footer")).strip() for _, page in pages(site / "_site")} == {"Everywhere"}


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        pytest.param("paper.html", "<p>\n{{ view.titel }}\n", 2, "titel", id="an unknown name"),
        pytest.param("paper.html", "<p>\n\n{% if %}\n", 3, "", id="broken syntax"),
        pytest.param("paper.html", "\n{% for x in view.links %}\n", 2, "for", id="a block left open"),
        pytest.param("paper.html", "\n{{ view.title | shout }}\n", 2, "shout", id="an unknown filter"),
        pytest.param("paper.html", "\n{{ view.title + 1 }}\n", 2, "", id="a wrong type"),
        pytest.param("paper.html", "\n\n{{ 1 // 0 }}\n", 3, "", id="an expression that fails"),
        pytest.param("paper.html", '\n{% include "nowhere.html" %}\n', 2, "nowhere.html", id="a missing template"),
        pytest.param("base.html", BASE, 3, "nothing", id="in the base of all pages"),
        pytest.param("macros.html", "\n\n{% macro row(", 3, "", id="broken syntax in a file that others import"),
        pytest.param("macros.html", "\n\n{{ nothing }}\n", 3, "nothing", id="a mistake in a file that others import"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_file_and_line(
    site: Path, name: str, text: str, line: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    build.build(site)
    before = snapshot(site / "_site")
    write(site / "templates" / name, text)
    assert cli.main(["build", "--site", str(site)]) == 1
    message = capsys.readouterr().err
    assert f"templates/{name}:{line}: " in message
    assert said in message
    assert snapshot(site / "_site") == before


def test_a_template_that_is_not_text_is_told_with_its_file(site: Path) -> None:
    write(site / "templates/paper.html", "").write_bytes(b"<p>\xff\xfe")
    with pytest.raises(SiteError, match=r"templates/paper\.html"):
        build.build(site)


def test_text_from_content_is_escaped_in_a_template_of_the_site_s_own(site: Path) -> None:
    write_site(site, [paper("alpha", title="<b>Alpha</b>")])
    write(site / "templates/paper.html", "{{ view.title }}|{{ view.title | inline }}")
    build.build(site)
    shown = "&lt;b&gt;Alpha&lt;/b&gt;"
    assert (site / "_site/papers/alpha/index.html").read_text("utf-8") == f"{shown}|{shown}"


def test_custom_css_comes_last_and_other_files_in_the_order_of_their_names(site: Path) -> None:
    for name in ("custom", "05-early", "99-late", "zebra"):
        write(site / f"templates/assets/css/{name}.css", f".mine-{name} {{ color: red }}\n")
    build.build(site)
    css = stylesheet(site)
    places = [css.index(f".mine-{name} ") for name in ("05-early", "99-late", "zebra", "custom")]
    assert places == sorted(places)
    assert css.rstrip().endswith(".mine-custom { color: red }")
    assert css.index(":root") < places[0]


def test_a_style_of_the_site_s_own_replaces_the_shipped_one_of_its_name(site: Path) -> None:
    write(site / "templates/assets/css/20-pages.css", ".only-mine { color: red }\n")
    build.build(site)
    assert ".only-mine" in stylesheet(site)
    assert ".papers {" not in stylesheet(site)


def test_a_changed_style_gets_a_new_address_that_all_pages_use(site: Path) -> None:
    build.build(site)
    [before] = (site / "_site/assets").iterdir()
    write(site / "templates/assets/css/custom.css", "p { color: red }\n")
    build.build(site)
    [after] = (site / "_site/assets").iterdir()
    assert after.name != before.name
    assert [name for name, data in snapshot(site / "_site").items() if before.name.encode() in data] == []


def test_a_file_of_the_site_s_own_is_published_beside_the_shipped_ones(site: Path) -> None:
    write(site / "templates/assets/pictures/logo.svg", "<svg/>")
    build.build(site)
    [path] = (site / "_site/assets").glob("*/pictures/logo.svg")
    assert path.read_text("utf-8") == "<svg/>"
