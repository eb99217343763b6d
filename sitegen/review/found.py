"""What is worth a look, found in a site's content."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from sitegen import build, near, yamlio
from sitegen.errors import Where, count
from sitegen.files import read_bytes
from sitegen.model import Entry, Placement
from sitegen.tex import looks_cut
from sitegen.text import cut, unique

WIDTH = 80
HEADINGS = {
    "unplaced": ("paper fits no topic", "papers fit no topic"),
    "unconfirmed": ("placement to confirm", "placements to confirm, least certain first"),
    "alike": ("pair of papers that may be one", "pairs of papers that may be one"),
    "truncated": ("abstract that is cut off", "abstracts that are cut off"),
    "missing": ("paper that lacks something", "papers that lack something"),
    "waiting": ("paper that waits for its title", 'papers that wait for their titles; "sitegen enrich" finds them'),
    "empty": ("topic without papers", "topics without papers"),
}
"""Kinds of items, in the order in which they are shown."""


@dataclass(frozen=True)
class Item:
    """One thing worth a look."""

    kind: str
    slug: str
    """Of the paper's record, or of the topic; the id of a paper that waits for its title."""
    title: str
    where: Where
    said: str = ""
    tldr: str = ""
    confidence: float = 0.0
    """How sure the placement is, in [0, 1]."""
    topics: tuple[str, ...] = ()
    """Where the paper stands now, the primary topic first."""
    ranked: tuple[Placement, ...] = ()
    """Every topic, the likeliest first."""
    other: str = ""
    """Slug of the paper that is like it."""
    lacking: tuple[str, ...] = ()
    """Facts that can be asked for, by the names that `facts` has for them."""

    def as_json(self) -> dict[str, object]:
        """The form in which `--json` prints it; of the ranked topics the first three."""
        return {
            "kind": self.kind,
            "slug": self.slug,
            "title": self.title,
            "where": str(self.where),
            "said": self.said,
            "confidence": self.confidence,
            "topics": list(self.topics),
            "ranked": [msgspec.to_builtins(placement) for placement in self.ranked[:3]],
            "other": self.other,
            "lacking": list(self.lacking),
        }


def find(site: Path, content: build.Content) -> list[Item]:
    """All that is worth a look, by kind; of the placements the least certain first."""
    places = _records(site)
    found = itertools.chain(
        _placements(content, places),
        _alike(content, places),
        _truncated(site, content),
        _missing(content, places),
        _waiting(site),
        _empty(site, content),
    )
    kinds = list(HEADINGS)
    return sorted(found, key=lambda item: kinds.index(item.kind))


def record(entry: Entry) -> str:
    """The slug of a paper's record, which names it in the overrides."""
    return entry.override.slug if entry.override else entry.slug


def _placements(content: build.Content, places: dict[str, Where]) -> Iterator[Item]:
    open_ = [e for e in content.entries if not (e.placements and e.placements[0].confirmed)]
    open_.sort(key=lambda e: (e.confidence, e.slug))
    for entry, ranked in zip(open_, build.ranked(content, open_), strict=True):
        kind = "unconfirmed" if entry.placements else "unplaced"
        words = ", ".join(ranked[0].words) if ranked else ""
        yield Item(
            kind,
            record(entry),
            entry.paper.title,
            places.get(record(entry), Where("content/papers.jsonl")),
            f"{entry.confidence:.0%} {entry.topics[0]}, because of {words}" if entry.topics else "",
            entry.words.tldr or cut(entry.words.summary or entry.abstract, 300),
            entry.confidence,
            entry.topics,
            tuple(ranked),
        )


def _alike(content: build.Content, places: dict[str, Where]) -> Iterator[Item]:
    entries = {record(entry): entry for entry in content.entries}
    titles = {slug: entry.paper.title for slug, entry in entries.items()}
    for one, other in near.near_duplicates(titles, titles):
        rules = [(content.rules.get(one), other), (content.rules.get(other), one)]
        if any(rule and named in rule.distinct_from for rule, named in rules):
            continue
        tldr, said = entries[one].words.tldr, f"like {places[other]}: {titles[other]}"
        yield Item("alike", one, titles[one], places[one], said, tldr, other=other)


