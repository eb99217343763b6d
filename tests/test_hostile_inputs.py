"""What strangers could put elsewhere than into records: settings, topics, archives, links on the disk, paths for ids;
and in the browser: addresses, shared selections, lists to bring in, what is stored, the preview's edit form."""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import hostile
import pytest
import test_hostile as checks
import yaml
from sites import BASE_URL, paper, snapshot, write, write_site

from sitegen import build, cli, intake, serve, store
from sitegen.errors import SiteError
from sitegen.text import is_slug, visible

if TYPE_CHECKING:
    from browser import Site, Visitor

pytest_plugins = ("browser",)
SHOWN = [re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud7ff\uffff]", "", text) for text in hostile.TEXTS]
BREAKING = '"></title></style></textarea><script>escaped()</script><img src=x onerror=escaped()>{{ 7 * 7 }}'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose settings, groups and topics are hostile: each text is a topic's name, scope, alias and note."""
    folder = tmp_path_factory.mktemp("settings")
    topics = [
        {
            "slug": f"t{n}",
            "name": f"{text} {n}",
            "scope": text or "x",
            "aliases": [f"{text} {n}"],
            "terms": [f"alpha{n}"],
        }
        for n, text in enumerate(SHOWN)
    ]
    groups = [{"group": f"{BREAKING} {g}", "slug": f"g{g}", "topics": topics[g::4]} for g in range(4)]
    settings = {"title": BREAKING, "description": BREAKING, "author": BREAKING, "base_url": BASE_URL}
    papers = [
        paper("alpha", title="Alpha0"),
        *(paper(f"p{n}", title=f"Alpha{n} of many") for n in range(0, len(SHOWN), 9)),
    ]
    write_site(
        folder, papers, site_yaml=yaml.safe_dump(settings), topics_yaml=yaml.safe_dump(groups, allow_unicode=True)
    )
    for number, text in enumerate(hostile.TEXTS):
        path = folder / "content" / "notes" / f"t{number}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode("utf-8", "replace"))
    write(folder / "content" / "about.md", f"# {BREAKING}\n\n{BREAKING}\n")
    build.build(folder)
    return folder


@pytest.fixture(scope="module")
def served(site: Path, hosting: Callable[[Path], AbstractContextManager[Site]]) -> Iterator[Site]:
    with hosting(site / "_site") as found:
        yield found


def test_settings_and_topics_stay_text(site: Path) -> None:
    assert len(list((site / "_site" / "topics").iterdir())) > len(hostile.TEXTS)
    checks.test_every_link_is_one_that_a_reader_may_follow(site)
    checks.test_every_page_forbids_what_it_does_not_use(site)
    checks.test_files_for_machines_are_well_formed_and_forge_nothing(site)
    for path in sorted((site / "_site").rglob("*.html")):
        text = path.read_text("utf-8")
        assert "<script>" not in text
        assert not re.search(r"<[a-z]+ [^<>]*\son[a-z]+=", re.sub(r'"[^"]*"', '""', text)), path


@pytest.mark.browser
def test_no_setting_runs_in_a_browser(served: Site, visitor: Visitor) -> None:
    with visitor(init_script=checks.TELL_ESCAPE) as page:
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        for place in ("", "about/", "topics/", "map/", "authors/", "search/?q=alpha", "my/", "papers/alpha/"):
            page.goto(served.url + place)
            assert page.url.startswith(served.url)
        for number in range(len(SHOWN)):
            page.goto(f"{served.url}topics/t{number}/", wait_until="domcontentloaded")
        page.goto(f"{served.url}search/")
        for text in SHOWN[::6]:  # aliases are words of the search
            page.fill("#q", text[:80])
        page.locator("#found").wait_for()


# --- What the reader's browser is given ---


def stored(text: str, number: int) -> dict[str, Any]:
    """A paper's marks as somebody else would write them."""
    marks = {
        "star": "2026-01-02",
        "read": text,
        "hide": {"x": text},
        "note": text,
        "title": text,
        "topic": text,
        text: 1,
    }
    return {f"p{number}": marks, text: marks, f"../{number}": marks}


