"""The command line: arguments in, one composition called, a report out. The only place that prints problems.

Exit codes: 0 good, 1 problems, 2 wrong usage, 70 a bug of ours. With `--json` data alone goes to stdout. Commands are
imported when they are called, so that `--help` starts fast.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sitegen import __version__, urls
from sitegen.cli import asking, bringing, manual
from sitegen.cli.saying import BUG, GOOD, PROBLEMS, print_json, say
from sitegen.errors import SiteError, count, fail, nearest

SHELLS = ("bash", "zsh", "tcsh")
EXPORTS = ("jsonl", "bibtex", "ris", "csl-json", "markdown", "opml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    # numpy would start threads that wait by spinning, for multiplications larger than any here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    options = parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except SiteError as error:
        say(error.problems, options)
        print(f"\n{count(len(error.problems), 'problem')}; nothing was written", file=sys.stderr)
        return PROBLEMS
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except Exception:
        import traceback  # takes its time to load, as some others here do

        traceback.print_exc()
        print(
            "\nThis is a bug in sitegen. Nothing you did should cause it; please report the lines above.",
            file=sys.stderr,
        )
        return BUG


def parser() -> argparse.ArgumentParser:
    """What the command line understands."""
    made = argparse.ArgumentParser(
        prog="sitegen",
        description="A static website generator for reading lists of papers.",
        epilog=f"{manual.OVERVIEW}\n{manual.EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--version", action="version", version=f"sitegen {__version__}")
    made.add_argument(
        "--print-completion", action=_Completion, choices=SHELLS, help="print a script by which a shell completes"
    )
    _add_commands(made.add_subparsers(title="commands", metavar="COMMAND", required=True))
    return made


class _Completion(argparse.Action):
    """Prints the script, and ends the program."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: object, values: object, option: object = None
    ) -> None:
        print(completion(parser, str(values)))
        parser.exit()


def completion(parser: argparse.ArgumentParser, shell: str) -> str:
    """The script by which a shell completes commands, options, choices, and names of files."""
    import shtab

    found = [parser]
    for each in found:
        for action in each._actions:
            if isinstance(action, argparse._SubParsersAction):
                found += action.choices.values()
            elif action.metavar in ("FILE", "PATH", "DIR"):
                action.complete = shtab.DIRECTORY if action.metavar == "DIR" else shtab.FILE  # type: ignore[attr-defined]
    return str(shtab.complete(parser, shell))


