"""A paper's own page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sitegen import tex, urls
from sitegen.model import Entry, Paper, Topic
from sitegen.text import cut, unique
from sitegen.views import Anchor, Outlink, Page, PaperView, Reason, Related, Suggestion
from sitegen.words import Words

_IN_DOI = "/:;()-._~!$&'*+,=@"
"""Characters that a DOI may hold and a link need not escape."""


def outlinks(paper: Paper, words: Words) -> Iterator[Outlink]:
    """Where the paper and what belongs to it can be had. What a record calls a link and is none is left out."""
    return (link for link in _outlinks(paper, words) if urls.is_web_link(link.url))


def _outlinks(paper: Paper, words: Words) -> Iterator[Outlink]:
    if paper.arxiv_id:
        yield Outlink("arxiv", "arXiv", f"https://arxiv.org/abs/{paper.arxiv_id}")
        yield Outlink("pdf", "PDF", f"https://arxiv.org/pdf/{paper.arxiv_id}")
        yield Outlink("hf", "Hugging Face", f"https://huggingface.co/papers/{paper.arxiv_id}")
    elif paper.pdf_url:
        yield Outlink("pdf", "PDF", paper.pdf_url)
    if paper.doi:
        yield Outlink("doi", "DOI", f"https://doi.org/{urls.quoted(paper.doi, _IN_DOI)}")
    if paper.url and "arxiv.org/abs/" not in paper.url:
        yield Outlink("page", words.page, paper.url)
    for url in paper.code_urls:
        yield Outlink("code", words.code, url)


def _reasons(entry: Entry, topics: Mapping[str, Topic], groups: Mapping[str, str]) -> Iterator[Reason]:
    """The curator's reason stands with the first of the curator's own placements."""
    why = entry.override.why if entry.override else ""
    first = next((placement for placement in entry.placements if placement.confirmed), None)
    for placement in entry.placements:
        topic = topics[placement.topic]
        said = why if placement is first else ""
        path = urls.topic(topic.slug)[1:]
        yield Reason(topic.name, path, groups[topic.slug], placement.confirmed, said, placement.words)


def paper_page(
    entry: Entry,
    words: Words,
    topics: Mapping[str, Topic],
    groups: Mapping[str, str],
    authors: tuple[Anchor, ...],
    lists: Sequence[Anchor],
    around: tuple[Anchor | None, Anchor | None],
    suggestion: Suggestion | None,
    show_abstract: bool,
    related: tuple[Related, ...] = (),
    was: tuple[str, ...] = (),
) -> Page:
    """The page, without its Markdown. `groups`: topic slug -> group slug; `around`: the papers before and after it in
    its topic; `was`: the paper's former slugs."""
    paper, own_words, override = entry.paper, entry.words, entry.override
    own = [Outlink("own", link.name, link.url) for link in (override.links if override else ())]
    view = PaperView(
        paper.slug,
        paper.title,
        paper.also_titled,
        authors,
        paper.published,
        paper.venue,
        (*outlinks(paper, words), *own),
        own_words.tldr,
        own_words.summary,
        entry.abstract if show_abstract else "",
        tuple(unique((*own_words.keywords, *paper.keywords))),
        override.note if override else "",
        tuple(_reasons(entry, topics, groups)),
        related,
        tuple(dict.fromkeys(lists)),
        around[0],
        around[1],
        suggestion,
        was,
    )
    said = (
        own_words.tldr
        or own_words.summary
        or view.abstract
        or f"{paper.title}, {', '.join(paper.authors[:3])}".rstrip(", ")
    )
    permalink = urls.paper(paper.slug)
    return Page(permalink, "paper.html", tex.plain(paper.title), cut(tex.plain(said), 200), view)
