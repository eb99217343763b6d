"""`explain`: why a paper stands where it stands, and which file each shown field comes from."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from sitegen import build, topics, yamlio
from sitegen.errors import Where, fail
from sitegen.files import read_bytes
from sitegen.model import Entry, Neighbour, Override, Paper, Placement
from sitegen.text import cut

WIDTH = 80
SHOWN_TOPICS = 3
SHOWN_WORDS = 8
RECORDS, RULES = "content/papers.jsonl", "content/overrides.yaml"
_RECORD_FIELDS = tuple(f for f in Paper.__struct_fields__ if f not in ("slug", "enriched", "sources", "extra"))
_KEPT = "\u00a0"
"""A space at which no line ends."""


@dataclass(frozen=True)
class Explanation:
    """All that decides about one paper."""

    paper: Paper
    """As it is shown."""
    record: Paper
    """As it was imported."""
    placements: tuple[Placement, ...]
    confidence: float
    rule: Override | None
    by_words: topics.Explanation | None
    """What the words alone would say; None for a hidden paper."""
    origins: tuple[tuple[str, Where], ...]
    """Field -> where what is shown of it stands."""
    related: tuple[tuple[str, Neighbour], ...]
    """Titles of the nearest papers, and why."""

    @property
    def hidden(self) -> bool:
        return bool(self.rule and self.rule.hide)

    def as_json(self) -> dict[str, Any]:
        """The form in which `--json` prints it. Scores are likenesses in [0, 1], and sums of the points."""
        rule = self.rule
        words = self.by_words
        return {
            "slug": self.paper.slug,
            "title": self.paper.title,
            "hidden": self.hidden,
            "placements": [msgspec.to_builtins(placement) for placement in self.placements],
            "confidence": self.confidence,
            "override": {**_said(rule), "where": str(_place(rule))} if rule else None,
            "by_words": {
                "confidence": words.confidence,
                "fits_none": words.fits_none,
                "ranked": [
                    {"topic": r.topic, "score": r.score, "words": [share._asdict() for share in r.shares]}
                    for r in words.ranked
                ],
            }
            if words
            else None,
            "fields": {name: str(where) for name, where in self.origins},
            "enriched": self.record.enriched,
            "sources": [msgspec.to_builtins(source) for source in self.paper.sources],
            "related": [{"title": title, **msgspec.to_builtins(near)} for title, near in self.related],
        }

    def __str__(self) -> str:
        blocks = [self._head(), self._placed(), self._reckoned(), self._fields(), self._sources(), self._near()]
        return "\n\n".join("\n".join(lines) for lines in map(list, blocks) if lines)

    def _head(self) -> Iterator[str]:
        yield from textwrap.wrap(self.paper.title, WIDTH)
        facts = [self.paper.slug, f"arXiv {self.paper.arxiv_id}" if self.paper.arxiv_id else "", self.paper.published]
        yield from _wrapped("", " · ".join(filter(None, facts)), 2)
        if self.hidden:
            yield f"  Hidden by {_place(self.rule)}: it is on no page."

    def _placed(self) -> Iterator[str]:
        if self.hidden:
            return
        yield "Topics"
        if not self.placements:
            yield "  none: no topic is like it enough"
        for number, placement in enumerate(self.placements):
            how = f"confirmed by {_place(self.rule)}" if placement.confirmed else f"by its words, {placement.score:.3f}"
            yield f"  {placement.topic} ({'secondary, ' if number else 'primary, '}{how})"
            if placement.words:
                yield from _wrapped("", f"because of {', '.join(placement.words)}", 6)
        if self.rule:
            others = {name: value for name, value in _said(self.rule).items() if name not in ("slug", "line", "topics")}
            for name, value in others.items():
                yield from _wrapped(f"{name}: ", cut(str(value), 2 * WIDTH), 4)

    def _reckoned(self) -> Iterator[str]:
        words = self.by_words
        if not words or not words.ranked:
            return
        yield "What its words say, the curator's word about it left out"
        if words.fits_none:
            yield f"  It fits no topic: not even the first reaches {topics.FLOOR}."
        else:
            yield f"  {words.confidence:.0%} sure of the first; the second is the runner-up."
        first = [placement.topic for placement in self.placements[:1]]
        ranked = [(n, r) for n, r in enumerate(words.ranked, 1) if n <= SHOWN_TOPICS or r.topic in first]
        for number, reckoning in ranked:
            yield f"  {number}. {reckoning.topic}  {reckoning.score:.3f}"
            shares = [s for s in reckoning.shares if s.points > 0][:SHOWN_WORDS]
            against = [s for s in reckoning.shares if s.points < 0]
            said = ", ".join(f"{s.word} {s.points:+.3f}".replace(" ", _KEPT) for s in (*shares, *against))
            yield from _wrapped("", said or "no word in common", 6)

    def _fields(self) -> Iterator[str]:
        yield "Where it comes from"
        places = dict.fromkeys(where for _, where in self.origins)
        for place in places:
            yield from _wrapped(f"{place}: ", ", ".join(name for name, where in self.origins if where == place), 2)
        for name in self.rule.fields if self.rule else ():
            was = _value(getattr(self.record, name))
            yield from _wrapped(f"{name} was: ", was or "nothing", 6)

    def _sources(self) -> Iterator[str]:
        if self.paper.sources:
            yield "Captured in" if len(self.paper.sources) == 1 else "Merged from"
        for source in self.paper.sources:
            facts = [source.format, source.date, f"number {source.position}" if source.position else ""]
            yield f"  {source.file}  {', '.join(filter(None, facts))}".rstrip()
        for service in sorted({*self.record.enriched.values()}):
            names = ", ".join(name for name, giver in self.record.enriched.items() if giver == service)
            yield from _wrapped(f"{service} gave: ", names, 2)

    def _near(self) -> Iterator[str]:
        if self.related:
            yield "Related papers"
        for title, near in self.related:
            yield f"  {near.score:.3f}  {cut(title, WIDTH - 10)}"
            yield from _wrapped("", ", ".join(near.because), 9)


def run(site: Path, name: str) -> Explanation:
    """Explain the paper that a name means: slug, arXiv id or start of a title. Raises SiteError."""
    content = build.load(site)
    slug = build.find(content, name)
    while slug in content.rules and content.rules[slug].merge_into:
        slug = content.rules[slug].merge_into
    record, rule = content.papers[slug], content.rules.get(slug)
    entry = next((e for e in content.entries if (e.override.slug if e.override else e.slug) == slug), None)
    if entry is None:
        if not rule:
            raise fail("PAPER", f'"{slug}" is on no page')
        return Explanation(record, record, (), 0.0, rule, None, tuple(_origins(site, content, record, None)), ())
    titles = {e.slug: e.paper.title for e in content.entries}
    return Explanation(
        entry.paper,
        record,
        entry.placements,
        entry.confidence,
        rule,
        topics.explain(entry, content.groups, content.entries),
        tuple(_origins(site, content, record, entry)),
        tuple((titles[near.slug], near) for near in build.related(content, entry.slug)),
    )


def _place(rule: Override | None) -> Where:
    return Where(RULES, rule.line if rule else 0)


def _said(rule: Override) -> dict[str, Any]:
    """What an override says, its corrections among the rest."""
    found = msgspec.to_builtins(rule)
    fields = found.pop("fields")
    return {name: value for name, value in {**found, **fields}.items() if value}


def _value(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _wrapped(label: str, text: str, indent: int) -> list[str]:
    first, other = " " * indent, " " * (indent + 2)
    lines = textwrap.wrap(label + text, WIDTH, initial_indent=first, subsequent_indent=other, break_on_hyphens=False)
    return [line.replace(_KEPT, " ") for line in lines]


def _origins(site: Path, content: build.Content, record: Paper, entry: Entry | None) -> Iterator[tuple[str, Where]]:
    """Each field that is shown, and where it stands."""
    rule = content.rules.get(record.slug)
    line = _line(site, "papers.jsonl", record.slug)
    said = entry.words if entry else None
    words = dict(_words(site, record.slug, build.namer(content))) if said else {}
    for name in _RECORD_FIELDS:
        if name in (rule.fields if rule else {}):
            yield name, _place(rule)
        elif name == "keywords" and said and said.keywords:
            yield name, words.get(name, Where("content/summaries"))
        elif getattr(record, name):
            yield name, line
    for name in ("tldr", "summary"):
        if said and getattr(said, name):
            yield name, words.get(name, Where("content/summaries"))
    if entry and entry.abstract:
        corrected = rule and rule.abstract
        yield "abstract", _place(rule) if corrected else _line(site, "abstracts.jsonl", record.slug)


def _line(site: Path, name: str, slug: str) -> Where:
    """The line of a machine's file that is about a paper."""
    shown = f"content/{name}"
    mark = msgspec.json.encode(slug)
    for number, line in enumerate(read_bytes(site / "content" / name, shown).split(b"\n"), 1):
        if mark in line and msgspec.json.decode(line).get("slug") == slug:
            return Where(shown, number)
    return Where(shown)


def _words(site: Path, slug: str, means: Callable[[str], str | None]) -> Iterator[tuple[str, Where]]:
    """Where the curator's words about a paper stand, by field."""
    for path in sorted((site / "content" / "summaries").glob("*.yaml")):
        value = yamlio.load(path, f"content/summaries/{path.name}", [])
        for key, words in value.items() if isinstance(value, yamlio.Table) else ():
            if means(key) == slug and isinstance(words, yamlio.Table):
                yield from ((str(field), field.where) for field in words)
