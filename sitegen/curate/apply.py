"""Applying what the curator said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from sitegen.model import Entry, Override, Paper, Words


def merged(overrides: Mapping[str, Override]) -> dict[str, str]:
    """The records that are joined into others: slug -> slug of the record that stays."""
    return {slug: rule.merge_into for slug, rule in overrides.items() if rule.merge_into}


def redirects(overrides: Mapping[str, Override]) -> dict[str, str]:
    """Old addresses of papers -> their present ones. Hidden papers have none."""
    moved = {slug: rule.address for slug, rule in overrides.items() if rule.address and not rule.hide}
    joined = {slug: moved.get(target, target) for slug, target in merged(overrides).items()}
    return {old: new for old, new in sorted({**moved, **joined}.items()) if old != new}


def apply(
    papers: Iterable[Paper], abstracts: Mapping[str, str], overrides: Mapping[str, Override], words: Mapping[str, Words]
) -> list[Entry]:
    """The papers as curated, hidden ones left out, at their present addresses, not yet placed under topics."""
    said = _with_merged(words, merged(overrides))
    entries = []
    for paper in papers:
        override, mine = overrides.get(paper.slug), said.get(paper.slug, Words())
        if override and override.hide:
            continue
        abstract = abstracts.get(paper.slug, "")
        if override:
            if "keywords" in override.fields:
                mine = msgspec.structs.replace(mine, keywords=())
            abstract = override.abstract or abstract
            paper = msgspec.structs.replace(paper, slug=override.address or paper.slug, **override.fields)
        entries.append(Entry(paper, mine, abstract, override=override))
    return entries


def _with_merged(words: Mapping[str, Words], into: Mapping[str, str]) -> dict[str, Words]:
    """The words about each paper; where it has none, those about the papers that were merged into it."""
    found = dict(words)
    for slug, target in sorted(into.items()):
        mine, other = found.get(target, Words()), words.get(slug, Words())
        found[target] = Words(mine.tldr or other.tldr, mine.summary or other.summary, mine.keywords or other.keywords)
    return found
