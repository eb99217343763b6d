"""What lets a site be installed and read without a network, as files: the service worker's constants, the manifest."""

from __future__ import annotations

import gzip
import html
import json
import posixpath
import re
from pathlib import Path
from typing import Any

import pytest
from sites import ENGLISH, paper, parse, write, write_site

from sitegen import assets, build, offline
from sitegen.model import Site

ROOT = Path(__file__).parents[1]
OVERRIDES = "alpha: {slug: alpha-again}\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write_site(tmp_path / "site", [paper("alpha", published="2024"), paper("beta", published="2023")])


def constants(site: Path) -> dict[str, Any]:
    first = (site / "_site/sw.js").read_text("utf-8").splitlines()[0]
    found: dict[str, Any] = json.loads(first.removeprefix("const SITE = ").removesuffix(";"))
    return found


def test_what_the_worker_fetches_at_once_is_there(site: Path) -> None:
    build.build(site)
    said = constants(site)
    assert "my/" in said["first"]
    assert said["offline"] in said["first"]
    for address in (*said["first"], said["assets"]):
        path = site / "_site" / address
        assert (path / "index.html" if address == "my/" else path).exists(), address


def test_a_build_that_changes_nothing_of_it_keeps_its_version(site: Path) -> None:
    build.build(site)
    before = constants(site)["version"]
    write_site(site, [paper("alpha"), paper("beta"), paper("gamma", abstract="New.")])
    build.build(site)
    after = constants(site)
    assert after["version"] != before, "the list's papers are new, and my list compares itself with them"
    write(site / "content/about.md", "# Other words\n")
    build.build(site)
    assert constants(site)["version"] == after["version"]
    write(site / "templates/assets/css/custom.css", "p { color: red }\n")
    build.build(site)
    assert constants(site)["version"] != after["version"]


def test_a_worker_of_the_site_s_own_replaces_the_shipped_one(site: Path) -> None:
    write(site / "templates/sw.js", "// Nothing is kept.\nself.mine = SITE.version;\n")
    build.build(site)
    assert (site / "_site/sw.js").read_text("utf-8").endswith("};\nself.mine = SITE.version;\n")


def test_the_manifest_names_the_site_and_icons_that_are_there(site: Path) -> None:
    build.build(site)
    manifest = json.loads((site / "_site/site.webmanifest").read_text("utf-8"))
    assert manifest["name"] == "Small"
    assert (manifest["start_url"], manifest["scope"]) == ("./", "./")
    sizes = {icon["sizes"] for icon in manifest["icons"]}
    assert {"any", "192x192", "512x512"} <= sizes
    for icon in manifest["icons"]:
        data = (site / "_site" / icon["src"]).read_bytes()
        if icon["type"] == "image/png":
            assert data[:8] == b"\x89PNG\r\n\x1a\n"
            width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
            assert f"{width}x{height}" == icon["sizes"]


def test_an_icon_that_a_site_does_not_have_is_not_named() -> None:
    made = offline.files(Site('A <b> "q"'), b"", "assets/x/", {"assets/x/icon.svg": b"<svg/>"})
    manifest = json.loads(made["site.webmanifest"])
    assert [icon["src"] for icon in manifest["icons"]] == ["assets/x/icon.svg"]
    assert manifest["name"] == 'A <b> "q"'


def test_every_page_leads_to_the_manifest(built: Path) -> None:
    for name in ("index.html", "papers/a-misspelt-titel/index.html", "404.html"):
        [link] = parse(built / name).findall(".//link[@rel='manifest']")
        assert link.attrib["href"].endswith("site.webmanifest")


def test_a_paper_that_moved_is_known_by_its_former_slug(site: Path) -> None:
    write(site / "content/overrides.yaml", OVERRIDES)
    build.build(site)
    article = parse(site / "_site/papers/alpha-again/index.html").find(".//article")
    assert article is not None
    assert (article.get("data-slug"), article.get("data-was")) == ("alpha-again", "alpha")
    rows = [row for row in parse(site / "_site/index.html").iter("li") if row.get("data-slug")]
    assert {row.get("data-slug"): row.get("data-was") for row in rows} == {"alpha-again": "alpha", "beta": None}
    data = parse(site / "_site/my/index.html").find(".//script[@id='moved']")
    assert data is not None
    assert json.loads(data.text or "") == {"alpha": "alpha-again"}


def test_my_list_says_something_without_scripts(site: Path) -> None:
    build.build(site)
    text = (site / "_site/my/index.html").read_text("utf-8")
    [said] = re.findall(r'<p class="scriptless">(.*?)</p>', text, re.DOTALL)
    assert 'href="../topics/"' in said
    assert ENGLISH.where_it_lives_says in html.unescape(text)


def gzipped(data: bytes) -> int:
    return len(gzip.compress(data, 9))


@pytest.mark.parametrize("modules", ["home news shelves", "topic", ""], ids=["home", "topic", "paper"])
def test_a_page_s_scripts_and_styles_keep_their_budget(modules: str) -> None:
    files = assets.collect(ROOT / "templates/assets", words=ENGLISH)
    names = ["theme.js", "site.js", *(f"mine/{name}.js" for name in modules.split())]
    assert sum(gzipped(files[name]) for name in names) <= 10_000
    assert gzipped(files["site.css"]) <= 12_000


def test_names_in_a_script_of_several_modules_differ() -> None:
    for script, modules in assets.JOINED.items():
        texts = [(ROOT / "templates/assets" / name).read_text("utf-8") for name in modules]
        pattern = r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)"
        names = [name for text in texts for name in re.findall(pattern, text, re.MULTILINE)]
        assert sorted(names) == sorted(set(names)), script


def test_every_module_is_joined_or_loaded_later() -> None:
    known = {name for modules in assets.JOINED.values() for name in modules} | set(assets.LATER_MODULES)
    folder = ROOT / "templates/assets"
    found = {path.relative_to(folder).as_posix() for path in folder.glob("*/*.js")}
    assert found - known <= {"search/remote.js", "search/worker.js"}


def test_every_import_of_a_script_leads_to_a_script() -> None:
    files = assets.collect(ROOT / "templates/assets", words=ENGLISH)
    found = 0
    for name, data in files.items():
        if name.endswith(".js") and name != assets.FOLDER_SCRIPT:
            for path in re.findall(r'(?:from |import\()"([^"]+)"', data.decode()):
                found += 1
                assert posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) in files, f"{name}: {path}"
    assert found > 20


def test_the_worker_knows_the_files_of_the_search_by_their_names(site: Path) -> None:
    build.build(site)
    [pattern] = re.findall(r"^const HASHED = /(.+)/;$", (site / "_site/sw.js").read_text("utf-8"), re.MULTILINE)
    shards = {p.relative_to(site / "_site").as_posix() for p in (site / "_site/search").glob("*/*/*")}
    assert shards
    assert all(re.fullmatch(pattern.strip("^$").replace("\\/", "/"), path) for path in shards)