STATE = {slug: marks for number, text in enumerate(hostile.TEXTS) for slug, marks in stored(text, number).items()}


@pytest.mark.browser
def test_stored_state_and_lists_to_bring_in_stay_text(served: Site, visitor: Visitor, tmp_path: Path) -> None:
    base = "/reading-list/"
    pairs = [["alpha", BREAKING], [BREAKING, BREAKING], ["p9", {"a": 1}]]
    visit = {"at": "x", "before": 1, "file": BREAKING, "known": BREAKING, "fresh": pairs, "more": -1}
    state = json.dumps({"format": 1, "papers": STATE, "recent": pairs, "visit": visit, "keys": BREAKING})
    put = f"localStorage.setItem('papers {base}', {json.dumps(state)});"
    put += f"localStorage.setItem('theme', {json.dumps(BREAKING)});"
    for key in (f"searches {base}", f"recent {base}"):
        put += f"localStorage.setItem({json.dumps(key)}, {json.dumps(json.dumps([*SHOWN[:8], 3, None, {'a': 1}]))});"
    with visitor(
        init_script=f"{checks.TELL_ESCAPE} try {{ {put} }} catch {{ }}"
    ) as page:  # a blank page has no storage
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        for place in ("my/", "", "topics/t9/", "papers/p9/", "search/", "map/"):
            page.goto(served.url + place)
        page.goto(f"{served.url}my/")
        page.locator("#mine li").first.wait_for()
        assert page.locator("#mine").inner_text().count("escaped()") > 20
        for number, held in enumerate(
            (json.dumps({"format": 1, "papers": STATE}), "[" * 9_000, BREAKING, '{"papers": 3}')
        ):
            file = write(tmp_path / f"{number}.json", held)
            page.locator("#mine input[type=file]").set_input_files(file)
            page.wait_for_timeout(100)
    for broken in ("{", "null", "[]", '{"papers": {"a": null}, "visit": []}', '{"format": 99}', '"x"'):
        put = f"localStorage.setItem('papers {base}', {json.dumps(broken)})"
        with visitor(init_script=f"{checks.TELL_ESCAPE} try {{ {put} }} catch {{ }}") as page:
            page.goto(f"{served.url}my/")
            page.goto(served.url)


@pytest.mark.browser
def test_addresses_stay_text(served: Site, visitor: Visitor) -> None:
    with visitor(init_script=checks.TELL_ESCAPE) as page:
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        page.goto(f"{served.url}my/")
        for text in hostile.TEXTS:
            held = quote(text.encode("utf-8", "replace"))
            page.evaluate("hash => { location.hash = hash; }", f"#papers=alpha,{held},p9,../../x")
            page.evaluate("hash => { location.hash = hash; }", f"#papers={text[:500]}")
        page.goto(f"{served.url}my/#papers=alpha,{quote(BREAKING)},p9")
        page.locator("text=Alpha0").first.wait_for()
        for text in hostile.TEXTS[::4]:
            held = quote(text.encode("utf-8", "replace"))
            page.goto(
                f"{served.url}search/?q={held}&topic={held}&year={held}&sort={held}", wait_until="domcontentloaded"
            )
        for text in hostile.TEXTS[::8]:
            held = quote(text.encode("utf-8", "replace"))
            page.goto(f"{served.url}map/?topic={held}#{held}", wait_until="domcontentloaded")
            page.goto(f"{served.url}topics/t9/?sort={held}#{held}", wait_until="domcontentloaded")


