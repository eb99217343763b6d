"""The pages as a browser sees them: well-formed, linked within the site, harmless whatever a title holds, in parts."""

from __future__ import annotations

import contextlib
import re
import xml.etree.ElementTree as ET
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from sites import BASE_URL, leads_to, links, pages, paper, parse, text_of, write, write_site

from sitegen import build
from sitegen.errors import SiteError
from sitegen.urls import is_web_link

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "attribute": "' onmouseover='alert(1)' x='",
    "end-of-title": "</title></h1></main><script src=//example.org/x.js></script>",
    "comment": "<!-- --!> <![CDATA[ ]]> <svg onload=alert(1)>",
    "template": "{{ 7 * 7 }}{% raw %}{# no #}",
    "markdown": "[click](javascript:alert(1)) ![x](https://example.org/x.png) `code` **bold**",
    "entities": "&lt;b&gt; &amp;amp; &#60;script&#62;",
    "front-matter": "--- title: |",
}


# --- Well-formed, and linked ---


def test_an_html_parser_has_nothing_to_mend_on_any_page(built: Path) -> None:
    found = dict(pages(built))  # raises for the first thing that is not HTML
    assert len(found) > 25
    assert {page.attrib["lang"] for page in found.values()} == {"en"}
    assert [name for name, page in found.items() if not text_of(page.find(".//title")).strip()] == []


def test_ids_are_unique_and_labels_mean_something(built: Path) -> None:
    for name, page in pages(built):
        ids = [element.attrib["id"] for element in page.iter() if "id" in element.attrib]
        wanted = {e.attrib[key] for e in page.iter() for key in ("for", "aria-labelledby") if key in e.attrib}
        assert len(ids) == len(set(ids)), name
        assert wanted <= set(ids), name


def test_every_page_but_a_redirect_has_one_main_heading(built: Path) -> None:
    counts = {name: len(page.findall(".//h1")) for name, page in pages(built)}
    assert counts.pop("topics/ordering-things/index.html") == 0
    assert set(counts.values()) == {1}


@pytest.mark.parametrize("base_url", [BASE_URL, "https://list.example/"])
def test_every_link_within_the_site_leads_to_a_file_and_an_anchor(toy: Path, base_url: str) -> None:
    build.build(toy, base_url=base_url)
    output = toy / "_site"
    parsed = dict(pages(output))
    seen = 0
    for name, page in parsed.items():
        for link in links(page):
            target = leads_to(link, name, base_url, output)
            if target is None:
                assert is_web_link(link), f"{name}: {link}"
                continue
            seen += 1
            assert target.is_file(), f"{name}: {link}"
            if anchor := link.partition("#")[2]:
                there = parsed[target.relative_to(output).as_posix()]
                assert there.find(f".//*[@id='{anchor}']") is not None, f"{name}: {link}"
    assert seen > 500


def test_links_are_relative_but_for_pages_that_are_served_at_any_depth(built: Path) -> None:
    for name, page in pages(built):
        for canonical in page.findall(".//link[@rel='canonical']"):
            canonical.attrib.pop("href")
        own = [link for link in links(page) if leads_to(link, name, BASE_URL, built)]
        rooted = [link for link in own if link.startswith(("/", BASE_URL))]
        if name in ("404.html", "offline.html"):
            assert [link for link in own if link not in rooted and not link.startswith("#")] == []
        else:
            assert rooted == [], name


@pytest.mark.parametrize("name", ["404.html", "offline.html"])
def test_a_page_that_is_served_at_any_depth_works_there(built: Path, name: str) -> None:
    page = parse(built / name)
    for link in links(page):
        if not link.startswith(("#", "https://example.org/toy/")):
            target = leads_to(link, "papers/no/such/page/index.html", BASE_URL, built)
            assert target is not None, link
            assert target.is_file(), link


def test_nothing_is_loaded_from_another_host(built: Path) -> None:
    for name, page in pages(built):
        loading = [e for e in page.iter() if e.tag in ("script", "img", "form", "iframe", "source")]
        loading += [e for e in page.findall(".//link") if e.attrib["rel"] != "canonical"]
        used = [link for element in loading for link in links(element)]
        assert [link for link in used if "//" in link] == [], name


def test_every_link_of_a_markdown_twin_is_a_link_of_its_page(built: Path) -> None:
    parser = MarkdownIt("commonmark")
    twins = sorted(built.rglob("index.md"))
    assert len(twins) > 20
    for twin in twins:
        name = twin.relative_to(built).with_suffix(".html").as_posix()
        body = re.sub(r"\A---\n.*?\n---\n", "", twin.read_text("utf-8"), flags=re.DOTALL)
        tokens = [token for block in parser.parse(body) for token in block.children or ()]
        written = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
        shown = {leads_to(link, name, BASE_URL, built) or link for link in links(parse(built / name))}
        assert [w for w in written if (leads_to(w, name, BASE_URL, built) or w) not in shown] == [], name


