"""The command `build`. What is loaded first only tells whether there is anything to do."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sitegen.cli.saying import GOOD, PROBLEMS, print_json, say
from sitegen.errors import Problem, count
from sitegen.snapshot import Snapshot

if TYPE_CHECKING:
    from sitegen.build import Report


def run(options: argparse.Namespace) -> int:
    target: Path = options.output or options.site / "_site"
    chosen = arguments(options)
    seen = Snapshot(options.site, chosen)
    said = None if options.verify else seen.said(target)
    if said is not None:
        _again(said, options, target)
        return GOOD
    from sitegen import build, progress, verify

    with progress.bar("build") as advance:
        given = (options.base_url, options.lunr_json, options.repository)
        report = build.build(options.site, target, *given, progress=advance)
    seen.keep(target, {**report.as_json(), "seconds": {}})
    differing = verify.run(options.site, target, chosen) if options.verify else []
    say([*report.warnings, *differing], options)
    if options.json:
        print_json(report.as_json() | ({"differing": [p.as_json() for p in differing]} if options.verify else {}))
        return PROBLEMS if differing else GOOD
    if options.explain:
        print("\n".join(_reasons(report)))
    print("\n".join(report.lines()))
    print(f"{count(report.papers, 'paper')}, {count(report.pages, 'page')} in {target}")
    if options.verify:
        print(f"verified: {count(len(differing), 'file')} of {report.files} differ in a second build")
    return PROBLEMS if differing else GOOD


def arguments(options: argparse.Namespace) -> list[str]:
    """The options by which a site becomes another one, as arguments."""
    chosen = ["--lunr-json"] if options.lunr_json else []
    for name in ("base_url", "repository"):
        value = getattr(options, name)
        chosen += [] if value is None else [f"--{name.replace('_', '-')}={value}"]
    return chosen


def _again(said: dict[str, Any], options: argparse.Namespace, target: Path) -> None:
    """What an earlier build said, whose output is as it was."""
    say([Problem.of_json(warning) for warning in said["warnings"]], options)
    if options.json:
        print_json(said)
    else:
        print("nothing has changed")
        print(f"{count(said['papers'], 'paper')}, {count(said['pages'], 'page')} in {target}")


def _reasons(report: Report) -> list[str]:
    """A line for each thing that was made, and what had changed of that which it is made of."""
    return [f"{name}: {', '.join(reasons) or 'new'}" for name, reasons in report.made] or ["nothing was made anew"]
