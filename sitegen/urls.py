"""The only place that turns a slug into a permalink, an output path and a link.

A permalink is rooted at the site: `/papers/lora/`. Its page lies at `papers/lora/index.html`. Links between pages are
relative, so that a site works at a domain's root, under `/repo/`, and from a folder.
"""

from __future__ import annotations

import functools
import re
from urllib.parse import quote, urlsplit

_WEB_LINK = re.compile(r"https?://[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*(?:/[A-Za-z0-9_.~/?=&%+,:;@()!$'*#-]*)?")
"""Links in their most common form; of others `urlsplit` has the word."""
_NOT_IN_LINKS = re.compile(r'[ <>"\\^`{|}]')

_ODD = re.compile(r"[^A-Za-z0-9_.~-]+")
_ADDRESS = re.compile(r"[A-Za-z0-9_.~/#?=&-]*")
"""An address in which nothing is."""

HOME = "/"
TOPICS = "/topics/"
YEARS = "/years/"
LISTS = "/lists/"
AUTHORS = "/authors/"
SEARCH = "/search/"
MAP = "/map/"
ABOUT = "/about/"
REPORT = "/about/report/"
MY_LIST = "/my/"
OFFLINE = "/offline.html"
NOT_FOUND = "/404.html"


def paper(slug: str) -> str:
    return f"/papers/{slug}/"


def topic(slug: str) -> str:
    return f"/topics/{slug}/"


def year(name: str) -> str:
    return f"/years/{name}/"


def author(slug: str) -> str:
    return f"/authors/{slug}/"


def author_shelf(prefix: str) -> str:
    """The page of the authors whose names begin so: `/authors/l/`, and below it `/authors/l/li/`."""
    return f"/authors/{prefix}/" if len(prefix) == 1 or prefix == "other" else f"/authors/{prefix[0]}/{prefix}/"


def capture_list(slug: str) -> str:
    return f"/lists/{slug}/"


def card(folder: str) -> str:
    """The social card of the site, or of the topic, whose permalink this is."""
    return f"{folder}card.png"


def output_path(permalink: str) -> str:
    """Where the page of a permalink lies in the output, `/`-separated, relative to its root."""
    return permalink[1:] + "index.html" if permalink.endswith("/") else permalink[1:]


def root(permalink: str) -> str:
    """The relative way from a page to the site's root: `../../` for `/papers/x/`, `./` for home."""
    return "../" * (permalink.count("/") - 1) or "./"


def relative(permalink: str, base: str) -> str:
    """The link to a permalink from the page at the permalink `base`."""
    way = root(base)
    return way + permalink[1:] if way != "./" or permalink == "/" else permalink[1:]


def absolute(permalink: str, base_url: str) -> str:
    """The full address of a permalink. `base_url` ends in a slash."""
    path = permalink[1:]
    return base_url + (path if _ADDRESS.fullmatch(path) else quote(path, safe="/#?=&"))


def quoted(text: str, safe: str = "/") -> str:
    """Text as a part of an address: what `urllib.parse.quote` makes of it, which is slow at what is mostly words."""
    return _ODD.sub(lambda match: _percent(match[0], safe), text)


_percent = functools.lru_cache(maxsize=4096)(quote)


def base_path(base_url: str) -> str:
    """The path under which a site lives: `/reading-list/`, or `/`."""
    return urlsplit(base_url).path or "/"


def base_url(text: str) -> str | None:
    """A site's address with its final slash, or None when it is none: `https://host/path/`, no query, no fragment."""
    if not is_web_link(text) or "?" in text or "#" in text:
        return None
    return text if text.endswith("/") else text + "/"


def is_web_link(url: str) -> bool:
    """Whether a link is absolute http(s) with a host, and free of spaces and control characters."""
    if _WEB_LINK.fullmatch(url):
        return True
    if not url.isprintable() or _NOT_IN_LINKS.search(url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False
