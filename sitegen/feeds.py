"""Files for feed readers, crawlers, browsers and assistants: Atom, JSON Feed, sitemap, robots, OpenSearch, llms.txt.

Atom 1.0 (RFC 4287), JSON Feed 1.1, sitemaps.org 0.9, OpenSearch 1.1, llmstxt.org. Ids are the papers' permanent
addresses; times come from content only, so a paper without a date is left out of the feeds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from sitegen import cite, dates, tex, urls
from sitegen.markdown import quote
from sitegen.model import Entry, Group, Site, Topic
from sitegen.text import cut
from sitegen.words import Words

ENTRIES = 50
SITEMAP_URLS = 50_000
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_XML = '<?xml version="1.0" encoding="utf-8"?>\n'


def escape(text: str) -> str:
    """Text for XML 1.0, without the characters that it forbids."""
    text = text if text.isprintable() else _NOT_IN_XML.sub("", text)
    return text.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")


def quoteattr(text: str) -> str:
    """An attribute's value with its quotes: double ones, where it does not hold these alone."""
    text = escape(text).replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
    if '"' in text and "'" not in text:
        return f"'{text}'"
    return '"' + text.replace('"', "&quot;") + '"'


def atom(site: Site, entries: Iterable[Entry], permalink: str, title: str, topics: dict[str, Topic]) -> str:
    """The newest 50 papers as an Atom feed. `permalink`: the folder that the feed lies in."""
    items = newest(entries)
    home = urls.absolute(permalink, site.base_url)
    lines = [
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(site.language)}>',
        f"<id>{escape(home)}</id>",
        f"<title>{escape(title)}</title>",
        f"<updated>{dates.timestamp(max((_updated(e) for e in items), default='1970'))}</updated>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(home + "feed.xml")}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(home)}/>',
        f"<author><name>{escape(site.author or site.title)}</name></author>",
        *(_item(site, entry, topics) for entry in items),
        "</feed>\n",
    ]
    return _XML + "\n".join(lines)


def both(site: Site, entries: Sequence[Entry], permalink: str, title: str, topics: dict[str, Topic]) -> dict[str, str]:
    """The two feeds that lie in one folder, by output path."""
    folder = permalink[1:]
    return {
        f"{folder}feed.xml": atom(site, entries, permalink, title, topics),
        f"{folder}feed.json": json_feed(site, entries, permalink, title, topics),
    }


def newest(entries: Iterable[Entry]) -> list[Entry]:
    """The papers that a feed tells of, the newest first; those without a date are left out."""
    dated = (entry for entry in entries if entry.paper.published)
    return sorted(dated, key=lambda e: (e.paper.published, e.slug), reverse=True)[:ENTRIES]


def _updated(entry: Entry) -> str:
    return max(entry.paper.published, entry.override.date if entry.override else "")


def _item(site: Site, entry: Entry, topics: dict[str, Topic]) -> str:
    address = escape(urls.absolute(urls.paper(entry.slug), site.base_url))
    paper = entry.paper
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in paper.authors)
    kinds = "".join(f"<category term={quoteattr(t)} label={quoteattr(topics[t].name)}/>" for t in entry.topics)
    summary = tex.plain(" ".join(filter(None, [entry.words.tldr, entry.words.summary])) or paper.title)
    return (
        f"<entry><id>{address}</id><title>{escape(tex.plain(paper.title))}</title>"
        f'<link rel="alternate" type="text/html" href="{address}"/>'
        f"<published>{dates.timestamp(paper.published)}</published><updated>{dates.timestamp(_updated(entry))}</updated>"
        f"{authors}{kinds}<summary>{escape(summary)}</summary></entry>"
    )


def json_feed(site: Site, entries: Iterable[Entry], permalink: str, title: str, topics: dict[str, Topic]) -> str:
    """The same feed as JSON Feed 1.1."""
    home = urls.absolute(permalink, site.base_url)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": home,
        "feed_url": home + "feed.json",
        "description": site.description,
        "language": site.language,
        "authors": [{"name": site.author or site.title}],
        "items": [_json_item(site, entry, topics) for entry in newest(entries)],
    }
    data = msgspec.json.encode({key: value for key, value in feed.items() if value != ""})
    return msgspec.json.format(data, indent=1).decode() + "\n"


