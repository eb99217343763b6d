"""The commands that a curator asks the list with."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

from sitegen.cli.saying import GOOD, print_json, say

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def commands(command: Command) -> tuple[argparse.ArgumentParser, ...]:
    """The commands that say something about the papers."""
    placing = command("place", _place, "Place papers that are not in the list under its topics; writes nothing.")
    placing.add_argument("file", type=Path, metavar="FILE", help="papers in any form that import reads")
    relating = command("related", _related, "Show the papers nearest to one, and the words that they share.")
    relating.add_argument("paper", metavar="PAPER", help="slug, arXiv id, or start of the title")
    explaining = command(
        "explain", _explain, "Say why a paper stands where it stands, and where each field comes from."
    )
    explaining.add_argument("paper", metavar="PAPER", help="slug, arXiv id, or start of the title")
    judging = command(
        "evaluate", _evaluate, "Measure how well topics are placed, by cross-validation or on a labelled file."
    )
    labels = "JSON Lines with title, abstract, primary (a topic or none), secondary"
    judging.add_argument("file", nargs="?", type=Path, metavar="FILE", help=labels)
    comparing = command("diff", _diff, "Show which papers and pages differ from a git revision.")
    comparing.add_argument("revision", nargs="?", default="HEAD", metavar="REV", help="default: HEAD, the last commit")
    comparing.add_argument("--markdown", action="store_true", help="as a comment for a pull request")
    reviewing = command("review", _review, "Show what is worth a look; in a terminal, ask, and write the overrides.")
    return placing, relating, explaining, judging, comparing, reviewing


def _place(options: argparse.Namespace) -> int:
    from sitegen import place

    predictions, problems = place.run(options.site, options.file)
    say(problems, options)
    if options.json:
        print_json({"predictions": [prediction.as_json() for prediction in predictions]})
    for prediction in () if options.json else predictions:
        print(prediction)
    return GOOD


def _related(options: argparse.Namespace) -> int:
    from sitegen import build

    content = build.load(options.site)
    titles = {entry.slug: entry.paper.title for entry in content.entries}
    near = build.related(content, options.paper)
    if options.json:
        found = [{"slug": n.slug, "title": titles[n.slug], "score": n.score, "because": list(n.because)} for n in near]
        print_json({"related": found})
    for n in () if options.json else near:
        print(f"{n.score:.3f}  {titles[n.slug]}\n       {', '.join(n.because)}")
    return GOOD


def _explain(options: argparse.Namespace) -> int:
    from sitegen import explain

    explanation = explain.run(options.site, options.paper)
    if options.json:
        print_json(explanation.as_json())
    else:
        print(explanation)
    return GOOD


def _diff(options: argparse.Namespace) -> int:
    from sitegen import diff

    report = diff.run(options.site, options.revision)
    if options.json:
        print_json(report.as_json())
    elif options.markdown:
        sys.stdout.write(report.markdown())
    else:
        print(report)
    return GOOD


def _review(options: argparse.Namespace) -> int:
    from sitegen import build, review

    if sys.stdin.isatty() and sys.stdout.isatty() and not options.json:
        with contextlib.suppress(ImportError):  # arrow keys, and long lines
            import readline  # noqa: F401
        review.run(review.open_session(options.site), input, print)
        return GOOD
    items = review.find(options.site, build.load(options.site))
    if options.json:
        print_json({"items": [item.as_json() for item in items]})
    else:
        print(review.listed(items))
    return GOOD


def _evaluate(options: argparse.Namespace) -> int:
    from sitegen import evaluate

    report = evaluate.run(options.site, options.file)
    if options.json:
        print_json(report.as_json())
    else:
        print(report)
    return GOOD