def _truncated(site: Path, content: build.Content) -> Iterator[Item]:
    places = _records(site, "abstracts.jsonl")
    for entry in content.entries:
        if looks_cut(entry.abstract):
            where = places.get(record(entry), Where("content/abstracts.jsonl"))
            said = f"... {entry.abstract[-60:]}"
            yield Item("truncated", record(entry), entry.paper.title, where, said, lacking=("abstract",))


def _missing(content: build.Content, places: dict[str, Where]) -> Iterator[Item]:
    for entry in content.entries:
        if names := lacking(entry):
            said = f"no {', no '.join(names)}"
            facts = tuple(name for name in names if name != "words")
            yield Item("missing", record(entry), entry.paper.title, places[record(entry)], said, lacking=facts)


def lacking(entry: Entry) -> list[str]:
    """What a paper lacks of what readers and citations need. A venue only counts where there is no link either."""
    paper, words = entry.paper, entry.words
    link = paper.arxiv_id or paper.doi or paper.url or paper.pdf_url
    facts = {
        "authors": paper.authors,
        "date": paper.published,
        "venue": paper.venue or link,
        "link": link,
        "words": words.tldr or words.summary or entry.abstract,
    }
    return [name for name, value in facts.items() if not value]


def _waiting(site: Path) -> Iterator[Item]:
    for line, where in _lines(site, "waiting.jsonl"):
        paper = msgspec.json.decode(line)
        origins = unique(source["file"] for source in paper.get("sources", ()))
        said = f"from {', '.join(origins)}" if origins else ""
        names = ", ".join(paper.get("also_titled", ())) or paper.get("url", "")
        yield Item("waiting", paper.get("arxiv_id") or paper["doi"], names, where, said)


def _empty(site: Path, content: build.Content) -> Iterator[Item]:
    used = {topic for entry in content.entries for topic in entry.topics}
    places = {str(slug): slug.where for slug in _topic_slugs(yamlio.load(site / "content/topics.yaml", _TOPICS, []))}
    for slug, topic in content.topics.items():
        if slug not in used:
            yield Item("empty", slug, topic.name, places.get(slug, Where(_TOPICS)))


_TOPICS = "content/topics.yaml"


def _topic_slugs(value: yamlio.Value | None) -> Iterator[yamlio.Text]:
    if isinstance(value, yamlio.List):
        for item in value:
            yield from _topic_slugs(item)
    elif isinstance(value, yamlio.Table):
        slug = value.get(yamlio.Text("slug"))
        if isinstance(slug, yamlio.Text):
            yield slug
        yield from _topic_slugs(value.get(yamlio.Text("topics")))


def _records(site: Path, name: str = "papers.jsonl") -> dict[str, Where]:
    """The line of each paper in a file that a machine wrote."""
    return {msgspec.json.decode(line)["slug"]: where for line, where in _lines(site, name)}


def _lines(site: Path, name: str) -> Iterator[tuple[bytes, Where]]:
    path, shown = site / "content" / name, f"content/{name}"
    lines = read_bytes(path, shown).split(b"\n") if path.is_file() else []
    return ((line, Where(shown, n)) for n, line in enumerate(lines, 1) if line.strip())


def listed(items: Iterable[Item]) -> str:
    """The items as text for a terminal or a file."""
    lines: list[str] = []
    for kind, group in itertools.groupby(items, key=lambda item: item.kind):
        found = list(group)
        lines += ["", count(len(found), *HEADINGS[kind]) if kind != "" else ""]
        for item in found:
            lines.append(f"  {item.where}: {item.slug}")
            lines += textwrap.wrap(item.title, WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)
            if item.said:
                lines += textwrap.wrap(item.said, WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 8)
    return "\n".join(lines[1:]) or "Nothing to review: every placement is confirmed, and nothing is missing."
