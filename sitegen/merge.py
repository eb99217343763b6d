"""Identity and merging: when two records are one paper, and which value wins.

Two records are one paper if their arXiv id or DOI agrees, or one of their folded titles. A merge never loses a field:
an empty value never replaces one, lists are joined, the longer whole abstract wins, the earlier and then the more exact
date wins, and of two different values the one that was here first wins and the other is reported; but what a person
brings in wins over what `enrich` found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from sitegen.model import Paper, Source
from sitegen.tex import looks_cut
from sitegen.text import digest, distinct_slug, fold, slugify, unique, visible

_SINGLE = (
    "venue", "arxiv_id", "doi", "url", "pdf_url", "volume", "issue", "pages", "publisher", "citation_key", "blurb"
)  # fmt: skip
_JOINED = ("code_urls", "keywords")


def keys(paper: Paper) -> list[str]:
    """What identifies a paper, surest first."""
    found = [f"arxiv:{paper.arxiv_id.lower()}"] if paper.arxiv_id else []
    found += [f"doi:{paper.doi.lower()}"] if paper.doi else []
    return [*found, *(f"title:{_same(title)}" for title in (paper.title, *paper.also_titled) if title)]


def _same(title: str) -> str:
    """What makes two titles one; of a title without letters, the title itself."""
    return fold(title) or visible(title)


class Catalogue:
    """The papers met so far, found by identity. Holds slugs only; the records stay with the caller."""

    def __init__(self, papers: Iterable[Paper], taken: Iterable[str] = ()) -> None:
        """`taken`: further addresses that no new paper may have."""
        self._slugs: dict[str, str] = {}
        self._taken = set(taken)
        known = list(papers)
        for paper in known:  # a paper's own title before another's second one
            self.add(msgspec.structs.replace(paper, also_titled=()))
        for paper in known:
            self.add(paper)

    def add(self, paper: Paper) -> None:
        self._taken.add(paper.slug)
        for key in keys(paper):
            self._slugs.setdefault(key, paper.slug)

    def give(self, paper: Paper) -> None:
        """Make ids lead to this paper that have led to another one."""
        self._slugs.update({key: paper.slug for key in keys(paper) if not key.startswith("title:")})

    def find(self, paper: Paper) -> list[str]:
        """The slugs of the papers that this one is, surest first: normally none or one."""
        return list(unique(self._slugs.get(key, "") for key in keys(paper)))

    def address(self, paper: Paper) -> str:
        """A free slug for a new paper: its own if it has one, else its title's."""
        for slug in (paper.slug, slugify(paper.title), distinct_slug(paper.title)):
            if slug and slug not in self._taken:
                return slug
        length = 8
        while (slug := f"{slugify(paper.title)}-{digest(repr(paper), length)[-8:]}") in self._taken:
            length += 8
        return slug

    def without_others(self, paper: Paper, slug: str) -> Paper:
        """The paper without the names that belong to a paper other than the one at `slug`."""

        def is_other(key: str) -> bool:
            return self._slugs.get(key, slug) != slug

        titles = [t for t in (paper.title, *paper.also_titled) if not is_other(f"title:{_same(t)}")]
        return msgspec.structs.replace(
            paper,
            title=titles[0] if titles else "",
            also_titled=tuple(titles[1:]),
            arxiv_id="" if is_other(f"arxiv:{paper.arxiv_id.lower()}") else paper.arxiv_id,
            doi="" if is_other(f"doi:{paper.doi.lower()}") else paper.doi,
        )


class Merged(msgspec.Struct, frozen=True):
    """The joined record, and what of the newcomer found no place in it."""

    paper: Paper
    abstract: str
    lost: tuple[str, ...]


