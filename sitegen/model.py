"""The nouns. Frozen values that travel between stages; none knows how it was read or how it will be shown."""

from __future__ import annotations

from typing import Any

import msgspec


class Source(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where and when a paper was captured."""

    file: str
    """Base name of the imported file."""
    format: str = ""
    """How it was read: `hf-list` for a saved list page, else the format's name: `bibtex`, `ris`, `csv`, ..."""
    date: str = ""
    """List date: YYYY-MM-DD, or `--MM-DD` when the page names no year (ISO 8601:2000, 5.2.1.3)."""
    position: int = 0
    """Place in that file, from 1; 0 where places mean nothing, as in a reference manager's library."""
    extra: dict[str, Any] = msgspec.field(default_factory=dict, name="(unknown keys)")
    """Keys of the file that this version does not know; written back at the end of the object."""

    def __hash__(self) -> int:
        return hash((self.file, self.format, self.date, self.position))

    @property
    def name(self) -> str:
        """`FILE:POSITION`."""
        return f"{self.file}:{self.position}"


class Paper(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One paper's bibliographic record: a line of `content/papers.jsonl`, keys in this order."""

    slug: str
    """Permanent address, given once at import."""
    title: str
    also_titled: tuple[str, ...] = ()
    """Other titles of the same paper: a later version's, or the published one's."""
    authors: tuple[str, ...] = ()
    """Names as written, in order."""
    published: str = ""
    """First publication: YYYY, YYYY-MM or YYYY-MM-DD."""
    venue: str = ""
    arxiv_id: str = ""
    """Without version."""
    doi: str = ""
    url: str = ""
    pdf_url: str = ""
    code_urls: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    kind: str = ""
    """What kind of work it is, in CSL's words (`ingest.fields.KINDS`); `article` is a preprint."""
    volume: str = ""
    issue: str = ""
    """Number of the journal's issue, or of the report."""
    pages: str = ""
    """`12-34`, or an article's number."""
    publisher: str = ""
    """Publisher; of a thesis or report, the institution."""
    citation_key: str = ""
    """The key under which the curator cites it, from a BibTeX file."""
    blurb: str = ""
    """What a list that it came from said about it; not the authors' words."""
    enriched: dict[str, str] = msgspec.field(default_factory=dict)
    """Fields that `enrich` filled, each with the service that it came from. What a person brings in later wins."""
    sources: tuple[Source, ...] = ()
    extra: dict[str, Any] = msgspec.field(default_factory=dict, name="(unknown keys)")
    """Keys of the file that this version does not know; written back at the end of the line. Its name for the
    encoder is one that no format uses."""

    @property
    def captures(self) -> set[str]:
        """Where it was captured: `FILE:POSITION`; `FILE:KEY` for a file of citation keys."""
        found = {source.name for source in self.sources if source.position}
        return found | {f"{s.file}:{self.citation_key}" for s in self.sources if self.citation_key and not s.position}

    @property
    def identifiers(self) -> set[str]:
        """What names it for certain, but its slug: arXiv id, DOI (as written and in lower case), captures."""
        return self.captures | {name for name in (self.arxiv_id, self.doi, self.doi.lower()) if name}


class Words(msgspec.Struct, frozen=True):
    """The curator's words about one paper, from `content/summaries/`."""

    tldr: str = ""
    summary: str = ""
    keywords: tuple[str, ...] = ()


class Link(msgspec.Struct, frozen=True):
    """A link that the curator added to a paper."""

    name: str
    url: str


class Topic(msgspec.Struct, frozen=True):
    """One topic of `content/topics.yaml`."""

    slug: str
    name: str
    scope: str
    aliases: tuple[str, ...] = ()
    """Synonyms and acronyms: search words only."""
    redirect_from: tuple[str, ...] = ()
    """Old slugs that lead here."""
    terms: tuple[tuple[str, float], ...] = ()
    """Words and phrases that speak for the topic, with weights."""
    excludes: tuple[str, ...] = ()
    """Words and phrases that speak against it (`not` in the file)."""
    weight: float = 1.0
    """Above 1 for a special subject that beats a technique when a paper has both."""
    note: str = ""
    """Markdown of `content/notes/<slug>.md`."""


class Group(msgspec.Struct, frozen=True):
    """Topics that belong together, in the curator's order."""

    slug: str
    name: str
    topics: tuple[Topic, ...]


class Site(msgspec.Struct, frozen=True):
    """What `content/site.yaml` says."""

    title: str
    description: str = ""
    base_url: str = ""
    """`https://host/path/`, with its final slash, or empty."""
    repository: str = ""
    """Web address of the Git repository."""
    branch: str = "main"
    language: str = "en"
    author: str = ""
    contact: str = ""
    """E-mail or web address that `enrich` tells the services it asks; published nowhere."""
    show_abstracts: bool = True
    format: int = 1
    """Version of the record format in `content/`."""


class Override(msgspec.Struct, frozen=True):
    """One entry of `content/overrides.yaml`, resolved to a paper's slug."""

    slug: str
    line: int = 0
    """Where it stands in the file."""
    topics: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    pin: bool = False
    hide: bool = False
    note: str = ""
    links: tuple[Link, ...] = ()
    merge_into: str = ""
    """Slug of the record that this paper's is joined into."""
    distinct_from: tuple[str, ...] = ()
    """Slugs of papers that this one is not; of one that is no record yet, its arXiv id, DOI or `FILE:POSITION`."""
    address: str = ""
    """The new slug that the paper is given (`slug` in the file)."""
    fields: dict[str, Any] = {}
    """Corrected fields of the record."""
    abstract: str = ""
    """In place of the imported one."""
    why: str = ""
    by: str = ""
    date: str = ""


class Placement(msgspec.Struct, frozen=True):
    """The fact that a paper stands under a topic, with its reason."""

    topic: str
    score: float
    """1.0 for the curator's own word, else the similarity in [0, 1]."""
    words: tuple[str, ...] = ()
    """The words that decided, strongest first."""
    confirmed: bool = False
    """Placed by the curator."""


class Neighbour(msgspec.Struct, frozen=True):
    """A related paper, and why."""

    slug: str
    score: float
    because: tuple[str, ...]
    """Words that both papers have, the most telling first."""


class Entry(msgspec.Struct, frozen=True):
    """A paper as the build sees it: record, overrides, words and topics in one."""

    paper: Paper
    words: Words = Words()
    abstract: str = ""
    placements: tuple[Placement, ...] = ()
    """The primary topic first; empty when the paper fits none."""
    confidence: float = 0.0
    """How sure the primary placement is, in [0, 1]."""
    override: Override | None = None
    idle: tuple[str, ...] = ()
    """Topics that the override takes away though the paper would not stand there."""

    @property
    def slug(self) -> str:
        return self.paper.slug

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple([p.topic for p in self.placements])  # asked for often