@pytest.mark.parametrize(
    "link",
    [
        pytest.param("[x](/topics/two/)", id="inline"),
        pytest.param("[x](</topics/two/>)", id="in angle brackets"),
        pytest.param("[x][ref]\n\n[ref]: /topics/two/", id="by reference"),
    ],
)
def test_links_rooted_at_the_site_are_relative_in_a_note_and_in_its_twin(tmp_path: Path, link: str) -> None:
    site = write_site(tmp_path)
    write(site / "content/notes/one.md", link)
    write(site / "content/about.md", link)
    build.build(site)
    for folder, way in (("topics/one", "../../"), ("about", "../")):
        shown = list(links(parse(site / "_site" / folder / "index.html")))
        twin = (site / "_site" / folder / "index.md").read_text("utf-8")
        assert f"{way}topics/two/" in shown
        assert re.findall(r"[./]*/?topics/two/", twin) == [f"{way}topics/two/"]


@pytest.mark.parametrize(
    "doi",
    [
        pytest.param("10.9999/plain.1", id="plain"),
        pytest.param("10.9999/(SICI)1:43:1<1::AID-T1>3.0.CO;2-#", id="brackets and a hash"),
        pytest.param("10.9999/a%b?c", id="a percent sign and a question mark"),
    ],
)
def test_any_doi_gives_a_link_that_means_it_in_the_page_and_its_twin(tmp_path: Path, doi: str) -> None:
    site = write_site(tmp_path, [paper("alpha", doi=doi)])
    build.build(site)
    [link] = [link for link in links(parse(site / "_site/papers/alpha/index.html")) if "doi.org" in link]
    assert is_web_link(link)
    parts = urlsplit(link)
    assert unquote(parts.path) == f"/{doi}"
    assert parts.query == parts.fragment == ""
    html = MarkdownIt("commonmark").render((site / "_site/papers/alpha/index.md").read_text("utf-8"))
    assert f'href="{escape(link)}"' in html


# --- Hostile text ---


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose every text is hostile."""
    everything = " ".join(HOSTILE.values())
    curated = everything.replace("![x]", "")  # the curator may show a picture, a record may not
    fields = {"authors": [everything], "venue": everything, "keywords": [everything], "also_titled": [everything]}
    papers = [{"slug": slug, "title": title, **fields} for slug, title in HOSTILE.items()]
    quoted = "'" + everything.replace("'", "''") + "'"
    site = write_site(
        tmp_path_factory.mktemp("hostile"),
        papers,
        site_yaml=f"title: {quoted}\ndescription: {quoted}\nauthor: {quoted}\nbase_url: {BASE_URL}\n",
        topics_yaml=f"- group: {quoted}\n  slug: g\n  topics:\n  - {{slug: one, name: {quoted}, scope: {quoted}}}\n",
        overrides_yaml="".join(
            f"{slug}: {{topics: [one], why: {quoted}, note: {quoted}, links: [{quoted}: https://example.org/]}}\n"
            for slug in HOSTILE
        ),
        about_md=f"# {curated}",
    )
    words = "".join(f"{slug}: {{tldr: {quoted}, summary: {quoted}, keywords: [{quoted}]}}\n" for slug in HOSTILE)
    write(site / "content/summaries/words.yaml", words)
    write(site / "content/notes/one.md", curated)
    build.build(site)
    return site / "_site"


def test_hostile_text_adds_no_element_attribute_or_link_that_acts(hostile: Path) -> None:
    for name, page in pages(hostile):
        for element in page.iter():
            assert element.tag != "img", name
            assert [key for key in element.attrib if key.startswith("on") or key == "style"] == [], name
            if element.tag == "script" and element.get("type") == "application/json":
                assert (element.get("src"), element.get("id")) == (None, "manifest"), name
            elif element.tag == "script" and element.get("type") == "application/ld+json":
                assert list(element.attrib) == ["type"], name
                assert "<" not in (element.text or ""), name
            elif element.tag == "script":
                assert re.fullmatch(r"(\.\./|\./|/reading-list/)+assets/[0-9a-f]+/[\w/]+\.js", element.get("src", ""))
        bad = [link for link in links(page) if re.match(r"\s*(javascript|data|vbscript):", link, re.IGNORECASE)]
        assert bad == [], name


@pytest.mark.parametrize("slug", HOSTILE)
def test_a_hostile_title_is_shown_as_it_is(hostile: Path, slug: str) -> None:
    page = parse(hostile / "papers" / slug / "index.html")
    assert text_of(page.find(".//h1")) == HOSTILE[slug]
    assert text_of(page.find(".//title")).startswith(HOSTILE[slug])


@pytest.mark.parametrize("slug", HOSTILE)
def test_a_hostile_title_is_text_in_the_markdown_too(hostile: Path, slug: str) -> None:
    twin = (hostile / "papers" / slug / "index.md").read_text("utf-8")
    body = re.sub(r"\A---\n.*?\n---\n", "", twin, flags=re.DOTALL)
    page = ET.fromstring(f"<main>{MarkdownIt('commonmark').render(body)}</main>")
    assert text_of(page.find("h1")) == HOSTILE[slug]


@pytest.mark.parametrize(
    "tex",
    [
        pytest.param(r"\href{javascript:alert(1)}{x}", id="a link"),
        pytest.param(r"\text{<script>alert(1)</script>}", id="markup in text"),
        pytest.param(r"\style{color:red}{x}", id="a style"),
        pytest.param(r"\class{x}{y}", id="a class"),
    ],
)
def test_hostile_maths_does_nothing(tmp_path: Path, tex: str) -> None:
    site = write_site(tmp_path, [{"slug": "x", "title": f"Alpha ${tex}$"}])
    build.build(site)
    heading = parse(site / "_site/papers/x/index.html").find(".//h1")
    assert heading is not None
    assert {"script", "a", "img"}.isdisjoint({element.tag for element in heading.iter()})
    assert [e.attrib for e in heading.iter() if e.attrib.keys() & {"href", "style", "onclick"}] == []


@pytest.mark.parametrize("field", ["url", "pdf_url", "code_urls"])
def test_a_record_s_link_that_acts_is_refused_or_left_out(tmp_path: Path, field: str) -> None:
    link = "javascript:alert(1)"
    site = write_site(tmp_path, [paper("alpha", **{field: [link] if field == "code_urls" else link})])
    with contextlib.suppress(SiteError):
        build.build(site)
    assert [name for name, page in pages(site / "_site") if link in links(page)] == []


# --- Long lists in parts ---


@pytest.fixture(scope="session")
def long_list(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 papers in one topic, one year and one list; all stand under a second topic too."""
    source = {"file": "long.txt", "format": "hf-list", "date": "2025-06-09"}
    papers = [
        paper(f"p{n:03}", published=f"2025-{n % 12 + 1:02}-{n % 28 + 1:02}", sources=[{**source, "position": 120 - n}])
        for n in range(120)
    ]
    rules = "".join(f"p{n:03}: [one, two]\n" for n in range(120))
    site = write_site(tmp_path_factory.mktemp("long"), papers, overrides_yaml=rules)
    build.build(site)
    return site / "_site"