def merge(old: Paper, old_abstract: str, new: Paper, new_abstract: str) -> Merged:
    """Join a newcomer into the record that is here. Merging the same again changes nothing."""
    lost: list[str] = []
    changes: dict[str, object] = {}
    beaten = _beaten_by_a_person(old, new)
    for name in _SINGLE:
        mine, theirs = getattr(old, name), getattr(new, name)
        if theirs and (not mine or name in beaten):
            changes[name] = theirs
        elif theirs and theirs != mine:
            lost.append(f'{name} "{theirs}" (kept "{mine}")')
    for name in _JOINED:
        changes[name] = _join(getattr(old, name), getattr(new, name))
    if not old.kind or "kind" in beaten or (old.kind == "article" and new.kind):  # a preprint that was published since
        changes["kind"] = new.kind
    changes["authors"] = new.authors if "authors" in beaten else max(old.authors, new.authors, key=len)
    changes["enriched"] = {k: v for k, v in {**new.enriched, **old.enriched}.items() if k not in beaten}
    changes["published"] = new.published if "published" in beaten else earlier(old.published, new.published)
    titles = {_same(title) for title in (old.title, *old.also_titled)}
    others = [title for title in (new.title, *new.also_titled) if title and _same(title) not in titles]
    changes["also_titled"] = _join(old.also_titled, others)
    changes["sources"] = join_sources(old.sources, new.sources)
    changes["extra"] = {**new.extra, **old.extra}
    abstract = _better_abstract(old_abstract, new_abstract)
    lost += _beaten(old, new, changes)
    if {old_abstract, new_abstract} - {"", abstract}:
        lost.append("an abstract (kept the one that is whole and longer)")
    return Merged(msgspec.structs.replace(old, **changes), abstract, tuple(lost))


def _beaten_by_a_person(old: Paper, new: Paper) -> set[str]:
    """The fields that `enrich` filled and a person gives now; a date only when it is another one."""
    given = {name for name in old.enriched if name not in new.enriched and getattr(new, name, None)}
    return given - ({"published"} if old.published.startswith(new.published) else set())


def joined(
    papers: Mapping[str, Paper], abstracts: Mapping[str, str], into: Mapping[str, str]
) -> tuple[dict[str, Paper], dict[str, str]]:
    """The records and abstracts with some records joined into others. `into`: slug -> slug of the one that stays."""
    found, texts = dict(papers), dict(abstracts)
    for slug, target in sorted(into.items()):
        result = merge(found[target], texts.get(target, ""), found.pop(slug), texts.pop(slug, ""))
        found[target], texts[target] = result.paper, result.abstract
    return found, texts


def _beaten(old: Paper, new: Paper, won: Mapping[str, object]) -> Iterator[str]:
    """Dates and authors that lost to other ones, not merely to more exact ones or the same names."""
    for date in (old.published, new.published):
        if date and not str(won["published"]).startswith(date):
            yield f'published "{date}" (kept "{won["published"]}")'
    kept = {fold(name) for name in won["authors"]}  # type: ignore[attr-defined]
    for authors in (old.authors, new.authors):
        if not {fold(name) for name in authors} <= kept:
            yield f"authors {', '.join(authors)!r}"


def _join(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    known = {item.casefold() for item in old}
    return (*old, *unique(item for item in new if item.casefold() not in known))


def earlier(old: str, new: str) -> str:
    """The earlier of two partial dates; of `2024` and `2024-10-09` the more exact one."""
    if not old or not new:
        return old or new
    if old.startswith(new) or new.startswith(old):
        return max(old, new, key=len)
    return min(old, new)


def join_sources(old: Sequence[Source], new: Sequence[Source]) -> tuple[Source, ...]:
    """All sources, each once: of two dates of one capture the more exact one stands."""
    found: list[Source] = []
    for source in sorted({*old, *new}, key=lambda s: -_exact(s.date)):
        if not any(_is_of(source, other) for other in found):
            found.append(source)
    return tuple(sorted(found, key=lambda s: (s.file, s.position, s.date, s.format)))


def _is_of(source: Source, other: Source) -> bool:
    """Whether this is the other capture, its date no more exact."""
    vague = source.date.removeprefix("-")
    same_day = (
        not vague or other.date.startswith(source.date) or (source.date[:1] == "-" and other.date.endswith(vague))
    )
    return (source.file, source.position, source.format) == (other.file, other.position, other.format) and same_day


def _exact(date: str) -> int:
    return 0 if not date else 1 if date.startswith("-") else len(date)


def _better_abstract(old: str, new: str) -> str:
    if not old or not new:
        return old or new
    return max((old, new), key=lambda text: (not looks_cut(text), len(text)))
