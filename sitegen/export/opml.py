"""OPML 2.0: topics as outlines with their papers as links, for outliners; topic feeds first, for feed readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sitegen import cite, urls
from sitegen.export.listing import Listing
from sitegen.text import visible

if TYPE_CHECKING:  # a build needs none of it
    from xml.etree import ElementTree as ET


def opml(listing: Listing) -> str:
    """The whole list; every paper once, under its primary topic. Feeds only where the site has an address."""
    from xml.etree import ElementTree as ET

    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = visible(listing.title)
    body = ET.SubElement(root, "body")
    if listing.site.base_url:
        _feeds(listing, body)
    for group, topics in listing.shelves():
        above = _outline(body, group) if group else body
        for topic, entries in topics:
            shelf = _outline(above, topic.name if topic else "Without a topic")
            for entry in entries:
                address = cite.address(entry.paper)
                link = {"type": "link", "url": address} if address else {}
                _outline(shelf, entry.paper.title, **link)
    ET.indent(root, "")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _feeds(listing: Listing, body: ET.Element) -> None:
    above = _outline(body, "Feeds")
    base = listing.site.base_url
    topics = [topic for group in listing.groups for topic in group.topics]
    feeds = [] if listing.topic else [(listing.site.title, base)]
    feeds += [(t.name, urls.absolute(urls.topic(t.slug), base)) for t in topics if listing.topic in (None, t)]
    for name, address in feeds:
        _outline(above, name, type="rss", title=visible(name), xmlUrl=address + "feed.xml", htmlUrl=address)


def _outline(parent: ET.Element, text: str, **attributes: str) -> ET.Element:
    from xml.etree import ElementTree as ET

    return ET.SubElement(parent, "outline", {"text": visible(text), **attributes})