def rows(page: ET.Element) -> list[list[str]]:
    return [[row.attrib["data-slug"] for row in part] for part in page.findall(".//ol[@class='papers']")]


@pytest.mark.parametrize("base", ["topics/one", "years/2025", "lists/long"])
def test_a_long_list_has_parts_that_hold_every_paper_once_in_order(long_list: Path, base: str) -> None:
    parts = [parse(long_list / base / part / "index.html") for part in ("", "page/2", "page/3")]
    held = [rows(part)[0] for part in parts]
    assert [len(part) for part in held] == [50, 50, 20]
    assert not (long_list / base / "page/4").exists()
    together = [slug for part in held for slug in part]
    dates = {f"p{n:03}": (n % 12 + 1, n % 28 + 1) for n in range(120)}
    if base.startswith("lists"):
        assert together == sorted(dates, reverse=True)
    else:
        assert together == sorted(sorted(dates), key=lambda slug: dates[slug], reverse=True)
    assert len({text_of(part.find(".//title")) for part in parts}) == 3


def test_the_parts_of_a_list_lead_to_one_another(long_list: Path) -> None:
    def turns(part: str) -> dict[str, Path | None]:
        name = f"topics/one/{part}index.html"
        found = parse(long_list / name).findall(".//nav[@class='parts']/a")
        return {a.attrib["rel"]: leads_to(a.attrib["href"], name, BASE_URL, long_list) for a in found}

    first, second, third = (long_list / f"topics/one/{part}index.html" for part in ("", "page/2/", "page/3/"))
    assert turns("") == {"next": second}
    assert turns("page/2/") == {"prev": first, "next": third}
    assert turns("page/3/") == {"prev": second}


def test_a_long_list_as_markdown_has_parts_too(long_list: Path) -> None:
    assert (long_list / "topics/one/page/3/index.md").read_text("utf-8").count("/papers/p") == 20


def test_no_list_on_any_page_is_longer_than_fifty_rows(long_list: Path) -> None:
    longest = {name: max(map(len, rows(page)), default=0) for name, page in pages(long_list)}
    assert {name: length for name, length in longest.items() if length > 50} == {}
