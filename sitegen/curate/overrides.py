"""`overrides.yaml`: each entry by itself. What entries say of each other is looked at in `relations`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sitegen import keys, yamlio
from sitegen.curate.names import Names
from sitegen.curate.relations import Rule, relate
from sitegen.errors import Problem, nearest, raise_errors
from sitegen.fields import read_fields
from sitegen.model import Override, Paper
from sitegen.yamlio import List, Table, Text, Value

FILE = "content/overrides.yaml"


class _Topics(msgspec.Struct, frozen=True):
    """The topics that an override may name."""

    known: Sequence[str] | None
    moved: Mapping[str, Sequence[str]]
    names: frozenset[str]
    """The known ones, to look up."""

    @classmethod
    def of(cls, known: Sequence[str] | None, moved: Mapping[str, Sequence[str]]) -> _Topics:
        return cls(known, moved, frozenset(known or ()))


def read_overrides(
    content: Path,
    papers: Sequence[Paper] | None,
    topics: Sequence[str] | None,
    problems: list[Problem],
    moved: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Override]:
    """`content/overrides.yaml`, by slug of the record. Unknown papers and topics, repetitions and contradictions are
    errors; what changes nothing, and the old name of a topic, is a warning.

    `papers` and `topics` are None when they could not be read; then names are not checked. `moved`: old slugs of
    topics, to the topics that have taken their place, one or after a split several.
    """
    value = yamlio.load(content / "overrides.yaml", FILE, problems)
    return _read(value, papers, _Topics.of(topics, moved or {}), problems) if value is not None else {}


def read_partings(content: Path, papers: Sequence[Paper]) -> tuple[dict[str, tuple[str, ...]], set[str]]:
    """What an import must know of the overrides: `distinct_from` of each record, and the new addresses.

    Entries with mistakes count as far as they can be read. Raises SiteError when the file cannot be read at all.
    """
    problems: list[Problem] = []
    value = yamlio.load(content / "overrides.yaml", FILE, problems)
    raise_errors(problems if value is None else [])
    found = _read(value, papers, _Topics.of(None, {}), []) if value is not None else {}
    parted = {slug: rule.distinct_from for slug, rule in found.items() if rule.distinct_from}
    return parted, {rule.address for rule in found.values() if rule.address}


def _read(
    value: Value, papers: Sequence[Paper] | None, topics: _Topics, problems: list[Problem]
) -> dict[str, Override]:
    if not isinstance(value, Table):
        problems.append(
            Problem(value.where, "should map papers to topics", yamlio.unlike(value, 'write "slug: [topic]"'))
        )
        return {}
    names, rules = Names(papers, _addresses(value, papers)), dict[str, Rule]()
    for key, said in value.items():
        found: list[Problem] = []
        slug = names.find(key, found)
        if slug is None:
            problems += [_outdented(key)] if key in keys.OVERRIDE else found
            continue
        if slug in rules:
            message = f'"{key}" is the paper of line {rules[slug].key.where.line} again'
            problems.append(Problem(key.where, message, "join the two entries"))
        elif override := _short(slug, key, said, topics):
            rules[slug] = Rule(key, Table(), override)
        elif (table := _as_table(key, said, problems)) is not None:
            paper = names.papers.get(slug, Paper(slug, slug))
            rules[slug] = Rule(key, table, _override(paper, key, table, topics, problems))
    return relate(rules, names, problems)


def _addresses(value: Table, papers: Sequence[Paper] | None) -> dict[str, str]:
    """New slugs, to the records of the entries that give them, where the key is a slug or an arXiv id."""
    known = {name: paper.slug for paper in papers or () for name in (paper.arxiv_id, paper.slug) if name}
    taken = {paper.slug for paper in papers or ()}
    found = dict[str, str]()
    for key, rule in value.items():
        new = rule.get(Text("slug")) if isinstance(rule, Table) else None
        if isinstance(new, Text) and key in known and new not in taken:
            found.setdefault(str(new), known[key])
    return found


def _outdented(key: Text) -> Problem:
    hint = "put two spaces before it, so that it belongs to the paper above"
    return Problem(key.where, f'"{key}" stands where the name of a paper should', hint)


def _as_table(key: Text, rule: Value, problems: list[Problem]) -> Table | None:
    """A rule in its long form."""
    if isinstance(rule, Table):
        return rule
    if isinstance(rule, List):
        name = Text("topics")
        name.file, name.mark, name.plain = rule.file, rule.mark, True
        table = Table({name: rule})
        table.file, table.mark = rule.file, rule.mark
        return table
    message = f'the override of "{key}" should be a list or a mapping'
    below = "" if rule else ", or what you say of it in lines of its own, two spaces further in"
    hint = f"write {key}: [{rule or 'topic'}]{below}"
    problems.append(Problem(rule.where, message, yamlio.unlike(rule, hint)))
    return None


def _short(slug: str, key: Text, said: Value, topics: _Topics) -> Override | None:
    """The override that is a list of topics without a mistake, as most are; None when it is anything else."""
    if not isinstance(said, List) or not 0 < len(said) <= keys.MOST_TOPICS:
        return None
    names = tuple([str(item) for item in said if isinstance(item, Text) and item in topics.names])
    same = len(said) == len(names) == len({*names})
    return Override(slug, line=key.mark.line + 1, topics=names) if same else None


def _override(paper: Paper, key: Text, table: Table, topics: _Topics, problems: list[Problem]) -> Override:
    what = f'the override of "{key}"'
    before = len(problems)
    fields = read_fields(table, keys.OVERRIDE, what, problems)
    for name in ("topics", "add", "remove"):
        if name in fields:
            _check_list(table[Text(name)], name, what, problems)
            fields[name] = _present(table[Text(name)], topics, what, problems)
    _check_repeated(table, fields, what, problems)
    _check_room(table, fields, what, problems)
    if len(problems) == before:
        _idle(paper, table, fields, what, problems)
    corrections = {name: fields.pop(name) for name in list(fields) if name in keys.CORRECTIONS}
    return Override(paper.slug, line=key.mark.line + 1, address=fields.pop("slug", ""), fields=corrections, **fields)


def _check_list(items: Value, name: str, what: str, problems: list[Problem]) -> None:
    assert isinstance(items, List)
    if not items:
        problems.append(Problem(items.where, f'"{name}" in {what} is empty', "name a topic, or remove it"))
    if name == "topics" and len(items) > keys.MOST_TOPICS:
        hint = "one primary, at most three others"
        message = f"{what} names more than {keys.MOST_TOPICS} topics"
        problems.append(Problem(items[keys.MOST_TOPICS].where, message, hint))


def _present(items: Value, topics: _Topics, what: str, problems: list[Problem]) -> tuple[str, ...]:
    """The topics that a list names, old names in their new form."""
    found = []
    for item in items:
        assert isinstance(item, Text)
        name = str(item)
        if topics.known is not None and name not in topics.known:
            if heirs := topics.moved.get(name):
                problems.append(_moved(item, heirs, what))
                name = heirs[0]
            else:
                hint = nearest(name, topics.known) or "name a topic of content/topics.yaml, or add it there"
                problems.append(Problem(item.where, f'unknown topic "{item}" in {what}', hint))
        found.append(name)
    return tuple(found)


def _moved(old: Text, heirs: Sequence[str], what: str) -> Problem:
    if len(heirs) == 1:
        message = f'the topic "{old}" in {what} is now called "{heirs[0]}"'
        return Problem(old.where, message, f"write {heirs[0]}", "warning")
    message = f'the topic "{old}" in {what} was split into {", ".join(heirs)}'
    return Problem(old.where, message, f"write the one that fits; until then it counts as {heirs[0]}", "warning")


def _check_repeated(table: Table, fields: Mapping[str, Any], what: str, problems: list[Problem]) -> None:
    seen: dict[str, Value] = {}
    for name in ("topics", "add", "remove"):
        for item, topic in zip(table.get(Text(name), ()), fields.get(name, ()), strict=False):
            assert isinstance(item, Text)
            if first := seen.get(topic):
                message = f'topic "{topic}" stands twice in {what}'
                problems.append(Problem(item.where, message, f"first in line {first.where.line}; keep one"))
            seen.setdefault(topic, item)


def _check_room(table: Table, fields: Mapping[str, Any], what: str, problems: list[Problem]) -> None:
    """Keys that contradict each other."""
    hints = {
        "topics": '"topics" is the whole list already',
        "merge_into": f'move it to the entry of "{fields.get("merge_into")}", whose page it will be',
    }
    for name, others in keys.EXCLUDES.items():
        for key in table if name in fields else ():
            if key in others:
                problems.append(Problem(key.where, f'{what} has "{key}" beside "{name}"', hints[name]))
    if fields.get("hide") and fields.get("pin"):
        place = next(key.where for key in table if key == "hide")
        problems.append(Problem(place, f"{what} both pins and hides", "keep one"))


def _idle(paper: Paper, table: Table, fields: Mapping[str, Any], what: str, problems: list[Problem]) -> None:
    """Warnings about what changes nothing: the whole entry, or single keys of it."""
    idle = [key for key in table if key not in keys.FOR_PEOPLE and _changes_nothing(paper, key, fields[key])]
    if len(idle) == sum(key not in keys.FOR_PEOPLE for key in table):
        problems.append(Problem(table.where, f"{what} changes nothing", "remove it", "warning"))
        return
    for key in idle:
        problems.append(Problem(key.where, f'"{key}" in {what} changes nothing', "remove it", "warning"))


def _changes_nothing(paper: Paper, key: str, value: object) -> bool:
    return value == getattr(paper, key) if key in keys.CORRECTIONS or key == "slug" else not value
