"""Foreign input, into whatever reads it: papers' files, curated YAML, TeX, Markdown, queries.

    python tests/fuzz.py TARGET [FOLDER] [-max_total_time=60 ...]

With atheris (https://github.com/google/atheris) installed, this searches for input that breaks a target, guided by
which lines it reaches, from the corpus in `tests/corpus/TARGET` on; what libFuzzer finds worth keeping goes into
FOLDER, and options are libFuzzer's. An input that broke something becomes a file of the corpus: `test_fuzz.py` reads
them all.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).with_name("corpus")


def imported(data: bytes) -> None:
    """Any file that `import` may be given, archives too."""
    from sitegen import ingest
    from sitegen.errors import SiteError
    from sitegen.ingest.found import Reading

    try:
        readings: list[Reading] = [ingest.read(held, "x") for _, held in ingest.files(data, "x", 2**20)]
    except SiteError as error:
        _told(error.problems)
        return
    for reading in readings:
        for found in reading.found:
            assert found.paper.title or found.paper.arxiv_id or found.paper.doi
            repr((found.paper, found.abstract)).encode()
        for problem in reading.rejected + reading.notes:
            assert problem.where.file == "x" or problem.where.file.startswith("x/")
            assert problem.message


def _told(problems: list[Any]) -> None:
    assert problems
    assert all(problem.message for problem in problems)


def yaml(data: bytes) -> None:
    """The files that people edit, each read as each of them."""
    from sitegen import config, curate, yamlio
    from sitegen.model import Paper

    text = data.decode("utf-8", "replace")
    problems: list[Any] = []
    yamlio.parse(text, "x", problems)
    folder = _folder()
    for name in ("site.yaml", "topics.yaml", "overrides.yaml"):
        (folder / name).write_bytes(data)
    (folder / "summaries" / "all.yaml").write_bytes(data)
    papers = [Paper(slug="alpha", title="Alpha"), Paper(slug="beta", title="Beta", arxiv_id="2410.06511")]
    config.read_site(folder, problems)
    groups = config.read_topics(folder, problems)
    slugs = [topic.slug for group in groups for topic in group.topics]
    rules = curate.read_overrides(folder, papers, slugs, problems, config.moved(groups))
    curate.read_words(folder, papers, problems, rules)
    for problem in problems:
        assert problem.message
        assert problem.where.line <= text.count("\n") + text.count("\r") + 2


def query(data: bytes) -> None:
    """What a reader types, as the program and as lunr's language understands it."""
    searcher = _searcher()
    found = searcher.search(data.decode("utf-8", "replace")[:400])
    assert 0 <= found.whole <= found.total <= 300


class _Tags(HTMLParser):
    """Fails on what published HTML may not hold."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "input",
            "base",
            "meta",
            "link",
            "svg",
        }
        for name, value in attrs:
            assert not name.startswith("on"), (tag, name)
            assert name not in {"style", "srcdoc"}, (tag, name)
            address = "".join(c for c in value or "" if c > " ").lower() if name in ("href", "src") else ""
            assert not address.startswith(("javascript:", "data:", "vbscript:")), (tag, name, value)


def text(data: bytes) -> None:
    """What titles, abstracts and notes go through."""
    from sitegen import markdown, tex
    from sitegen.text import fold, is_slug, slugify, visible

    given = data.decode("utf-8", "replace")[:2000]
    seen = visible(given)
    assert visible(seen) == seen
    assert is_slug(slugify(given))
    assert fold(seen) == fold(visible(seen))
    for source in (given, markdown.inline(tex.clean(seen), links=True), markdown.quote(seen), markdown.escape(seen)):
        tags = _Tags()
        tags.feed(markdown.render(source, "../../"))
        tags.close()


TARGETS: dict[str, Callable[[bytes], None]] = {"import": imported, "yaml": yaml, "query": query, "text": text}


@cache
def _folder() -> Path:
    """A folder of content that is made once and used again: a process of its own."""
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="sitegen-fuzz-"))
    (folder / "summaries").mkdir()
    return folder


@cache
def _searcher() -> Any:
    from sitegen import build, search

    content = build.load(Path(__file__).parent / "toy")
    return search.Searcher(search.index_of(content.entries, content.topics))


def seeds(target: str) -> list[Path]:
    """The files of a target's corpus; for `import` the formats' examples too."""
    more = sorted((CORPUS.parent / "data" / "import").iterdir()) if target == "import" else []
    return [*more, *sorted((CORPUS / target).iterdir())]


def main() -> None:
    atheris = importlib.import_module("atheris")
    target, rest = sys.argv[1], sys.argv[2:]
    with atheris.instrument_imports(include=["sitegen"]):
        import sitegen.build
        import sitegen.ingest
        import sitegen.search  # noqa: F401
    folders = [word for word in rest if not word.startswith("-")] + [str(CORPUS / target)]
    folders += [str(CORPUS.parent / "data" / "import")] if target == "import" else []
    atheris.Setup([sys.argv[0], *folders, *(w for w in rest if w.startswith("-"))], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
