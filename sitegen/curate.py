"""The curator's word about papers: `overrides.yaml` and `summaries/*.yaml`, resolved and applied.

Overrides win over summaries, summaries over records. Every problem names its line; nothing is applied half.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sitegen import yamlio
from sitegen.errors import Problem, Where, nearest
from sitegen.model import Entry, Link, Override, Paper, Words
from sitegen.text import fold
from sitegen.yamlio import List, Table, Text, Unfit, Value, make_text


def _links(value: Value) -> tuple[Link, ...]:
    """Links of a paper: URLs, or `name: URL`."""
    if not isinstance(value, List):
        raise Unfit(value.where, "should be a list", 'write "- name: https://..."')
    found: list[Link] = []
    for item in value:
        if isinstance(item, Table) and len(item) == 1:
            [(name, url)] = item.items()
            found.append(Link(yamlio.required(name), yamlio.web_link(url)))
        else:
            link = yamlio.web_link(item)
            found.append(Link(link.split("/")[2], link))
    return tuple(found)


CORRECTIONS: dict[str, yamlio.Reader] = {
    "title": yamlio.required,
    "also_titled": yamlio.texts,
    "authors": yamlio.texts,
    "published": yamlio.partial_date,
    "venue": yamlio.text,
    "arxiv_id": yamlio.text,
    "doi": yamlio.text,
    "url": yamlio.web_link,
    "pdf_url": yamlio.web_link,
    "code_urls": yamlio.web_links,
    "keywords": yamlio.texts,
}
OVERRIDE_FIELDS: dict[str, yamlio.Reader] = {
    "topics": yamlio.texts,
    "add": yamlio.texts,
    "remove": yamlio.texts,
    "pin": yamlio.boolean,
    "hide": yamlio.boolean,
    "note": yamlio.text,
    "links": _links,
    "why": yamlio.text,
    "by": yamlio.text,
    "date": yamlio.date,
    **CORRECTIONS,
}
WORDS_FIELDS: dict[str, yamlio.Reader] = {"tldr": yamlio.text, "summary": yamlio.text, "keywords": yamlio.texts}
MOST_TOPICS = 4


class Names:
    """Finds the paper that a key means: its slug, else its arXiv id, else the unambiguous start of its title."""

    def __init__(self, papers: Sequence[Paper] | None) -> None:
        self.all_known = papers is not None
        papers = papers or []
        self.papers = {paper.slug: paper for paper in papers}
        self.ids = {paper.arxiv_id: paper.slug for paper in papers if paper.arxiv_id}
        self.titles = [(fold(paper.title), paper.slug) for paper in papers]

    def find(self, key: Text, problems: list[Problem], level: str = "error") -> str | None:
        if key in self.papers or not self.all_known:
            return str(key)
        if key in self.ids:
            return self.ids[key]
        start = fold(key)
        matches = [slug for title, slug in self.titles if start and title.startswith(start)]
        if len(matches) == 1:
            return matches[0]
        if matches:
            message = f'"{key}" is the start of {len(matches)} titles'
            problems.append(Problem(key.where, message, f"use a slug: {', '.join(sorted(matches)[:3])}"))
        else:
            likely = self.ids if key[:1].isdecimal() else self.papers
            hint = nearest(key, sorted(likely)) or "use the paper's slug, arXiv id or the start of its title"
            problems.append(Problem(key.where, f'no paper is called "{key}"', hint, level))  # type: ignore[arg-type]
        return None


def read_overrides(
    content: Path, papers: Sequence[Paper] | None, topics: Sequence[str] | None, problems: list[Problem]
) -> dict[str, Override]:
    """`content/overrides.yaml`, by slug. Unknown papers and topics, repetitions and contradictions are errors.

    `papers` and `topics` are None when they could not be read; then names are not checked.
    """
    shown = "content/overrides.yaml"
    value = yamlio.load(content / "overrides.yaml", shown, problems)
    if value is None:
        return {}
    if not isinstance(value, Table):
        problems.append(Problem(value.where, "should map papers to topics", 'write "slug: [topic]"'))
        return {}
    names, places, found = Names(papers), dict[str, Where](), dict[str, Override]()
    for key, rule in value.items():
        slug = names.find(key, problems)
        if slug is None:
            continue
        if slug in places:
            message = f'"{key}" is the paper of line {places[slug].line} again'
            problems.append(Problem(key.where, message, "join the two entries"))
        places.setdefault(slug, key.where)
        if override := _override(names.papers.get(slug, Paper(slug, slug)), key, rule, topics, problems):
            found[slug] = override
    return found


def _override(
    paper: Paper, key: Text, rule: Value, topics: Sequence[str] | None, problems: list[Problem]
) -> Override | None:
    what = f'the override of "{key}"'
    if isinstance(rule, List):
        table = Table({make_text("topics", rule.where): rule})
        table.where = rule.where
    elif isinstance(rule, Table):
        table = rule
    else:
        problems.append(Problem(rule.where, f"{what} should be a list or a mapping", f"write {key}: [topic]"))
        return None
    before = len(problems)
    fields = yamlio.read_fields(table, OVERRIDE_FIELDS, what, problems)
    _check_topics(table, fields, topics, what, problems)
    corrections = {name: fields.pop(name) for name in list(fields) if name in CORRECTIONS}
    override = Override(paper.slug, line=key.where.line, fields=corrections, **fields)
    if len(problems) == before and not _changes(override, paper):
        problems.append(Problem(table.where, f"{what} changes nothing", "remove it", "warning"))
    return override


def _changes(override: Override, paper: Paper) -> bool:
    """Whether the paper would be any different without the override."""
    rules = (override.topics, override.add, override.remove, override.pin, override.hide, override.note, override.links)
    return any(rules) or any(getattr(paper, name) != value for name, value in override.fields.items())


def _check_topics(
    table: Table, fields: Mapping[str, Any], topics: Sequence[str] | None, what: str, problems: list[Problem]
) -> None:
    def say(where: Where, message: str, hint: str) -> None:
        problems.append(Problem(where, message, hint))

    keys = {str(key): key for key in table}
    seen: dict[str, Text] = {}
    for name in ("topics", "add", "remove"):
        items = table.get(Text(name))
        if name not in fields or not isinstance(items, List):
            continue
        if not items:
            say(items.where, f'"{name}" in {what} is empty', "name a topic, or remove it")
        for item in items:
            if topics is not None and item not in topics:
                say(item.where, f'unknown topic "{item}" in {what}', nearest(str(item), topics))
            elif item in seen:
                first = seen[str(item)].where
                say(item.where, f'topic "{item}" stands twice in {what}', f"first in line {first.line}; keep one")
            elif isinstance(item, Text):
                seen[str(item)] = item
        if name == "topics" and len(items) > MOST_TOPICS:
            hint = "one primary, at most three others"
            say(items[MOST_TOPICS].where, f"{what} names more than {MOST_TOPICS} topics", hint)
    for name in sorted({"add", "remove"} & fields.keys()) if "topics" in fields else ():
        say(keys[name].where, f'{what} has "{name}" beside "topics"', '"topics" is the whole list already')
    if fields.get("hide") and fields.get("pin"):
        say(keys["hide"].where, f"{what} both pins and hides", "keep one")


def read_words(content: Path, papers: Sequence[Paper] | None, problems: list[Problem]) -> dict[str, Words]:
    """`content/summaries/*.yaml`, by slug. File names mean nothing; a paper stands in one file only."""
    names, found, places = Names(papers), dict[str, Words](), dict[str, Where]()
    for path in sorted((content / "summaries").glob("*.yaml")):
        shown = f"content/summaries/{path.name}"
        value = yamlio.load(path, shown, problems)
        if value is None:
            continue
        if not isinstance(value, Table):
            problems.append(
                Problem(value.where, "should map papers to words", 'write "slug:" and below it "tldr: ..."')
            )
            continue
        for key, words in value.items():
            slug = names.find(key, problems, "warning")
            if slug is None:
                continue
            if slug in places:
                problems.append(Problem(key.where, f'"{key}" has words in {places[slug]} already', "keep one of them"))
                continue
            places[slug] = key.where
            if isinstance(words, Table):
                fields = yamlio.read_fields(words, WORDS_FIELDS, f'the words about "{key}"', problems)
                found[slug] = Words(**fields)
            else:
                problems.append(
                    Problem(words.where, f'the words about "{key}" should be a mapping', 'write "tldr: ..."')
                )
    return found


def apply(
    papers: Iterable[Paper], abstracts: Mapping[str, str], overrides: Mapping[str, Override], words: Mapping[str, Words]
) -> list[Entry]:
    """The papers as curated, hidden ones left out, not yet placed under topics."""
    entries = []
    for paper in papers:
        override = overrides.get(paper.slug)
        if override and override.hide:
            continue
        said = words.get(paper.slug, Words())
        if override and override.fields:
            paper = msgspec.structs.replace(paper, **override.fields)
            if "keywords" in override.fields:
                said = msgspec.structs.replace(said, keywords=())
        entries.append(Entry(paper, said, abstracts.get(paper.slug, ""), override=override))
    return entries
