"""JSON Schemas (draft 7) of the files that people write, with the site's own topics and papers, for their editors.

They are made from the tables that the readers use (`keys`). An editor completes keys, topics and slugs by them and
marks most mistakes; `build` sees all. A schema lets pass what is no mistake: papers may be named by an arXiv id or the
start of a title, so only what has the look of a slug must be one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sitegen import keys
from sitegen.fields import Reader, Schema

FOLDER = "content/schema/"
_DRAFT = "http://json-schema.org/draft-07/schema#"
_LIKE_A_SLUG = "^[a-z0-9]+(-[a-z0-9]+){2,}$"
_SLUG = {"$ref": "#/definitions/slug"}
_PAPER = {"type": ["string", "number"], "anyOf": [_SLUG, {"not": {"type": "string", "pattern": _LIKE_A_SLUG}}]}
"""A paper as a value: a slug, which an editor completes, or another name of it."""


def files(topics: Iterable[str], papers: Iterable[str]) -> dict[str, bytes]:
    """The schemas, by path in the site."""
    slugs = sorted(papers)
    names = {"slug": _one_of(slugs)}
    override = {"override": _override(), **names, "paper": _PAPER, "topic": _one_of(topics)}
    made = {
        "site": _table(keys.SITE, "title"),
        "topics": {"type": ["array", "null"], "items": _group()},
        "overrides": {**_by_paper(slugs, "override"), "definitions": override},
        "summaries": {**_by_paper(slugs, "words"), "definitions": {"words": _table(keys.WORDS), **names}},
    }
    return {f"{FOLDER}{name}.schema.json": _encoded(name, schema) for name, schema in made.items()}


def _encoded(name: str, schema: Schema) -> bytes:
    whole = {"$schema": _DRAFT, "title": f"sitegen: {name}", **schema}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _table(table: Mapping[str, Reader[Any]], *needed: str) -> dict[str, Any]:
    properties = {key: reader.schema for key, reader in table.items()}
    return {"type": "object", "properties": properties, "required": [*needed], "additionalProperties": False}


def _group() -> Schema:
    group = _table(keys.GROUP, *keys.GROUP)
    group["properties"]["topics"] = {**keys.GROUP["topics"].schema, "items": _table(keys.TOPIC, "slug", "name")}
    return group


def _override() -> Schema:
    """An entry in its short form, a list, or its long one. Each keyword speaks of one of the two only."""
    long = _table(keys.OVERRIDE)
    short = {key: value for key, value in keys.OVERRIDE["topics"].schema.items() if key != "description"}
    both = {"required": ["pin", "hide"], "properties": {"pin": {"const": True}, "hide": {"const": True}}}
    alone = {key: {"not": {"anyOf": [{"required": [o]} for o in others]}} for key, others in keys.EXCLUDES.items()}
    return {**short, **long, "type": ["array", "object"], "dependencies": alone, "not": {"type": "object", **both}}


def _by_paper(slugs: list[str], entry: str) -> dict[str, Any]:
    reference = {"$ref": f"#/definitions/{entry}"}
    return {
        "type": ["object", "null"],
        "properties": dict.fromkeys(slugs, reference),
        "propertyNames": {"if": {"pattern": _LIKE_A_SLUG}, "then": _SLUG},
        "additionalProperties": reference,
    }


def _one_of(names: Iterable[str]) -> Schema:
    """Any of the names, also as what YAML 1.2 takes some for: `2024` for a number, `true` for a boolean."""
    found: list[Any] = sorted(names)
    for name in found.copy():
        try:
            found.append(int(name) if name.isdecimal() else json.loads(name))
        except ValueError:
            continue
    return {"enum": found} if found else {"type": "string"}
