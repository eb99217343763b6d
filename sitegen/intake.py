"""`import`: read files, join what they hold into the store, say what happened. The first of the two compositions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from sitegen import ingest, near, store
from sitegen.errors import Problem, SiteError, Where
from sitegen.files import read_bytes
from sitegen.ingest.found import Found, Reading
from sitegen.merge import Catalogue, merge
from sitegen.model import Paper
from sitegen.text import cut

Progress = Callable[[int, int], None]


@dataclass
class Report:
    """What an import did. entries = new + merged + unchanged + rejected."""

    entries: int = 0
    papers: int = 0
    new: int = 0
    merged: int = 0
    unchanged: int = 0
    suspicious: int = 0
    rejected: int = 0
    unreadable: int = 0
    problems: list[Problem] = field(default_factory=list)


def expand(paths: Iterable[Path]) -> list[Path]:
    """The files that are meant: a folder means the files in it. Raises SiteError naming all that do not exist."""
    files, missing = [], []
    for path in paths:
        if path.is_dir():
            files += sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
        elif path.exists():
            files.append(path)
        else:
            missing.append(Problem(Where(str(path)), "does not exist", "check the name, and the folder you are in"))
    if missing:
        raise SiteError(missing)
    return files


def run(site: Path, paths: Sequence[Path], date: str = "", progress: Progress | None = None) -> Report:
    """Import files into a site. The store is written once, at the end, in one step a file.

    Raises SiteError when the store is broken or a path does not exist; then nothing is written.
    """
    content = site / "content"
    known = store.read(content)
    report = Report()
    files = expand(paths)
    papers, abstracts = dict(known.papers), dict(known.abstracts)
    catalogue = Catalogue(papers.values())
    fresh: list[str] = []
    for number, path in enumerate(files, 1):
        reading = read(path, date)
        report.problems += reading.notes + reading.rejected
        report.unreadable += reading.unreadable
        report.rejected += len(reading.rejected)
        for found in sorted(reading.found, key=lambda f: f.where.line):
            _admit(found, papers, abstracts, catalogue, fresh, report)
        if progress:
            progress(number, len(files))
    report.entries = report.new + report.merged + report.unchanged + report.rejected
    report.papers = len(papers)
    report.problems += _alike(papers, fresh)
    if (papers, abstracts) != (known.papers, known.abstracts):
        store.write(content, store.Store(papers, abstracts))
    return report


def read(path: Path, date: str = "") -> Reading:
    """What a file holds; a file that cannot be read is a reading too."""
    try:
        return ingest.read(read_bytes(path), path.name, date)
    except SiteError as error:
        return Reading(notes=error.problems, unreadable=True)


def _admit(
    found: Found,
    papers: dict[str, Paper],
    abstracts: dict[str, str],
    catalogue: Catalogue,
    fresh: list[str],
    report: Report,
) -> None:
    """One entry into the store: as a new paper, or joined into the one that it is."""
    odd = list(found.problems)
    matches = catalogue.find(found.paper)
    # An entry that came in before is the paper that it was joined to then, whatever else it has come to resemble.
    matches.sort(key=lambda slug: not {*found.paper.sources} & {*papers[slug].sources})
    if not matches:
        paper = msgspec.structs.replace(found.paper, slug=catalogue.address(found.paper))
        abstract = found.abstract
        fresh.append(paper.slug)
        report.new += 1
    else:
        here, newcomer = matches[0], found.paper
        if len(matches) > 1:
            newcomer = catalogue.without_others(found.paper, here)
            message = f'"{cut(found.paper.title, 60)}" is like {len(matches)} papers: {", ".join(matches)}'
            odd.append(Problem(found.where, message, "it was joined to the first; see which one it is", "warning"))
        result = merge(papers[here], abstracts.get(here, ""), newcomer, found.abstract)
        paper, abstract = result.paper, result.abstract
        same = paper == papers[here] and abstract == abstracts.get(here, "")
        report.unchanged += same
        report.merged += not same
        lost = [f"{here}: left out {what}" for what in result.lost]
        clash = [text for text in lost if "arxiv_id" in text or "doi " in text]
        odd += [
            Problem(found.where, text, "two papers of one title? then give one another title", "warning")
            for text in clash
        ]
        report.problems += [Problem(found.where, text, "", "note") for text in lost if text not in clash]
    report.suspicious += bool(odd)
    report.problems += odd
    papers[paper.slug] = paper
    catalogue.add(paper)
    if abstract:
        abstracts[paper.slug] = abstract


def _alike(papers: dict[str, Paper], fresh: list[str]) -> list[Problem]:
    """Notes about new papers whose title is nearly another's."""
    titles = {slug: paper.title for slug, paper in papers.items()}
    hint = "if they are one paper, give both the same arXiv id or DOI"
    return [
        Problem(Where("content/papers.jsonl"), f"{one} and {other} may be the same paper", hint, "note")
        for one, other in near.near_duplicates(titles, fresh)
    ]
