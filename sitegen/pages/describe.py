"""What a page says to machines: `citation_*` tags, Open Graph, JSON-LD in the words of schema.org; and how to cite it.

Made from the finished pages, so that every kind of page is described in one place. JSON-LD and `og:url` need the
site's address. No page of a paper holds a number that another paper changes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from sitegen import cite, urls
from sitegen.cite import Work
from sitegen.cite.bibtex import bibtex
from sitegen.cite.highwire import highwire
from sitegen.cite.plain import STYLES
from sitegen.meta import Citation, Meta
from sitegen.model import Site
from sitegen.views import (
    AuthorsView,
    AuthorView,
    HomeView,
    IndexView,
    ListView,
    Page,
    PaperView,
    ReportView,
    Row,
    TopicsView,
    TopicView,
    View,
)
from sitegen.words import Words

CONTEXT = "https://schema.org"
Node = dict[str, Any]


def described(page: Page, work: Work | None, site: Site, words: Words, brief: bool = False) -> Page:
    """The page with its `meta`, and a paper's with its citations. `work`: the paper, of a paper's page; `brief`: pages
    of which there are many say things once."""
    if not page.listed:
        return page
    cited = highwire(work) if work else ()
    citations = itertools.islice(_citations(work), 1 if brief else None) if work else ()
    view = msgspec.structs.replace(page.view, citations=tuple(citations)) if work else page.view
    if brief and isinstance(view, PaperView | AuthorsView | AuthorView | ListView):
        return msgspec.structs.replace(page, description="", view=view, meta=Meta(cited), brief=True)
    social = tuple((f"og:{name}", text) for name, text in _social(page, site) if text)
    return msgspec.structs.replace(page, view=view, meta=Meta(cited, social, _linked(page, work, site, words)))


def _linked(page: Page, work: Work | None, site: Site, words: Words) -> Node:
    """The JSON-LD; empty without an address of the site."""
    graph = [_without_empty(node) for node in _graph(page, work, site, words)] if site.base_url else []
    return {"@context": CONTEXT, "@graph": graph} if graph else {}


def _citations(work: Work) -> Iterator[Citation]:
    """For the reader to copy, BibTeX first, without what the page says anyway."""
    short = msgspec.structs.replace(work, abstract="", keywords=(), also_titled=(), code_urls=())
    yield Citation("BibTeX", bibtex(short).rstrip())
    for name, write in STYLES.items():
        yield Citation(name, write(short))


def _social(page: Page, site: Site) -> Iterator[tuple[str, str]]:
    yield "type", "article" if isinstance(page.view, PaperView) else "website"
    yield "title", page.title
    yield "description", page.description
    yield "url", urls.absolute(page.permalink, site.base_url) if site.base_url else ""
    yield "site_name", site.title
    yield "locale", site.language.replace("-", "_")
    if site.base_url:
        folder = _topic_of(page.view)
        yield "image", urls.absolute(urls.card(folder or urls.HOME), site.base_url)
        yield "image:type", "image/png"
        yield "image:width", "1200"
        yield "image:height", "630"
        yield "image:alt", page.title if folder else site.title


def _topic_of(view: View) -> str:
    """The permalink of the topic whose card a page shows; empty for the site's."""
    if isinstance(view, PaperView) and view.topics:
        return "/" + view.topics[0].path
    return urls.topic(view.slug) if isinstance(view, TopicView) else ""


def _graph(page: Page, work: Work | None, site: Site, words: Words) -> Iterator[Node]:
    view, address = page.view, urls.absolute(page.permalink, site.base_url)
    if work and isinstance(view, PaperView):
        yield _article(work, view, address)
    elif isinstance(view, HomeView):
        yield _website(site)
    elif isinstance(view, TopicView):
        yield _collection(page, site, [*view.start, *view.rows, *view.also])
    elif isinstance(view, ListView | AuthorView):
        yield _collection(page, site, view.rows)
    elif isinstance(view, TopicsView | AuthorsView | IndexView):
        yield _collection(page, site)
    crumbs = [("/", site.title), *_above(view, page.permalink, words), (page.permalink, page.title)]
    if len(crumbs) > 2:
        yield {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": n, "name": name, "item": urls.absolute(path, site.base_url)}
                for n, (path, name) in enumerate(crumbs, 1)
            ],
        }


def _above(view: View, permalink: str, words: Words) -> Iterator[tuple[str, str]]:
    """The pages between home and this one."""
    if isinstance(view, TopicView):
        yield urls.TOPICS, words.topics
        if view.part.number > 1:
            yield "/" + view.part.pages[0].path, view.name
    elif isinstance(view, PaperView) and view.topics:
        yield from ((urls.TOPICS, words.topics), ("/" + view.topics[0].path, view.topics[0].name))
    elif isinstance(view, ReportView):
        yield urls.ABOUT, words.about
    else:
        for base, name in ((urls.YEARS, words.years), (urls.LISTS, words.lists), (urls.AUTHORS, words.authors)):
            if permalink.startswith(base) and permalink != base:
                yield base, name


def _website(site: Site) -> Node:
    search = urls.absolute(urls.SEARCH, site.base_url) + "?q={search_term_string}"
    return {
        "@type": "WebSite",
        "@id": site.base_url,
        "url": site.base_url,
        "name": site.title,
        "description": site.description,
        "inLanguage": site.language,
        "publisher": {"@type": "Organization", "name": site.author} if site.author else None,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    }


def _collection(page: Page, site: Site, rows: Sequence[Row] = ()) -> Node:
    address = urls.absolute(page.permalink, site.base_url)
    items = [
        {"@type": "ListItem", "position": n, "url": urls.absolute("/" + row.path, site.base_url)}
        for n, row in enumerate(rows, 1)
    ]
    return {
        "@type": "CollectionPage",
        "@id": address,
        "url": address,
        "name": page.title,
        "description": page.description,
        "inLanguage": site.language,
        "isPartOf": {"@type": "WebSite", "@id": site.base_url},
        "dateModified": page.updated,
        "mainEntity": {"@type": "ItemList", "itemListElement": items} if items else None,
    }


def _article(work: Work, view: PaperView, address: str) -> Node:
    doi, arxiv = work.any_doi, work.arxiv_id
    places = [work.url, *(link.url for link in view.links if link.kind in ("arxiv", "hf", "doi", "page"))]
    kind = "Periodical" if work.kind == "article-journal" else "CreativeWork"
    return {
        "@type": "ScholarlyArticle",
        "@id": address + "#paper",
        "mainEntityOfPage": address,
        "url": address,
        "name": view.title,
        "headline": view.title,
        "alternativeHeadline": list(view.also_titled),
        "author": [_author(name) for name in work.authors],
        "datePublished": work.original or work.issued,
        "description": view.tldr,
        "abstract": view.abstract,
        "isPartOf": {"@type": kind, "name": work.venue} if work.venue else None,
        "pagination": work.pages,
        "identifier": [
            {"@type": "PropertyValue", "propertyID": name, "value": value}
            for name, value in (("arXiv", arxiv), ("DOI", doi))
            if value
        ],
        "sameAs": list(dict.fromkeys(filter(urls.is_web_link, places))),
        "keywords": list(view.keywords),
        "isAccessibleForFree": True if arxiv or work.pdf_url else None,
    }


def _author(name: cite.Name) -> Node:
    if name.literal:
        return {"@type": "Organization" if " " in name.family else "Person", "name": name.family}
    return {"@type": "Person", "name": name.written}


def _without_empty(node: Node) -> Node:
    return {key: value for key, value in node.items() if value or value == 0}
