"""`summaries/*.yaml`: the curator's words about papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sitegen import keys, yamlio
from sitegen.curate.names import Names
from sitegen.errors import Problem, Where
from sitegen.fields import read_fields
from sitegen.model import Override, Paper, Words
from sitegen.yamlio import Table, Text


def read_words(
    content: Path,
    papers: Sequence[Paper] | None,
    problems: list[Problem],
    overrides: Mapping[str, Override] | None = None,
) -> dict[str, Words]:
    """`content/summaries/*.yaml`, by slug of the record. File names mean nothing; a paper stands in one file only.

    A paper may be named by the new slug that an override gives it.
    """
    addresses = {rule.address: slug for slug, rule in (overrides or {}).items() if rule.address}
    names, found, places = Names(papers, addresses), dict[str, Words](), dict[str, Text]()
    for path in sorted((content / "summaries").glob("*.yml")):
        where = Where(f"content/summaries/{path.name}")
        problems.append(Problem(where, "is not read", f"call it {path.stem}.yaml", "warning"))
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
                problems.append(
                    Problem(key.where, f'"{key}" has words in {places[slug].where} already', "keep one of them")
                )
                continue
            places[slug] = key
            if isinstance(words, Table):
                fields = read_fields(words, keys.WORDS, f'the words about "{key}"', problems)
                found[slug] = Words(**fields)
            else:
                problems.append(
                    Problem(words.where, f'the words about "{key}" should be a mapping', 'write "tldr: ..."')
                )
    return found
