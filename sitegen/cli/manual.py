"""What `sitegen COMMAND --help` says below the options: more about the command, examples, exit codes."""

from __future__ import annotations

EXIT_CODES = """\
exit codes:
  0  done; warnings may have been printed
  1  problems, each with its file and line; nothing was written
  2  wrong usage
  70 a bug in sitegen"""

OVERVIEW = """\
examples:
  sitegen init my-list                   a new site, in its own folder
  sitegen serve --site my-list           look at it while you edit
  sitegen import papers.bib --site my-list
  sitegen build --site my-list           write it to my-list/_site/

"sitegen COMMAND --help" says more about a command, with examples.

shell completion:
  sitegen --print-completion bash > ~/.local/share/bash-completion/completions/sitegen
  sitegen --print-completion zsh > ~/.zfunc/_sitegen
"""

PAGES: dict[str, str] = {
    "import": """\
Formats are told by content, not by name: BibTeX, RIS, CSL-JSON, JSON Lines, JSON, CSV, saved Hugging Face pages,
Markdown lists, plain lists of links or ids; compressed or in archives too. Papers that are there already are merged,
and nothing is lost. Importing a file twice changes nothing.

examples:
  sitegen import papers.bib zotero.json
  sitegen import saved-pages/ --date 2026-06
  sitegen import 2410.06510 10.1145/3292500.3330701
  sitegen import - --dry-run < list.md
  sitegen import sheet.csv --map "Paper Title=title" --map When=year

files:
  content/papers.jsonl, content/abstracts.jsonl    written""",
    "build": """\
Reads content/ and templates/, and replaces the output in one step: after a mistake the old site is as it was. The same
input gives the same bytes; --verify builds a second time in a process of its own, with another hash seed, locale, time
zone and folder and without what an earlier build kept, and names every file that differs (exit code 1).

examples:
  sitegen build
  sitegen build --verify
  sitegen build --output /srv/www/list --base-url https://example.org/list/
  sitegen build --json > report.json

files:
  _site/    written; it must be empty or made by an earlier build""",
    "serve": """\
Serves under the path of base_url, rebuilds when a file changes, and reloads the page. A mistake is shown in the browser
over the last good site. Ends with Ctrl-C.

examples:
  sitegen serve
  sitegen serve --site my-list --port 9000
  sitegen serve --once""",
    "check": """\
Looks at the built site as a visitor would: every link and anchor, HTML, sizes over budget, anything loaded from
elsewhere; and at the content beside it: topics without papers, maths that cannot be shown.

examples:
  sitegen build && sitegen check
  sitegen check --json""",
    "search": """\
All words are wanted, the last may be half typed, and a mistyped word is mended and said. With signs a query means what
it means to lunr.

examples:
  sitegen search low-rank adaptation
  sitegen search "+merging -vision" --limit 5
  sitegen search title:survey --json""",
    "export": """\
JSON Lines have everything that the list knows of a paper. BibTeX, RIS and CSL-JSON are for reference managers; their
keys are the papers' slugs. Markdown and OPML are lists by topic. Abstracts are part of it where the site shows them.

examples:
  sitegen export > papers.jsonl
  sitegen export --format bibtex > papers.bib
  sitegen export --format csl-json --topic peft-lora > lora.json""",
    "place": """\
A paper is placed by its words: each topic's terms, aliases and scope, and what the papers that you have confirmed look
like.

examples:
  sitegen place new-papers.bib
  sitegen place new-papers.jsonl --json""",
    "related": """\
The nearest papers are those of the paper's page, each with the words that both have.

examples:
  sitegen related 2106.09685
  sitegen related "LoRA: Low-Rank" --json""",
    "explain": """\
Shows every topic of the paper with its score and the words that decided, and the file and line of every field.

examples:
  sitegen explain 2106.09685""",
    "review": """\
Papers that fit no topic well, look alike, lack something, or wait for a title. In a terminal it asks about each and
writes the answers to content/overrides.yaml; elsewhere it only lists them.

examples:
  sitegen review
  sitegen review --json""",
    "diff": """\
Both states are built in memory, by this sitegen; nothing is checked out or written.

examples:
  sitegen diff
  sitegen diff main --markdown > comment.md""",
    "evaluate": """\
Without a file: cross-validation on the papers whose topics you have confirmed. With one: its labels against what would
be placed.

examples:
  sitegen evaluate
  sitegen evaluate labelled.jsonl --json""",
    "enrich": """\
The only command that uses a network, politely: one request at a time, with pauses. Answers are kept, so that it can be
stopped and started again; each fact is kept with its source, and what you wrote stays.

examples:
  sitegen enrich --contact you@example.org
  sitegen enrich 2410.06510 --json

files:
  content/papers.jsonl, content/abstracts.jsonl    written
  .sitegen/    the answers that are kept""",
    "schema": """\
examples:
  sitegen schema
  sitegen schema --check

files:
  content/schema/    written""",
    "init": """\
The folder gets a small list of papers, a workflow that publishes it on GitHub Pages, one that previews pull requests,
and one that imports what lies in inbox/ when you start it or every week.

examples:
  sitegen init my-list""",
}
"""By command: what else there is to say, and examples that work as they stand."""


def page(command: str) -> str:
    """The end of a command's help."""
    return f"{PAGES[command]}\n\n{EXIT_CODES}"
