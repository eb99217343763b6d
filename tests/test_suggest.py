"""Suggest a change: the lines to copy leave everything as it is, and links lead only where a host has such a page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from playwright.sync_api import expect
from sites import links, paper, parse, text_of, write, write_site

from sitegen import build, init
from sitegen.model import Entry, Link, Override, Paper, Placement, Site, Topic
from sitegen.pages import suggest
from sitegen.views import Suggestion

if TYPE_CHECKING:
    from browser import Site as Served
    from browser import Visitor

pytest_plugins = ("browser",)

ROOT = Path(__file__).parents[1]
SITE = Site("A list", base_url="https://a.github.io/list/", repository="https://github.com/a/list")


def entry(slug: str = "tides", *topics: str, **said: object) -> Entry:
    override = Override(slug, **said) if said else None  # type: ignore[arg-type]
    return Entry(Paper(slug, "Tides & more"), placements=tuple(Placement(t, 1.0) for t in topics), override=override)


def of_paper(site: Site = SITE, **said: object) -> Suggestion:
    found = suggest.for_paper(site, entry("tides", "sea", "moon", **said))
    assert found is not None
    return found


def test_a_paper_is_offered_in_the_form_that_its_entry_has() -> None:
    assert of_paper().lines == "tides: [sea, moon]"
    assert of_paper(topics=("sea", "moon")).lines == "tides: [sea, moon]"
    for said in ({"why": "x"}, {"pin": True}, {"note": "x"}, {"fields": {"venue": "x"}}, {"links": (Link("a", "b"),)}):
        assert of_paper(**said).lines == "tides:\n  topics: [sea, moon]"


@pytest.mark.parametrize("slug", ["no", "null", "true", "on", "2024", "1e5", "007", "0x1f", "3d-vision", "tides"])
def test_the_lines_mean_the_same_to_every_reader_of_yaml(tmp_path: Path, slug: str) -> None:
    topics = f"- group: G\n  slug: g\n  topics:\n    - {{slug: '{slug}', name: N}}\n"
    site = write_site(tmp_path, [paper(slug)], topics_yaml=topics)
    found = suggest.for_paper(SITE, entry(slug, slug))
    assert found is not None
    write(site / "content/overrides.yaml", found.lines + "\n")
    [read] = build.load(site).entries
    assert (read.slug, read.topics) == (slug, (slug,))
    if not slug[0].isdecimal():
        assert yaml.safe_load(found.lines) == {slug: [slug]}


def test_the_lines_of_every_paper_of_the_list_change_nothing(tmp_path: Path) -> None:
    content = build.load(ROOT)
    lines = []
    for item in content.entries:
        found = suggest.for_paper(content.site, item)
        assert found is not None
        lines.append(found.lines)
    site = write_site(tmp_path, topics_yaml=(ROOT / "content/topics.yaml").read_text("utf-8"))
    write(site / "content/papers.jsonl", (ROOT / "content/papers.jsonl").read_text("utf-8"))
    write(site / "content/overrides.yaml", "\n".join(lines) + "\n")
    assert [(e.slug, e.topics) for e in build.load(site).entries] == [(e.slug, e.topics) for e in content.entries]


def test_a_topic_is_offered_by_its_first_lines() -> None:
    found = suggest.for_topic(SITE, Topic("no", 'Data: "new" & old', ""))
    assert found is not None
    assert found.file == "content/topics.yaml"
    assert yaml.safe_load(found.lines) == {"slug": "no", "name": 'Data: "new" & old'}


def test_github_gets_its_editor_and_the_form_with_the_page_filled_in() -> None:
    found = of_paper()
    assert found.edit_url == "https://github.com/a/list/edit/main/content/overrides.yaml"
    address = urlsplit(found.issue_url)
    assert (address.netloc, address.path) == ("github.com", "/a/list/issues/new")
    asked = {key: value[0] for key, value in parse_qs(address.query).items()}
    assert asked == {
        "template": suggest.FORM,
        "title": "Tides & more",
        "page": "https://a.github.io/list/papers/tides/",
    }


@pytest.mark.parametrize(
    ("repository", "branch", "edit"),
    [
        ("https://github.com/a/list.git", "main", "https://github.com/a/list/edit/main/content/overrides.yaml"),
        ("https://www.github.com/a/b/", "my work", "https://www.github.com/a/b/edit/my%20work/content/overrides.yaml"),
        ("https://gitlab.com/g/s/list", "a/b", "https://gitlab.com/g/s/list/-/edit/a/b/content/overrides.yaml"),
        ("https://codeberg.org/a/list", "main", "https://codeberg.org/a/list/_edit/main/content/overrides.yaml"),
        ("https://git.example.org/a/list", "main", ""),
        ("https://github.com.example.org/a/list", "main", ""),
    ],
)
def test_an_editor_is_linked_only_on_hosts_that_have_one(repository: str, branch: str, edit: str) -> None:
    found = of_paper(Site("A", repository=repository, branch=branch))
    assert found.edit_url == edit
    assert bool(found.issue_url) == bool(edit)
    assert found.repository == repository.removesuffix("/").removesuffix(".git")


def test_without_a_repository_nothing_is_offered() -> None:
    assert suggest.for_paper(Site("A"), entry()) is None
    assert suggest.for_topic(Site("A"), Topic("t", "T", "")) is None


@pytest.mark.parametrize("host", ["github.com", "git.example.org"])
def test_the_pages_say_it_without_a_script(tmp_path: Path, host: str) -> None:
    site = write_site(tmp_path, [paper("alpha")], overrides_yaml="alpha: [one]\n")
    write(site / "content/site.yaml", f"title: A\nrepository: https://{host}/a/list\n")
    build.build(site)
    for page, line in (("papers/alpha", "alpha: [one]"), ("topics/one", "slug: one\nname: One")):
        tree = parse(site / f"_site/{page}/index.html")
        details = tree.find(".//details[@class='suggest']")
        assert details is not None
        assert text_of(details.find(".//pre")) == line
        found = list(links(details))
        assert len(found) == (2 if host == "github.com" else 1)
        assert all(link.startswith(f"https://{host}/a/list") for link in found)
        button = details.find(".//button")
        assert button is not None
        assert "hidden" in button.attrib


def forms() -> list[Path]:
    return [folder / "ISSUE_TEMPLATE" / suggest.FORM for folder in (ROOT / ".github", init.STARTER / "github")]


@pytest.mark.parametrize("path", forms(), ids=["list", "starter"])
def test_the_form_is_one_that_github_takes(path: Path) -> None:
    form = yaml.safe_load(path.read_text("utf-8"))
    assert set(form) <= {"name", "description", "title", "labels", "assignees", "projects", "type", "body"}
    assert form["name"]
    assert form["description"]
    ids = [item["id"] for item in form["body"]]
    assert len(set(ids)) == len(ids)
    assert ids[0] == "page"
    for item in form["body"]:
        assert item["type"] in ("input", "textarea", "dropdown", "checkboxes")
        assert re.fullmatch(r"[A-Za-z0-9_-]+", item["id"])
        assert item["attributes"]["label"]
        assert set(item) <= {"type", "id", "attributes", "validations"}
        if item["type"] == "dropdown":
            options = item["attributes"]["options"]
            assert len(set(options)) == len(options) > 1
            assert all(isinstance(option, str) for option in options)


@pytest.mark.browser
def test_the_button_copies_the_lines(visitor: Visitor, published: Served) -> None:
    with visitor(permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(published.url + "topics/peft-lora/")
        expect(page.locator(".suggest button")).to_be_hidden()
        page.locator(".suggest summary").click()
        page.locator(".suggest button").click()
        expect(page.locator(".suggest button")).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("slug: peft-lora\nname: ")
        assert copied.endswith("\n")