def _json_item(site: Site, entry: Entry, topics: dict[str, Topic]) -> dict[str, object]:
    address, paper = urls.absolute(urls.paper(entry.slug), site.base_url), entry.paper
    item = {
        "id": address,
        "url": address,
        "external_url": cite.address(paper),
        "title": tex.plain(paper.title),
        "content_text": tex.plain(" ".join(filter(None, [entry.words.tldr, entry.words.summary])) or paper.title),
        "date_published": dates.timestamp(paper.published),
        "date_modified": dates.timestamp(_updated(entry)),
        "authors": [{"name": name} for name in paper.authors],
        "tags": [topics[topic].name for topic in entry.topics],
    }
    return {key: value for key, value in item.items() if value}


class Address(Protocol):
    """A page, as a sitemap names it."""

    @property
    def permalink(self) -> str: ...
    @property
    def updated(self) -> str:
        """YYYY[-MM[-DD]] of the newest thing on it, or empty."""

    @property
    def listed(self) -> bool: ...


def sitemaps(site: Site, pages: Iterable[Address]) -> dict[str, str]:
    """`sitemap.xml`, and its parts when there are more than 50,000 addresses. By output path."""
    listed = [page for page in pages if page.listed]
    parts = [listed[i : i + SITEMAP_URLS] for i in range(0, len(listed), SITEMAP_URLS)] or [[]]
    if len(parts) == 1:
        return {"sitemap.xml": _sitemap(site, parts[0])}
    files = {f"sitemap-{n}.xml": _sitemap(site, part) for n, part in enumerate(parts, 1)}
    names = "\n".join(f"<sitemap><loc>{escape(site.base_url + name)}</loc></sitemap>" for name in files)
    index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{names}\n</sitemapindex>\n'
    return {"sitemap.xml": _XML + index, **files}


def _sitemap(site: Site, pages: Sequence[Address]) -> str:
    lines = []
    for page in pages:
        changed = f"<lastmod>{page.updated}</lastmod>" if page.updated else ""
        lines.append(f"<url><loc>{escape(urls.absolute(page.permalink, site.base_url))}</loc>{changed}</url>")
    body = "\n".join(lines)
    return f'{_XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{body}\n</urlset>\n'


def llms(site: Site, groups: Iterable[Group], words: Words, references: bool = True) -> str:
    """`llms.txt`: where an assistant finds what in plain text. Links lead to Markdown and to the data. `references`:
    whether the files for reference managers hold the whole list."""
    lines = [f"# {quote(site.title)}", ""]
    if site.description:
        lines += [f"> {quote(site.description)}", ""]
    for group in groups:
        topics = [
            f"{_llms_link(site, t.name, urls.topic(t.slug) + 'index.md')}: {quote(t.scope)}" for t in group.topics
        ]
        lines += [f"## {quote(group.name)}", "", *(line.removesuffix(": ") for line in topics), ""]
    data = (("BibTeX", "/papers.bib"), ("RIS", "/papers.ris"), ("CSL-JSON", "/papers.csl.json"))
    optional = ((words.home, "/index.md"), (words.topics, "/topics/index.md"), (words.years, "/years/index.md"))
    lines += [f"## {words.data}", "", *(_llms_link(site, *link) for link in data), ""] if references else []
    lines += ["## Optional", "", *(_llms_link(site, *link) for link in optional)]
    return "\n".join([*lines, _llms_link(site, words.about, "/about/index.md"), ""])


def _llms_link(site: Site, name: str, permalink: str) -> str:
    return f"- [{quote(name)}]({urls.absolute(permalink, site.base_url)})"


def robots(site: Site) -> str:
    """`robots.txt`: all may read everything; where the sitemap is."""
    sitemap = f"\nSitemap: {site.base_url}sitemap.xml\n" if site.base_url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}"


def opensearch(site: Site, words: Words) -> str:
    """The OpenSearch description, by which a browser can add the search to its own."""
    template = urls.absolute(urls.SEARCH, site.base_url) + "?q={searchTerms}"
    own = site.base_url + "opensearch.xml"
    lines = [
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
        f"<ShortName>{escape(cut(site.title, 16))}</ShortName>",
        f"<LongName>{escape(cut(site.title, 48))}</LongName>",
        f"<Description>{escape(cut(words.search_the_papers_of(site=site.title), 1024))}</Description>",
        "<InputEncoding>UTF-8</InputEncoding>",
        f'<Url type="text/html" method="get" template={quoteattr(template)}/>',
        f'<Url type="application/opensearchdescription+xml" rel="self" template={quoteattr(own)}/>',
        "</OpenSearchDescription>\n",
    ]
    return _XML + "\n".join(lines)
