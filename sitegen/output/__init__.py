"""Publishing: everything is composed and checked before the live site changes.

A clean build is staged beside the output and exchanged with it in one step where the system can (Linux); elsewhere by
two renames, and a run that was cut off between them is mended by the next. What changes less is staged, too, and then
moved into its place file by file, under a journal (`patch`).
Output is written only where sitegen made it (a marker file says so) or into an empty folder. The marker names what the
output holds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from sitegen.errors import Problem, SiteError, Where, fail
from sitegen.output.folders import MARKER, held, is_empty, is_ours, old
from sitegen.output.staging import Staging, recover

Files = Mapping[str, bytes]
"""Output path, `/`-separated -> bytes."""

__all__ = ["MARKER", "Files", "Staging", "check_paths", "check_target", "held", "publish", "recover"]


def check_paths(paths: Collection[tuple[str, str]]) -> None:
    """Refuse two sources for one output file, also where letters differ in case only. (path, what makes it)"""
    if len({path.casefold() for path, _ in paths}) == len(paths):
        return
    makers: dict[str, tuple[str, str]] = {}
    problems = []
    for path, maker in paths:
        first = makers.get(path.casefold())
        makers.setdefault(path.casefold(), (path, maker))
        if first:
            where = f"{path} and {first[0]}, which some disks hold for the same" if path != first[0] else path
            message = f"{first[1]} and {maker} would both be written to {where}"
            problems.append(Problem(Where("content"), message, "give one of them another name"))
    if problems:
        raise SiteError(problems)


def check_target(output: Path, site: Path) -> None:
    """Refuse an output folder that is not ours to replace."""
    target, home = output.resolve(), site.resolve()
    if target == home or target in home.parents:
        raise fail(str(output), "is the site's own folder or one above it", "choose another --output")
    if target.is_relative_to(home / "content") or target.is_relative_to(home / "templates"):
        raise fail(str(output), "lies among the site's sources", "choose another --output")
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise fail(str(output), "is not a folder", "choose another --output")
    for folder in (output, old(output)):
        if (folder.exists() or folder.is_symlink()) and not is_ours(folder) and not is_empty(folder):
            hint = "choose another --output, or empty the folder yourself if nothing in it is needed"
            raise fail(str(folder), "holds files that sitegen did not make", hint)


def publish(output: Path, files: Files) -> None:
    """Replace the output folder by these files. On any failure the old site stays as it was."""
    with Staging(output) as staging:
        for path, data in sorted(files.items()):
            staging.write(path, data)
        staging.publish()
