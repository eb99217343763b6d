"""`place`: where papers that are not in the list would stand. Writes nothing."""

from __future__ import annotations

from pathlib import Path

from sitegen import build, intake, topics
from sitegen.errors import Problem, SiteError
from sitegen.model import Entry


def run(site: Path, file: Path) -> tuple[list[topics.Prediction], list[Problem]]:
    """Predictions in the order of the file, and what was wrong in it. Raises SiteError when it cannot be read."""
    content = build.load(site)
    reading = intake.read(file)
    if reading.unreadable:
        raise SiteError(reading.notes)
    entries = [Entry(found.paper, abstract=found.abstract) for found in reading.found if found.paper.title]
    return topics.judged(content.groups, content.entries, entries), reading.rejected
