"""The schemas for editors: they fit every shipped file, see the mistakes that a schema can see, and are up to date."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from broken import ROWS, Row
from marked import marked
from sites import paper, write, write_site
from test_broken import site

from sitegen import build, check, cli, keys

ROOT = Path(__file__).parents[1]
STARTER = ROOT / "sitegen" / "starter"
NAMES = ("site", "topics", "overrides", "summaries")


class Core(yaml.BaseLoader):
    """Plain words as YAML 1.2's core schema has them, which editors follow: `no` and dates are text."""


Core.yaml_implicit_resolvers = {}
for tag, pattern in {
    "null": r"^(?:~|null|Null|NULL|)$",
    "bool": r"^(?:true|True|TRUE|false|False|FALSE)$",
    "int": r"^[-+]?[0-9]+$",
    "float": r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$",
}.items():
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), None)
Core.add_constructor("tag:yaml.org,2002:null", lambda loader, node: None)
Core.add_constructor("tag:yaml.org,2002:bool", lambda loader, node: node.value.lower() == "true")
Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
Core.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))


def as_editor(text: str) -> Any:
    """The value of a YAML text, keys as the words that stand there."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(key): plain(item) for key, item in value.items()}
        return [plain(item) for item in value] if isinstance(value, list) else value

    return plain(yaml.load(text, Core))


def schemas(folder: Path) -> dict[str, Any]:
    made = {path: json.loads(data) for path, data in build.schemas(folder).items()}
    return {name: made[f"content/schema/{name}.schema.json"] for name in NAMES}


def faults(schema: dict[str, Any], text: str) -> list[str]:
    jsonschema.Draft7Validator.check_schema(schema)
    return [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(as_editor(text))]


@pytest.mark.parametrize("folder", [ROOT, STARTER, ROOT / "tests/toy"], ids=["list", "starter", "toy"])
def test_every_shipped_file_fits(folder: Path) -> None:
    made = schemas(folder)
    files = [folder / "content" / f"{name}.yaml" for name in NAMES[:3]]
    for path in [*files, *sorted((folder / "content/summaries").glob("*.yaml"))]:
        assert faults(made.get(path.stem, made["summaries"]), path.read_text("utf-8")) == [], path


@pytest.mark.parametrize("folder", [ROOT, STARTER], ids=["list", "starter"])
def test_the_shipped_schemas_are_up_to_date(folder: Path) -> None:
    assert [str(p) for p in build.stale_schemas(folder)] == [], "run: sitegen schema, also with --site sitegen/starter"


@pytest.mark.parametrize("folder", [ROOT, STARTER], ids=["list", "starter"])
def test_each_file_leads_its_editor_to_its_schema(folder: Path) -> None:
    for path in sorted((folder / "content").rglob("*.yaml")):
        first = path.read_text("utf-8").splitlines()[0]
        match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert match, path
        name = "summaries" if path.parent.name == "summaries" else path.stem
        assert (path.parent / match[1]).resolve() == folder / f"content/schema/{name}.schema.json"


@pytest.mark.parametrize("row", [row for row in ROWS if row.seen], ids=lambda row: row.name)
def test_a_schema_sees_what_it_can(tmp_path: Path, row: Row) -> None:
    folder = site(tmp_path, {})
    name = "summaries" if row.file.startswith("summaries") else row.file.removesuffix(".yaml")
    made = schemas(folder)
    assert faults(made[name], marked(row.text)[0]) != []


def test_many_rows_are_seen() -> None:
    assert sum(row.seen for row in ROWS) >= 50


GOOD_OVERRIDES = """\
2410.06510: [peft]
'2501.00010':
  topics: [data, safety]
  pin: yes
  by: no
  why: 2024
  date: 2024-10-09
Tiny models:
  published: 2023
  arxiv_id: 2410.06511
  doi: ''
  keywords: [1e5, on, true]
  links: [code: https://example.org/a, https://example.org/b]
  slug: 2024
no: {merge_into: 2501.00010}
tiny-adapters-of-old: {hide: True}
"""


def test_a_schema_takes_all_that_the_readers_take(tmp_path: Path) -> None:
    twice = "tiny-adapters-of-old: {hide: True}\n"
    folder = site(tmp_path, {"overrides.yaml": GOOD_OVERRIDES.replace(twice, "")})
    build.load(folder)
    assert faults(schemas(folder)["overrides"], GOOD_OVERRIDES) == []
    topics = "- group: 2024\n  slug: 2024\n  topics:\n    - {slug: 7, name: 7, terms: [3d: 2, 4: '0.5'], not: [5]}\n"
    write(folder / "content/topics.yaml", topics)
    write(folder / "content/overrides.yaml", "no: [7]\n")
    build.load(folder)
    made = schemas(folder)
    assert faults(made["topics"], topics) == []
    assert faults(made["overrides"], "no: [7]\n") == []


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_comments_only_fits(tmp_path: Path, name: str) -> None:
    if name != "site":
        assert faults(schemas(site(tmp_path, {}))[name], "# nothing yet\n") == []


def test_a_site_without_papers_or_topics_has_schemas(tmp_path: Path) -> None:
    folder = write_site(tmp_path, topics_yaml="[]")
    assert faults(schemas(folder)["overrides"], "some-paper-or-other: [x]\n") == []


def test_every_key_of_the_readers_stands_in_the_schema_and_says_what_it_is(tmp_path: Path) -> None:
    made = schemas(site(tmp_path, {}))
    entry = made["overrides"]["definitions"]["override"]["properties"]
    topic = made["topics"]["items"]["properties"]["topics"]["items"]["properties"]
    words = made["summaries"]["definitions"]["words"]["properties"]
    tables = (keys.SITE, keys.TOPIC, keys.OVERRIDE, keys.WORDS)
    for table, found in zip(tables, (made["site"]["properties"], topic, entry, words), strict=True):
        assert set(found) == set(table)
        assert all(item["description"] for item in found.values())


def test_schema_writes_checks_and_says_when_one_is_stale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_site(tmp_path, [paper("first-of-all-papers")])

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["schema", "--site", str(folder), *arguments])
        return code, *capsys.readouterr()

    assert run("--check")[0] == 1
    assert run()[:2] == (0, "".join(f"content/schema/{name}.schema.json written\n" for name in NAMES))
    assert run("--check") == (0, "", "")
    assert "unchanged" in run()[1]
    lines = (folder / "content/papers.jsonl").read_text() + json.dumps(paper("second-of-all-papers")) + "\n"
    write(folder / "content/papers.jsonl", lines)
    code, _, err = run("--check")
    assert code == 1
    assert re.findall(r"content/schema/(\w+)", err) == ["overrides", "summaries"]
    assert 'run "sitegen schema"' in err


def test_check_warns_of_a_stale_schema_only_where_there_are_some(tmp_path: Path) -> None:
    folder = write_site(tmp_path, [paper("first-of-all-papers")])
    build.build(folder)

    def warned() -> list[str]:
        return [p.where.file for p in check.run(folder, folder / "_site").problems if "schema" in p.where.file]

    assert warned() == []
    write(folder / "content/schema/site.schema.json", "{}")
    assert sorted(warned()) == [f"content/schema/{name}.schema.json" for name in sorted(NAMES)]


def test_broken_overrides_do_not_keep_the_schemas_from_being_written(tmp_path: Path) -> None:
    folder = site(tmp_path, {"overrides.yaml": "no: [peft\n"})
    assert "tiny-data-for-all" in json.dumps(schemas(folder))
