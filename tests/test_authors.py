"""Authors: who is meant by a name, where they stand, and that paper pages lead there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sites import ENGLISH, leads_to, links, pages, paper, parse, snapshot, text_of, write_site

from sitegen import build, urls
from sitegen.model import Paper
from sitegen.pages.authors import PER_SHELF, author_slug, filed, gather

BASE_URL = "https://example.org/reading-list/"


def by(slug: str, *authors: str) -> Paper:
    return Paper(slug, slug, authors=authors)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Ada Lovelace", "lovelaceada"),
        ("Ada M. King Jr.", "kingadam"),
        ("King, Ada", "kingada"),
        ("José Ángel Pérez-Díaz", "diazjoseangelperez"),
        ("Plato", "plato"),
        ("王伟", ""),
        ("3D Team", "team3d"),
        ("The 4", ""),
        ("", ""),
    ],
)
def test_names_are_filed_by_family_name(name: str, key: str) -> None:
    assert filed(name) == key


def test_forms_of_one_name_are_one_author_under_the_most_frequent() -> None:
    authors = gather([by("a", "Jose Diaz"), by("b", "José Díaz"), by("c", "José Díaz"), by("d", "J. Diaz")])
    assert [(a.name, a.also, len(a.papers)) for a in authors.everyone] == [
        ("J. Diaz", (), 1),
        ("José Díaz", ("Jose Diaz",), 3),
    ]


def test_a_name_twice_on_one_paper_counts_once() -> None:
    assert not gather([by("a", "Li Wei", "Li Wei")]).everyone[0].has_page


@pytest.mark.parametrize("name", ["B", "Other", "Main", "Find"])
def test_a_name_takes_no_address_or_anchor_that_means_something_else(name: str) -> None:
    assert author_slug(name) not in ("b", "other", "main", "find")


names = st.text(st.sampled_from("abcdez .,-éøß王Ж9"), max_size=8).map(str.strip).filter(bool)


@given(st.lists(st.lists(names, max_size=6), max_size=12))
def test_every_author_stands_on_one_shelf_and_has_one_address(lists: list[list[str]]) -> None:
    authors = gather([by(f"p{n}", *some) for n, some in enumerate(lists)])
    shelved = [author.slug for held in authors.shelves.values() for author in held]
    assert sorted(shelved) == sorted({author_slug(name) for some in lists for name in some})
    assert len({urls.author_shelf(prefix) for prefix in authors.shelves}) == len(authors.shelves)
    own = {urls.author(a.slug) for a in authors.everyone if a.has_page}
    assert not own & {urls.author_shelf(prefix) for prefix in authors.shelves}
    for some in lists:
        assert [anchor.name for anchor in authors.anchors(some)] == some


def test_a_shelf_with_too_many_names_is_parted_and_no_name_is_lost() -> None:
    crowd = [f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)} Zhang{'abc'[n % 3]}" for n in range(676)]
    authors = gather([by("a", *crowd, "Zhang")])
    assert all(len(held) <= PER_SHELF for held in authors.shelves.values())
    assert sum(map(len, authors.shelves.values())) == 677
    assert authors.paths["zhang"] == "authors/z/#zhang" or authors.paths["zhang"].startswith("authors/z/zhang/#")


def test_many_of_one_name_stay_together() -> None:
    authors = gather([by("a", *(f"{'王' * (n + 1)}" for n in range(PER_SHELF + 50)))])
    assert [(prefix, len(held)) for prefix, held in authors.shelves.items()] == [("other", PER_SHELF + 50)]


SHARED: dict[str, Any] = {"published": "2024-01-02"}
PAPERS = [
    paper("one", authors=["Ada Lovelace", "Zoë <b>", "Grace Hopper"], **SHARED),
    paper("two", authors=["Ada Lovelace", "Grace Hopper", "Main"], **SHARED),
    paper("three", authors=["ADA LOVELACE", "王伟"], **SHARED),
    paper("nobody", authors=[], **SHARED),
]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = write_site(tmp_path_factory.mktemp("site"), PAPERS)
    build.build(site)
    return site / "_site"


def test_names_on_a_paper_lead_to_their_author(output: Path) -> None:
    tree = parse(output / "papers/one/index.html")
    found = {text_of(a): a.get("href") for a in tree.iter("a") if "/authors/" in (a.get("href") or "")}
    assert found["Ada Lovelace"] == "../../authors/ada-lovelace/"
    assert found["Zoë <b>"] == "../../authors/b/#zoe-b"
    for page, html in pages(output):
        for link in links(html):
            if "authors/" in link and "#" in link:
                target = leads_to(link, page, BASE_URL, output)
                assert target is not None
                assert f'id="{link.partition("#")[2]}"' in target.read_text("utf-8")


def test_an_author_of_two_papers_has_a_page_with_them(output: Path) -> None:
    text = (output / "authors/ada-lovelace/index.html").read_text("utf-8")
    assert "Also written: ADA LOVELACE" in text
    assert [slug in text for slug in ("papers/one/", "papers/two/", "papers/three/", "papers/nobody/")] == [1, 1, 1, 0]
    assert "Grace Hopper" in text
    assert not (output / "authors/zoe-b").exists()


def test_an_author_of_one_paper_stands_with_it_on_a_letter(output: Path) -> None:
    text = (output / "authors/other/index.html").read_text("utf-8")
    assert "王伟" in text
    assert "../../papers/three/" in text
    assert "Other" in text_of(parse(output / "authors/index.html"))


def test_other_papers_authors_do_not_change_a_papers_page(tmp_path: Path, output: Path) -> None:
    crowd = [paper(f"crowd-{n}", title=f"Crowd {n:03}", authors=[f"A{n} Lee"], published="2020") for n in range(60)]
    site = write_site(tmp_path, [*PAPERS, *crowd])
    build.build(site)
    before, after = (snapshot(folder)["papers/one/index.html"].decode() for folder in (output, site / "_site"))

    def head(text: str) -> str:
        return re.sub(r"assets/\w+/", "", text.partition("<main")[2].partition("</article>")[0].partition("related")[0])

    assert head(before) == head(after)


def test_a_list_without_authors_says_so(tmp_path: Path) -> None:
    site = write_site(tmp_path, [paper("nobody")])
    build.build(site)
    assert ENGLISH.no_authors in (site / "_site/authors/index.html").read_text("utf-8")


def test_a_paper_with_many_authors_shows_the_first_and_opens_to_the_rest(tmp_path: Path) -> None:
    site = write_site(tmp_path, [paper("crowd", authors=[f"Person N{n}" for n in range(300)])])
    build.build(site)
    tree = parse(site / "_site/papers/crowd/index.html")
    details = next(tree.iter("details"))
    assert len(list(details.iter("a"))) == 280
    assert "280 more authors" in text_of(details.find("summary"))
