"""How a reader suggests a change: the lines of YAML to change, the editor that opens their file, and a form for words.

A link is made only for a host whose addresses are known; for another one the lines and the repository are all there is.
"""

from __future__ import annotations

import functools
from urllib.parse import quote, urlsplit

from sitegen import urls
from sitegen.model import Entry, Site, Topic
from sitegen.splice.values import rendered
from sitegen.text import cut
from sitegen.views import Suggestion

FORM = "suggest-a-change.yml"
"""The issue form in `.github/ISSUE_TEMPLATE/`; `page` is the id of its first field."""
# Of each host: its name, where its editor opens a file, where an issue is begun, and the names of the issue's fields.
_HOSTS = {
    "github.com": ("GitHub", "/edit/{branch}/{file}", "/issues/new", "title", "page", {"template": FORM}),
    "gitlab.com": ("GitLab", "/-/edit/{branch}/{file}", "/-/issues/new", "issue[title]", "issue[description]", {}),
    "codeberg.org": ("Codeberg", "/_edit/{branch}/{file}", "/issues/new", "title", "body", {}),
}


def for_paper(site: Site, entry: Entry) -> Suggestion | None:
    """The override that would leave everything as it is, in the form that the file has, or the short one."""
    override = entry.override
    slug = override.slug if override else entry.slug
    topics = list(entry.topics) or ["topic"]
    long = override and (
        override.why or override.fields or override.note or override.links or override.pin or override.abstract
    )
    if long:
        lines = f"{rendered(slug, True)}:\n  topics: {rendered(topics, True)}"
    else:
        lines = f"{rendered(slug, True)}: {rendered(topics, True)}"
    return _suggestion(site, "content/overrides.yaml", lines, entry.paper.title, urls.paper(entry.slug))


def for_topic(site: Site, topic: Topic) -> Suggestion | None:
    """The lines that stand first in the topic's entry."""
    lines = f"slug: {rendered(topic.slug, False)}\nname: {rendered(topic.name, False)}"
    return _suggestion(site, "content/topics.yaml", lines, topic.name, urls.topic(topic.slug))


def _suggestion(site: Site, file: str, lines: str, subject: str, permalink: str) -> Suggestion | None:
    """None without a repository."""
    repository = site.repository.rstrip("/").removesuffix(".git")
    if not repository:
        return None
    known = _HOSTS.get(_host(repository))
    if known is None:
        return Suggestion(file, lines, repository)
    host, editor, issues, title, page, more = known
    address = urls.absolute(permalink, site.base_url) if site.base_url else permalink
    fields = {**more, title: cut(subject, 80), page: address}
    asked = "&".join(f"{urls.quoted(name, '')}={urls.quoted(text, '')}" for name, text in fields.items())
    edit = repository + editor.format(branch=quote(site.branch, safe="/"), file=file)
    return Suggestion(file, lines, repository, host, edit, f"{repository}{issues}?{asked}")


@functools.lru_cache(maxsize=64)
def _host(repository: str) -> str:
    return (urlsplit(repository).hostname or "").removeprefix("www.")
