"""`build`: from content to a site, one line per stage. The second of the two compositions, and the only one to see all.

read -> curate -> place -> relate -> index -> compose -> render -> feeds -> publish
"""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

from sitegen import lock, output
from sitegen.build.content import Content, find, load, namer, ranked, related, schemas, stale_schemas
from sitegen.build.lasting import Lasting
from sitegen.build.making import Making
from sitegen.build.report import Progress, Report
from sitegen.build.units import Units
from sitegen.build.writing import write
from sitegen.errors import count

__all__ = [
    "Content",
    "Making",
    "Report",
    "Units",
    "build",
    "find",
    "load",
    "made",
    "namer",
    "ranked",
    "related",
    "schemas",
    "stale_schemas",
]

PATIENCE = 60.0
"""Seconds to wait for another build of the same site."""


def build(
    site: Path,
    target: Path | None = None,
    base_url: str | None = None,
    lunr_json: bool = False,
    repository: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Build the site into `target` (default `_site`). Raises SiteError, and then the old site is as it was.

    `lunr_json`: also write the search index in lunr's own form, for other programs; `progress` hears how far it is."""
    report = Report(progress=progress) if progress else Report()
    target = target or site / "_site"
    output.check_target(target, site)
    memo = Lasting(site)
    output.recover(target)
    with report.stage("read"):
        content = load(site, base_url, repository, memo)
        report.counts["read"] = count(len(content.entries), "paper")
    with lock.held(site, "output", "sitegen build", PATIENCE) if os.access(site, os.W_OK) else nullcontext():
        write(site, target, content, report, memo, lunr_json)
    return report


def made(site: Path, content: Content, report: Report, lunr_json: bool = False) -> dict[str, bytes]:
    """Every file of the site, by output path; nothing is written. Raises SiteError for a wrong template."""
    return Units(Making(site, content, lunr_json=lunr_json, keep=False)).all(report)
