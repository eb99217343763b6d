"""Feeds, sitemap and robots.txt: valid, dated by content alone, and left out where there is no address."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from sites import BASE_URL, leads_to, links, pages, paper, snapshot, write, write_site

from sitegen import build, feeds
from sitegen.model import Site
from sitegen.views import Page, View

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
FEEDS = ["feed.xml", *(f"topics/{topic}/feed.xml" for topic in ("sorting", "reviewing", "quotation", "silence"))]
RFC_3339 = re.compile(r"\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


def feed(output: Path, name: str = "feed.xml") -> ET.Element:
    return ET.parse(output / name).getroot()


def said(element: ET.Element, name: str) -> str:
    found = element.findall(ATOM + name)
    assert len(found) == 1, name
    return found[0].text or ""


def entries(root: ET.Element) -> dict[str, ET.Element]:
    """By the slug in their address."""
    found = root.findall(f"{ATOM}entry")
    by_slug = {said(entry, "id").rstrip("/").rpartition("/")[2]: entry for entry in found}
    assert len(by_slug) == len(found)
    return by_slug


def locations(output: Path) -> dict[str, str]:
    """Address -> lastmod, empty without one."""
    urls = ET.parse(output / "sitemap.xml").getroot().findall(f"{SITEMAP}url")
    return {url.findtext(f"{SITEMAP}loc", ""): url.findtext(f"{SITEMAP}lastmod", "") for url in urls}


# --- Atom ---


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_has_what_atom_requires(name: str, built: Path) -> None:
    root = feed(built, name)
    assert root.tag == f"{ATOM}feed"
    assert said(root, "title")
    assert said(root, "id").startswith(BASE_URL)
    assert RFC_3339.fullmatch(said(root, "updated"))
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    own = {link.attrib["rel"]: link.attrib["href"] for link in root.findall(f"{ATOM}link")}
    assert own == {"self": BASE_URL + name, "alternate": BASE_URL + name.removesuffix("feed.xml")}
    for entry in entries(root).values():
        assert said(entry, "title")
        assert RFC_3339.fullmatch(said(entry, "published"))
        assert said(entry, "published") <= said(entry, "updated") <= said(root, "updated")
        [link] = entry.findall(f"{ATOM}link")
        target = leads_to(link.attrib["href"], "", BASE_URL, built)
        assert target is not None
        assert target.is_file()


def test_the_feed_has_the_dated_papers_newest_first(built: Path) -> None:
    found = entries(feed(built))
    assert len(found) == 10
    assert "a-verdict-of-reviewers-without-a-date" not in found
    assert "a-paper-that-the-curator-hid" not in found
    published = [said(entry, "published") for entry in found.values()]
    assert published == sorted(published, reverse=True)


@pytest.mark.parametrize(
    ("slug", "published", "updated"),
    [
        pytest.param("salt-pepper-on-curly-and-straight-quotes", "2025-05-05", "2025-05-05", id="a day"),
        pytest.param("p-a0331e41", "2025-11-01", "2025-11-01", id="a month"),
        pytest.param("a-misspelt-titel", "2023-09-09", "2026-08-15", id="an override's date"),
    ],
)
def test_dates_in_a_feed_come_from_content(built: Path, slug: str, published: str, updated: str) -> None:
    entry = entries(feed(built))[slug]
    assert said(entry, "published") == f"{published}T00:00:00Z"
    assert said(entry, "updated") == f"{updated}T00:00:00Z"


def test_a_year_alone_is_its_first_moment(built: Path) -> None:
    entry = entries(feed(built))["an-unfinished-formula-frac-1-in-the-title-sorting-by"]
    assert said(entry, "published") == "2024-01-01T00:00:00Z"


def test_an_entry_names_authors_and_topics_and_has_our_words(built: Path) -> None:
    entry = entries(feed(built))["naive-cafe-reviewing-of-emigre-resumes-in-lodz"]
    assert said(entry, "title") == "Naïve Café: Reviewing of Émigré Résumés in Łódź"
    assert [a.findtext(f"{ATOM}name") for a in entry.findall(f"{ATOM}author")][1:3] == [
        "Łucja Ñ. Beispiel",
        "Ö. Nobody",
    ]
    assert [c.attrib["term"] for c in entry.findall(f"{ATOM}category")] == ["reviewing"]
    assert said(entry, "summary") == "Reviewers who are rested accept more résumés."


def test_a_topic_s_feed_has_its_papers_alone(built: Path) -> None:
    assert set(entries(feed(built, "topics/quotation/feed.xml"))) == {
        "a-misspelt-titel",
        "an-unfinished-formula-frac-1-in-the-title-sorting-by",
        "bold-b-claims-b-quoted-ends-script-alert-toy-script",
        "salt-pepper-on-curly-and-straight-quotes",
    }
    assert entries(feed(built, "topics/silence/feed.xml")) == {}


def test_a_long_list_s_feed_keeps_the_newest(tmp_path: Path) -> None:
    papers = [paper(f"p{n:03}", published=f"{1900 + n}") for n in range(120)]
    site = write_site(tmp_path, papers, overrides_yaml="".join(f"p{n:03}: [one]\n" for n in range(120)))
    build.build(site)
    kept = list(entries(feed(site / "_site")))
    assert 50 <= len(kept) <= 100
    assert kept == [f"p{119 - n:03}" for n in range(len(kept))]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a & b < c > d \"e\" 'f'", id="markup"),
        pytest.param("]]> <![CDATA[ x ]]>", id="character data"),
        pytest.param("$x < y$ and \\alpha", id="maths"),
        pytest.param("bell \x07 and escape \x1b", id="characters that XML does not allow"),
    ],
)
def test_any_text_gives_a_feed_that_parses(tmp_path: Path, text: str) -> None:
    site = write_site(
        tmp_path, [paper("alpha", title=text, authors=[text], published="2025")], overrides_yaml="alpha: [one]"
    )
    build.build(site)
    shown = entries(feed(site / "_site"))["alpha"]
    assert (
        said(shown, "title").split() == re.sub(r"[\x07\x1b]|\$(?=x)|(?<=y)\$", "", text).split()
    )  # maths in plain text


# --- Sitemap and robots ---


def test_the_sitemap_names_every_page_once_but_redirects_and_the_missing_page(built: Path) -> None:
    expected = {BASE_URL + path.relative_to(built).parent.as_posix() + "/" for path in built.rglob("index.html")}
    expected -= {BASE_URL + "./", BASE_URL + "topics/ordering-things/", BASE_URL + "my/"}  # that one is the reader's
    assert set(locations(built)) == expected | {BASE_URL}
    assert (built / "sitemap.xml").read_text("utf-8").count("<loc>") == len(expected) + 1


@pytest.mark.parametrize(
    ("slug", "lastmod"),
    [
        pytest.param("a-verdict-of-reviewers-without-a-date", "", id="a list date without its year is none"),
        pytest.param("reviewing-without-an-abstract", "2025-03-02", id="published"),
        pytest.param("p-a0331e41", "2026-06-09", id="the list date is later"),
        pytest.param("naive-cafe-reviewing-of-emigre-resumes-in-lodz", "2026-07-01", id="an override's date is later"),
        pytest.param("an-unfinished-formula-frac-1-in-the-title-sorting-by", "2024", id="a year alone"),
    ],
)
def test_a_page_was_changed_when_its_content_says_so(built: Path, slug: str, lastmod: str) -> None:
    assert locations(built)[f"{BASE_URL}papers/{slug}/"] == lastmod


def test_more_than_fifty_thousand_pages_get_an_index_of_sitemaps() -> None:
    many = [Page(f"/papers/p{n}/", "paper.html", "", "", View(), updated="2024-05") for n in range(50_001)]
    files = feeds.sitemaps(Site("Toy", base_url=BASE_URL), many)
    assert list(files) == ["sitemap.xml", "sitemap-1.xml", "sitemap-2.xml"]
    index = ET.fromstring(files["sitemap.xml"].encode())
    assert index.tag == f"{SITEMAP}sitemapindex"
    assert [loc.text for loc in index.iter(f"{SITEMAP}loc")] == [f"{BASE_URL}sitemap-{n}.xml" for n in (1, 2)]
    parts = [ET.fromstring(files[f"sitemap-{n}.xml"].encode()) for n in (1, 2)]
    assert [len(part) for part in parts] == [50_000, 1]
    assert all(len(text.encode()) < 50_000_000 for text in files.values())


def test_robots_names_the_sitemap(built: Path) -> None:
    assert f"Sitemap: {BASE_URL}sitemap.xml" in (built / "robots.txt").read_text("utf-8").splitlines()


# --- No address ---


def test_without_an_address_what_needs_one_is_left_out_with_a_warning(toy: Path) -> None:
    settings = (toy / "content/site.yaml").read_text("utf-8")
    write(toy / "content/site.yaml", settings.replace(f"base_url: {BASE_URL}\n", ""))
    [warning] = build.build(toy).warnings
    assert "base_url" in warning.message
    output = toy / "_site"
    assert [name for name in snapshot(output) if name.endswith(".xml")] == []
    assert "Sitemap" not in (output / "robots.txt").read_text("utf-8")
    assert (output / ".nojekyll").is_file()
    for name, page in pages(output):
        assert page.findall(".//link[@rel='canonical']") == [], name
        assert [link for link in links(page) if "feed.xml" in link] == [], name


def test_an_empty_address_on_the_command_line_is_none(toy: Path) -> None:
    [warning] = build.build(toy, base_url="").warnings
    assert "base_url" in warning.message
    assert not (toy / "_site/feed.xml").exists()
