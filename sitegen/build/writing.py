"""From a site in the making to its files: what is made of the same as before stays, the rest is made, staged, and moved
into its place."""

from __future__ import annotations

from pathlib import Path

from sitegen import output, snapshot
from sitegen.build import state
from sitegen.build.content import Content
from sitegen.build.making import Making, Unit
from sitegen.build.report import Report
from sitegen.build.state import Made, State
from sitegen.errors import count
from sitegen.memo import Memo


def write(site: Path, target: Path, content: Content, report: Report, memo: Memo, lunr_json: bool = False) -> State:
    """Bring the output up to date. Raises SiteError, and then it is as it was."""
    old = state.load(site, target)

    def known(unit: Unit, path: str) -> bytes | None:
        before = old.units.get(unit.name) if old else None
        return (target / path).read_bytes() if before and before.key == unit.key() else None

    making = Making(site, content, memo, lunr_json, known, keep=False)
    report.papers, report.topics, report.warnings = len(content.entries), len(content.topics), content.warnings
    with report.stage("relate"):
        report.counts["relate"] = count(sum(map(len, making.related.values())), "pair")
    with report.stage("compose"):
        report.pages = len(making.pages)
        report.counts["compose"] = count(report.pages, "page")
    with output.Staging(target) as staging:
        writing = _Writing(old, staging, report)
        for stage, units in making.stages():
            with report.stage(stage):
                report.counts[stage] = count(sum(writing.add(unit) for unit in units), "file")
        with report.stage("publish"):
            writing.add(making.report(writing.sizes))
            new = writing.publish()
            report.counts["publish"] = f"{count(report.files, 'file')}, {report.bytes / 1e6:.1f} MB"
    state.save(site, target, new)
    return new


class _Writing:
    """Units as they are added: those that changed are made and staged."""

    def __init__(self, old: State | None, staging: output.Staging, report: Report) -> None:
        self._old, self._staging, self._report = old, staging, report
        self._units: dict[str, Made] = {}
        self._moves: list[str] = []
        self._gone: set[str] = set()

    def add(self, unit: Unit) -> int:
        """Make a unit, if need be; returns how many files it has."""
        key = unit.key()
        before = self._old.units.get(unit.name) if self._old else None
        if before and before.key == key:
            self._units[unit.name] = before
            return len(before.files)
        files = unit.make()
        made = self._units[unit.name] = state.made(key, files)
        was = before.files if before else {}
        for path, data in files.items():
            if was.get(path) != made.files[path]:
                self._staging.write(path, data)
                self._moves.append(path)
        self._gone.update(was.keys() - files.keys())
        self._report.made.append((unit.name, _reasons(before, key)))
        return len(files)

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


def _reasons(before: Made | None, key: dict[str, bytes]) -> tuple[str, ...]:
    """What has changed of that which a unit is made of."""
    if before is None:
        return ()
    return tuple(sorted(name for name in {*key, *before.key} if key.get(name) != before.key.get(name)))


def _turn(path: str) -> tuple[int, str]:
    """When a file is moved: first what pages load, then pages, then what leads to them, the worker last of all. So no
    reader meets a page whose parts are missing."""
    name = path.rsplit("/", 1)[-1]
    if path.startswith(("assets/", "search/", "map/")) and name not in ("manifest.json", "index.html"):
        return 0, path
    if path.startswith("papers/"):
        return 1, path
    return (3, path) if path == "sw.js" else (2, path)