def _add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:

    def command(name: str, run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        form = argparse.RawDescriptionHelpFormatter
        said = about if len(about) < 80 else _filled(about)
        made = commands.add_parser(name, help=about, description=said, epilog=manual.page(name), formatter_class=form)
        made.set_defaults(run=run)
        if name != "init":
            made.add_argument(
                "--site", type=Path, default=Path(), metavar="DIR", help="folder of the site (default: here)"
            )
        return made

    def with_output(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
        made.add_argument(
            "--output", type=Path, metavar="DIR", help="where the built site is (default: _site in the site)"
        )
        made.add_argument(
            "--base-url", type=_address, metavar="URL", help="address the site will have, in place of site.yaml's"
        )
        return made

    brought = bringing.commands(command)
    building = with_output(command("build", _build, "Build the site."))
    building.add_argument(
        "--lunr-json", action="store_true", help="also write search/lunr.json, which lunr.js can load"
    )
    building.add_argument("--explain", action="store_true", help="print what was made anew, and because of what")
    building.add_argument(
        "--repository", type=_link, metavar="URL", help="web address of its git repository, in place of site.yaml's"
    )
    building.add_argument(
        "--verify", action="store_true", help="build a second time and compare: the same input gives the same bytes"
    )
    serving = with_output(
        command("serve", _serve, "Build the site, show it in a browser, rebuild when a file changes.")
    )
    serving.add_argument("--port", type=_port, default=8000, help="first port to try (default: 8000)")
    serving.add_argument("--once", action="store_true", help="build and serve without watching for changes")
    checking = with_output(command("check", _check, "Check the built site: links, anchors, HTML, sizes, unused rules."))
    searching = command("search", _search, "Search the papers, ranked as on the site.")
    searching.add_argument("query", nargs="+", metavar="QUERY", help='words, or a query such as "+merging -vision"')
    searching.add_argument("--limit", type=_limit, default=10, metavar="N", help="show at most N papers (default: 10)")
    exporting = command("export", _export, "Print the papers for other programs, with corrections, words and topics.")
    exporting.add_argument("--format", choices=EXPORTS, default=EXPORTS[0], help=f"default: {EXPORTS[0]}")
    exporting.add_argument("--topic", metavar="TOPIC", help="only the papers under this topic, by its slug")
    asked = asking.commands(command)
    describing = command("schema", _schema, "Write JSON Schemas, by which editors complete and check the YAML files.")
    describing.add_argument("--check", action="store_true", help="write nothing; exit 1 if a schema is out of date")
    starting = command("init", _init, "Make a new site that builds at once.")
    starting.add_argument("directory", type=Path, metavar="DIR", help="a new or empty folder")
    for made in (*brought, building, checking, searching, *asked):
        made.add_argument("--json", action="store_true", help="print the report as JSON on stdout")


def _filled(text: str) -> str:
    import textwrap

    return textwrap.fill(text, 79)


def _address(text: str) -> str:
    address = urls.base_url(text) if text else ""
    if address is None:
        raise argparse.ArgumentTypeError(f'"{text}" is not the address of a site, https://host/path/')
    return address


def _link(text: str) -> str:
    if text and not urls.is_web_link(text):
        raise argparse.ArgumentTypeError(f'"{text}" is not a web address, https://host/path')
    return text


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) < 65536:
        raise argparse.ArgumentTypeError(f'"{text}" is not a port')
    return int(text)


def _limit(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number from 1 on')
    return int(text)


def _target(options: argparse.Namespace) -> Path:
    output: Path | None = options.output
    site: Path = options.site
    return output or site / "_site"


def _build(options: argparse.Namespace) -> int:
    from sitegen.cli import building

    return building.run(options)


def _serve(options: argparse.Namespace) -> int:
    from sitegen import serve

    serve.run(options.site, options.output, options.base_url, options.port, watch=not options.once)
    return GOOD


def _check(options: argparse.Namespace) -> int:
    from sitegen import check

    report = check.run(options.site, _target(options), options.base_url)
    say(report.problems, options)
    errors = sum(problem.level == "error" for problem in report.problems)
    warnings = len(report.problems) - errors
    if options.json:
        problems = [problem.as_json() for problem in report.problems]
        print_json({"pages": report.pages, "links": report.links, "sizes": report.sizes, "problems": problems})
    else:
        found = f"{count(errors, 'problem')}, {count(warnings, 'warning')}"
        print(f"{count(report.pages, 'page')}, {count(report.links, 'link')}: {found}")
    return PROBLEMS if errors else GOOD


def _search(options: argparse.Namespace) -> int:
    from sitegen import find

    answer = find.run(options.site, " ".join(options.query), options.limit)
    if options.json:
        print_json(answer.as_json())
        return GOOD
    for line in answer.said():
        print(line, file=sys.stderr)
    for number, result in enumerate(answer.results, 1):
        print(f"{number:>3}. {result.title}\n     {urls.paper(result.slug)}")
    if answer.others:
        print("With some of the words:")
    for result in answer.others:
        print(f"     {result.title}\n     {urls.paper(result.slug)}")
    return GOOD


def _export(options: argparse.Namespace) -> int:
    from sitegen import build, export

    content = build.load(options.site)
    topic = content.topics.get(options.topic)
    if options.topic and topic is None:
        raise fail("--topic", f'no topic "{options.topic}"', nearest(options.topic, list(content.topics)))
    listing = export.Listing(content.site, content.groups, tuple(content.entries), topic)
    sys.stdout.buffer.write(export.FORMATS[options.format](listing).encode())
    sys.stdout.buffer.flush()
    return GOOD


def _schema(options: argparse.Namespace) -> int:
    from sitegen import build
    from sitegen.files import write_atomic

    if options.check:
        stale = build.stale_schemas(options.site)
        say(stale, options)
        return PROBLEMS if stale else GOOD
    for path, data in build.schemas(options.site).items():
        print(f"{path} {'written' if write_atomic(options.site / path, data) else 'unchanged'}")
    return GOOD


def _init(options: argparse.Namespace) -> int:
    from sitegen import init

    for line in init.run(options.directory):
        print(line)
    return GOOD
