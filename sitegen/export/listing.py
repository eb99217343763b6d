"""What is exported: the papers, and the topics that they stand under."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from sitegen.model import Entry, Group, Site, Topic


class Listing(msgspec.Struct, frozen=True):
    """A list to export, or the part of it under one topic."""

    site: Site
    groups: tuple[Group, ...]
    entries: tuple[Entry, ...]
    topic: Topic | None = None
    """Only the papers under this topic, primary or secondary."""

    @property
    def title(self) -> str:
        return f"{self.topic.name} – {self.site.title}" if self.topic else self.site.title

    @property
    def papers(self) -> list[Entry]:
        """Sorted by slug."""
        topic = self.topic
        found = [e for e in self.entries if topic is None or topic.slug in e.topics]
        return sorted(found, key=lambda e: e.slug)

    def shelves(self) -> Iterator[tuple[str, list[tuple[Topic | None, list[Entry]]]]]:
        """Each group's name, with its topics that have papers; every paper once, under its primary topic.

        Papers without a topic come last, under no name. With `topic`: that one alone.
        """
        if self.topic:
            yield "", [(self.topic, self.papers)]
            return
        papers = self.papers
        for group in self.groups:
            topics = [(t, [e for e in papers if e.topics[:1] == (t.slug,)]) for t in group.topics]
            if shown := [(t, some) for t, some in topics if some]:
                yield group.name, list(shown)
        if rest := [e for e in papers if not e.topics]:
            yield "", [(None, rest)]