@pytest.mark.browser
def test_the_edit_form_of_the_preview_shows_text(site: Path, visitor: Visitor) -> None:
    note = SHOWN[0] + BREAKING
    rules = {"alpha": {"topics": ["t0"], "note": note, "why": BREAKING}}
    write(site / "content" / "overrides.yaml", yaml.safe_dump(rules, allow_unicode=True))
    live, state = serve.Live(site), serve.State()
    live.update()
    server = serve.start(live, live.base, 0, state, serve.Editor(live, state))
    try:
        with visitor(init_script=checks.TELL_ESCAPE) as page:
            page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
            page.goto(f"http://127.0.0.1:{server.server_port}{live.base}papers/alpha/")
            page.locator("#sitegen-edit").click()
            assert page.locator("#sitegen-panel textarea[name=note]").input_value() == " ".join(note.split())
            assert page.locator("#sitegen-panel option").count() > 4 * len(SHOWN)
            state.set(f"content/overrides.yaml:1:1: {BREAKING}")
            page.locator("#sitegen-problems", has_text="escaped()").wait_for()
    finally:
        server.shutdown()
        server.server_close()
        (site / "content" / "overrides.yaml").unlink()


# --- Files ---

NAMES = (
    "../../evil.bib",
    "/etc/evil.bib",
    "C:\\evil.bib",
    "..\\..\\evil.bib",
    "a/../../evil.bib",
    "\u202egnp.bib",
    "x" * 300,
    "CON",
    "a\nb.bib",
    ".git/hooks/post-commit",
    "<script>escaped()</script>.bib",
    "-rf",
    "$(touch evil)",
    "`id`",
)


def test_members_of_an_archive_lead_nowhere(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number, name in enumerate(NAMES):
            archive.writestr(zipfile.ZipInfo(name), f"@misc{{k{number}, title={{Found in member {number}}}}}")
        link = zipfile.ZipInfo("link.bib")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    home = write_site(tmp_path / "deep" / "site")
    file = tmp_path / "deep" / "all.zip"
    file.write_bytes(made.getvalue())
    before = snapshot(tmp_path)
    intake.run(home, [file])
    after = snapshot(tmp_path)
    assert {name for name in after if after[name] != before.get(name)} <= {
        "deep/site/content/papers.jsonl",
        "deep/site/.sitegen/papers.lock",
    }
    titles = {held.title for held in store.read(home / "content").papers.values()}
    assert len(titles) >= len(NAMES) - 1
    assert not any("root:" in title for title in titles)
    build.build(home)


@pytest.mark.parametrize(
    "place", ["content/notes/one.md", "content/about.md", "templates/assets/x.txt", "templates/x.html"]
)
def test_a_link_that_leads_out_of_the_site_is_not_published(tmp_path: Path, place: str) -> None:
    secret = write(tmp_path / "secret", "what nobody may read")
    home = write_site(tmp_path / "site", [paper("alpha")])
    path = home / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(secret)
    with pytest.raises(SiteError, match="leads out of the site"):
        build.build(home)
    assert not (home / "_site").exists()
    path.unlink()
    path.with_name("real").write_text("# Words of one's own", "utf-8")
    if place.startswith("content"):
        path.symlink_to("real")  # a link within is the curator's own affair
        build.build(home)


@pytest.mark.parametrize(
    "slug", ["../../evil", "/etc/passwd", "a/b", "..", ".", "", "A", "a\u200bb", "a\u202eb", "con ", "a" * 200]
)
def test_a_slug_that_is_a_path_is_refused(tmp_path: Path, slug: str, capsys: pytest.CaptureFixture[str]) -> None:
    home = write_site(tmp_path, [{"slug": slug, "title": "Alpha"}])
    assert cli.main(["build", "--site", str(home)]) == 1
    assert "papers.jsonl:1" in capsys.readouterr().err
    assert not (home / "_site").exists()


@pytest.mark.parametrize("name", hostile.TEXTS[::5])
def test_a_topic_that_is_a_path_is_refused(tmp_path: Path, name: str) -> None:
    topics = yaml.safe_dump([{"group": "G", "slug": "g", "topics": [{"slug": name, "name": "N"}]}], allow_unicode=True)
    if is_slug(visible(name)):
        pytest.skip("is a good name, but for what nobody sees")
    with pytest.raises(SiteError):
        build.build(write_site(tmp_path, [paper("alpha")], topics_yaml=topics))
