"""The commands that bring papers in, and what is known about them."""

from __future__ import annotations

import argparse

from sitegen.cli.asking import Command
from sitegen.cli.saying import GOOD, PROBLEMS, print_json, say
from sitegen.errors import count


def commands(command: Command) -> tuple[argparse.ArgumentParser, ...]:
    """`import` and `enrich`."""
    importing = command(
        "import", _import, "Bring papers in from BibTeX, RIS, CSL-JSON, CSV, JSON, saved pages, lists of links or ids."
    )
    what = "file, folder, pattern, - for standard input; or an arXiv id, a DOI, or a link to one"
    importing.add_argument("paths", nargs="+", metavar="PATH", help=what)
    importing.add_argument("--date", type=_date, help="when they were captured: YYYY[-MM[-DD]]")
    about = 'the field that a column of a table is, such as "Paper Title=title"; repeatable'
    importing.add_argument("--map", type=_mapping, action="append", default=[], metavar="COLUMN=FIELD", help=about)
    importing.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
    enriching = command(
        "enrich", _enrich, "Fill in authors, dates, venues and abstracts from arXiv, Hugging Face, Crossref, OpenAlex."
    )
    enriching.add_argument(
        "papers", nargs="*", metavar="PAPER", help="slug, arXiv id, DOI, or start of the title (default: all)"
    )
    contact = "your e-mail or web address, which the services ask for (default: contact in site.yaml)"
    enriching.add_argument("--contact", default="", help=contact)
    return importing, enriching


def _date(text: str) -> str:
    from sitegen import dates

    if not dates.is_partial(text):
        raise argparse.ArgumentTypeError(f'"{text}" is not YYYY, YYYY-MM or YYYY-MM-DD')
    return text


def _mapping(text: str) -> tuple[str, str]:
    from sitegen import intake

    try:
        return intake.mapping(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _import(options: argparse.Namespace) -> int:
    from sitegen import intake, progress

    with progress.bar("import") as advance:
        report = intake.run(
            options.site, options.paths, options.date or "", advance, options.dry_run, dict(options.map)
        )
    shown = [p for p in report.problems if p.level != "note"] if options.json else report.problems
    say(shown, options)
    if options.json:
        print_json(report.as_json())
    else:
        if options.dry_run:
            print("".join(f"{change}\n" for change in report.changes) + "nothing was written; this would be:")
        print(
            f"{count(report.entries, 'entry', 'entries')}: {report.new} new, {report.merged} merged, "
            f"{report.unchanged} unchanged, {report.suspicious} suspicious, {report.rejected} rejected; "
            + (f"{report.waiting} waiting; " if report.waiting else "")
            + f"{count(report.papers, 'paper')} in the list"
        )
        if report.waiting:
            print(f'{count(report.waiting, "paper")} known by an id alone; "sitegen enrich" finds the rest')
    return PROBLEMS if report.unreadable else GOOD


def _enrich(options: argparse.Namespace) -> int:
    from sitegen import progress
    from sitegen.intake import enrich

    with progress.bar("enrich") as advance:
        report = enrich.run(options.site, options.papers, options.contact, progress=advance)
    say(report.problems, options)
    if options.json:
        print_json(report.as_json())
    else:
        for slug, fields in sorted(report.filled.items()):
            facts = ", ".join(f"{name} ({source})" for name, source in fields.items())
            print(f"{'new     ' if slug in report.named else 'filled  '} {slug}: {facts}")
        waiting = f"; {report.waiting} still known by an id alone" if report.waiting else ""
        print(f"{count(report.papers, 'paper')} looked at, {len(report.filled)} enriched{waiting}")
    return GOOD if report.reached else PROBLEMS
