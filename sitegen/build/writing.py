"""From a site in the making to its files: what is made of the same as before stays, the rest is made, staged, and moved
into its place."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

from sitegen import output, search, snapshot
from sitegen.build import heap, state
from sitegen.build.content import Content
from sitegen.build.making import Making
from sitegen.build.report import Report
from sitegen.build.state import Made, State
from sitegen.build.units import Unit, Units
from sitegen.errors import count
from sitegen.memo import Memo
from sitegen.pages import digest


def write(site: Path, target: Path, content: Content, report: Report, memo: Memo, lunr_json: bool = False) -> State:
    """Bring the output up to date. Raises SiteError, and then it is as it was."""
    old = state.load(site, target)

    def known() -> bytes | None:
        before = old.units.get("search") if old else None
        return (
            (target / search.MANIFEST).read_bytes()
            if before and before.seal == digest(units.search().facts())
            else None
        )

    making = Making(site, content, memo, lunr_json, known, report.shared, keep=False)
    units = Units(making)
    report.papers, report.topics, report.warnings = len(content.entries), len(content.topics), content.warnings
    with report.stage("relate"):
        report.counts["relate"] = count(sum(map(len, making.related.values())), "pair")
    heap.trim()
    with output.Staging(target, whole=old is None) as staging:
        writing = _Writing(old, staging, report)
        for stage, some in units.stages():
            with report.stage(stage):
                if stage == "render":
                    paths = writing.add([*some])
                else:  # one after another: what they share is made bit by bit
                    paths = [path for unit in some for path in writing.add([unit])]
                report.counts[stage] = _counted(stage, paths)
            heap.trim()
        report.pages = len(making.pages)
        report.counts["compose"] = count(report.pages, "page")
        with report.stage("publish"):
            writing.add([units.report(writing.sizes)])
            new = writing.publish()
            report.counts["publish"] = f"{count(report.files, 'file')}, {report.bytes / 1e6:.1f} MB"
    state.save(site, target, new)
    return new


class _Writing:
    """Units as they are added: those that changed are made and staged."""

    def __init__(self, old: State | None, staging: output.Staging, report: Report) -> None:
        self._old, self._staging, self._report = old, staging, report
        self._units: dict[str, Made] = {}
        self._moves: list[tuple[str, str]] = []
        """Names of staged files, and where they belong."""
        self._gone: set[str] = set()

    def add(self, units: Sequence[Unit]) -> list[str]:
        """Make those units that need it; returns the paths of all their files."""
        changed = list[tuple[Unit, Made]]()
        for unit in units:
            before, facts = self._before(unit), unit.facts()
            if before is None or before.seal != digest(facts):
                begun = state.begun(facts)
                changed.append((unit, begun))
                self._report.made.append((unit.name, state.reasons(before, begun, facts)))
                before = begun  # its place among the others
            self._units[unit.name] = before
        found = itertools.chain.from_iterable(self._report.shared(changed, self._made))
        for (unit, _), (made, moves) in zip(changed, found, strict=True):
            before = self._before(unit)
            self._units[unit.name] = made
            self._moves += moves
            self._gone.update(before.files.keys() - made.files.keys() if before else ())
        return [path for unit in units for path in self._units[unit.name].files]

    def _before(self, unit: Unit) -> Made | None:
        return self._old.units.get(unit.name) if self._old else None

    def _made(self, units: Sequence[tuple[Unit, Made]]) -> list[tuple[Made, list[tuple[str, str]]]]:
        """Make units, and stage what is new in them; returns what they are, with the moves of what is staged."""
        found = []
        for unit, begun in units:
            files, before = unit.make(), self._before(unit)
            made, was = state.made(begun, files), before.files if before else {}
            new = [(path, data) for path, data in files.items() if was.get(path) != made.files[path]]
            found.append((made, [(self._staging.write(path, data), path) for path, data in new]))
        return found

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes of all files so far, by output path."""
        return {path: size for unit in self._units.values() for path, (_, size) in unit.files.items()}

    def publish(self) -> State:
        """Move what is staged into its place, and remove what no unit has any more."""
        new, sizes = State(snapshot.version(), self._units), self.sizes
        self._report.files, self._report.bytes = len(sizes), sum(sizes.values())
        if self._old is None:
            self._staging.publish(new.holds)
            return new
        left = self._old.units.keys() - self._units.keys()
        self._gone.update(path for name in left for path in self._old.units[name].files)
        self._staging.patch(sorted(self._moves, key=_turn), self._gone - sizes.keys(), new.holds)
        return new


def _counted(stage: str, paths: Sequence[str]) -> str:
    """How much a stage made, in words."""
    if stage == "feeds":
        return count(sum(path.endswith("feed.xml") for path in paths), "feed")
    return count(len(paths), {"cards": "card"}.get(stage, "file"))


def _turn(move: tuple[str, str]) -> tuple[int, str]:
    """When a file is moved: first what pages load, then pages, then what leads to them, the worker last of all. So no
    reader meets a page whose parts are missing."""
    path = move[1]
    name = path.rsplit("/", 1)[-1]
    if path.startswith(("assets/", "search/", "map/")) and name not in ("manifest.json", "index.html"):
        return 0, path
    if path.startswith("papers/"):
        return 1, path
    return (3, path) if path == "sw.js" else (2, path)
