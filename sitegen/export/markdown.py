"""Markdown: a list in the manner of the "awesome" lists, a heading per group and topic and a line per paper."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen import cite
from sitegen.export.listing import Listing
from sitegen.markdown import quote
from sitegen.model import Entry


def markdown(listing: Listing) -> str:
    """The whole list; every paper once, under its primary topic."""
    return "\n".join(_lines(listing)) + "\n"


def _lines(listing: Listing) -> Iterator[str]:
    yield f"# {quote(listing.title)}"
    about = listing.topic.scope if listing.topic else listing.site.description
    if about:
        yield from ("", quote(about))
    for group, topics in listing.shelves():
        if group:
            yield from ("", f"## {quote(group)}")
        for topic, entries in topics:
            if listing.topic is None:
                yield from ("", f"### {quote(topic.name if topic else 'Without a topic')}")
            yield from ("", *map(_item, entries))


def _item(entry: Entry) -> str:
    paper = entry.paper
    url = cite.address(paper)
    title = f"[{quote(paper.title)}](<{url}>)" if url else quote(paper.title)
    facts = [", ".join(paper.authors), paper.venue or paper.published[:4]]
    said = [quote(". ".join(filter(None, facts))), quote(entry.words.tldr)]
    return " ".join(["-", title, *(f"– {text}" for text in said if text)])
