"""The search in the browser, under node: exact to lunr.js, alike with the terminal, and small."""

from __future__ import annotations

import gzip
import json
import lzma
import random
import re
import unicodedata
from pathlib import Path

import pytest
from search_site import CORPUS, FOREIGN, ROOT, corpus, need_node, node, write

from sitegen import assets, build, cli, search
from sitegen.search.pipeline import words
from sitegen.search.stemmer import stems
from sitegen.search.tables import INLINE
from sitegen.text import LETTER_NAMES

CONTENT = build.load(ROOT)
needs_corpus = pytest.mark.skipif(not CORPUS.is_file(), reason="the corpus is not part of the repository")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped list's index."""
    need_node()
    return write(search.files(CONTENT.entries, CONTENT.topics, CONTENT.words, True), tmp_path_factory.mktemp("shown"))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten thousand real papers, some with words of other scripts."""
    need_node()
    return write(search.files(list(corpus(10_000)), {}, CONTENT.words, True), tmp_path_factory.mktemp("large"))


def test_no_query_differs_from_lunr_js(shown: Path) -> None:
    report = node("exact.mjs", str(shown), "1500")
    assert report["queries"] >= 1500
    assert report["different"] == 0, report["shown"]


@needs_corpus
def test_no_query_differs_from_lunr_js_with_ten_thousand_papers(large: Path) -> None:
    report = node("exact.mjs", str(large), "1000", "3")
    assert report["foreign"] > 10
    assert report["different"] == 0, report["shown"]


@needs_corpus
def test_a_long_list_has_two_levels(large: Path) -> None:
    manifest = json.loads((large / "search/manifest.json").read_text())
    assert manifest["p"]["n"] > INLINE
    assert 20 < len(manifest["p"]["b"].split(" ")) < 200
    assert not (large / "search/local.js").exists()


ENDS = """
    ational tional enci anci izer bli alli entli eli ousli ization ation ator alism iveness fulness ousness aliti iviti
    biliti logi icate ative alize iciti ical ful ness ement ance ence able ible ment ant ent ism ate iti ous ive ize al
    er ic ou sses ies s eed ed ing y ll e sion tion at bl iz tt ly es
""".split()
"""What the stemmer takes off, and what it looks at."""


def tokens() -> list[str]:
    """Every token of the list and of the corpus, and texts of other scripts."""
    texts = [f"{e.paper.title} {' '.join(e.paper.authors)} {e.words.tldr} {e.words.summary}" for e in CONTENT.entries]
    if CORPUS.is_file():
        with lzma.open(CORPUS, "rt") as file:
            for line in file:
                raw = json.loads(line)
                texts += [raw["title"], raw["abstract"], " ".join(raw["authors"])]
    found = {token for text in texts for token in text.split()}
    letter = random.Random(4)
    known = [char for char in map(chr, range(0x20, 0x3000)) if unicodedata.category(char) != "Cn"]  # of our Unicode
    found |= {"".join(letter.choices(known, k=6)) for _ in range(3000)}
    for _ in range(20_000):
        found.add(
            "".join(
                letter.choices("aeiouybcdlnstwxz1é", k=letter.randrange(6))
                + letter.choices(ENDS, k=letter.randrange(3))
            )
        )
    return sorted(found | set(FOREIGN) | {"ies", "sses", "eed", "yes", "José’s", "μ-Bench", "ﬁnd", "ΟΔΟΣ", "İstanbul"})


def test_every_token_gives_the_browser_the_terms_of_the_index() -> None:
    need_node()
    given = tokens()
    differing = []
    ours = [words(token) for token in given]
    stemmed = iter(stems([word for each in ours for word in each]))
    for token, mine, found in zip(given, ours, node("parity.mjs", given=[LETTER_NAMES, given]), strict=True):
        ends = [next(stemmed) for _ in mine]
        if found != [mine, ends, ends]:
            differing.append((token, mine, ends, found))
    assert differing[:5] == []


def queries() -> list[str]:
    """Words, names, beginnings, mistyped words and queries with signs, from the list."""
    pick = random.Random(5)
    titles = [entry.paper.title.split() for entry in CONTENT.entries]
    names = [name for entry in CONTENT.entries for name in entry.paper.authors]
    vocabulary = sorted({word for title in titles for word in words(" ".join(title)) if len(word) > 3})

    def mistyped(word: str) -> str:
        at = pick.randrange(len(word))
        other = pick.choice("abcdeghilmnorstu")
        swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
        return pick.choice([word[:at] + word[at + 1 :], word[:at] + other + word[at:], swapped])

    def some() -> list[str]:
        title = pick.choice(titles)
        at = pick.randrange(len(title))
        return title[at : at + pick.randrange(1, 5)]

    found = [
        "",
        "the",
        "the who",
        "a",
        "model m",
        "José",
        "μ-bench",
        "foo:bar +x",
        "title:",
        "+a +",
        "title:merging~1 μ*",
        'the "the" \u201clow-rank adaptation\u201d',
        '"quantizaton" aware',
        "the ",
        "x",
        "qz",
        "model re",
        "which data to pick for instruction tuning",
        "vision language robot",
    ]
    for _ in range(60):
        word = pick.choice(vocabulary)
        found += [
            " ".join(some()),
            " ".join(some())[:-2],
            pick.choice(names),
            mistyped(word),
            word[: pick.randrange(1, 6)],
        ]
        found += [f"{mistyped(word)} {pick.choice(vocabulary)} ", f"+{word} -{pick.choice(vocabulary)} {word[:3]}*"]
        found += [f"title:{word} {pick.choice(vocabulary)}^2", f"{word}~{pick.randrange(3)}", f"*{word[1:4]}*"]
    return found


def test_the_terminal_ranks_as_the_browser_does(shown: Path) -> None:
    searcher = search.Searcher(search.index_of(CONTENT.entries, CONTENT.topics))
    asked = queries()
    assert len(asked) > 600
    for query, answer in zip(asked, node("ranks.mjs", str(shown), given=asked), strict=True):
        found = searcher.search(query)
        ours = list(map(list, zip(found.papers.tolist(), found.scores.tolist(), strict=True)))
        assert answer["hits"] == ours, query
        assert answer["relaxed"] == found.relaxed, query
        assert answer["repairs"] == [list(pair) for pair in found.repairs], query
        assert answer["missing"] == list(found.missing), query
        assert (answer["total"], answer["whole"]) == (found.total, found.whole), query
        assert answer["others"] == found.others.tolist(), query
        assert answer["same"], f"{query}: the first answer differs from the full one"


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("survey", 3),
        ("key", 5),
        ("deploy", 3),
        ("play", 1),
        ("José", 3),
        ("jose", 3),
        ("mu-bench", 1),
        ("μ-Bench", 1),
        ("LoRA's", 20),
        ("fine tuning", 100),
        ("finetuning", 100),
        ("fine-tuning", 100),
    ],
)
def test_what_must_be_found_is_found(query: str, wanted: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["search", "--site", str(ROOT), "--json", "--limit", "3", *query.split()]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"query", "relaxed", "total", "results"}
    assert answer["query"] == query
    assert answer["total"] >= wanted
    assert not answer["relaxed"]
    assert all(set(result) == {"slug", "title", "score"} for result in answer["results"])
    assert len(answer["results"]) == min(3, answer["total"])


def test_the_terminal_says_what_it_made_of_a_query(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["search", "--site", str(ROOT), "quantizaton"]) == 0
    printed = capsys.readouterr()
    assert 'searched for "quantization"' in printed.err
    assert printed.out.startswith("  1. ")


def gzipped(data: bytes) -> int:
    return len(gzip.compress(data, 9))


def test_the_scripts_are_small() -> None:
    files = assets.collect(ROOT / "templates" / "assets")
    on_every_page = sum(gzipped(files[name]) for name in ("theme.js", "site.js"))
    assert on_every_page <= 10_000
    engine = b"".join(  # as it is sent
        assets.squeezed(assets.spare(f"{name}.js", (ROOT / f"templates/assets/search/{name}.js").read_bytes()))
        for name in ("text", "store", "reader", "language", "spelling", "engine", "remote", "worker")
    )
    assert gzipped(engine) <= 10_000
    patterns = re.compile(rb"/\[.*?\]/g")
    lines = [patterns.sub(b"", line) for name in files if name.endswith(".js") for line in files[name].splitlines()]
    assert not any(line.count(b"`") % 2 for line in lines), "a template that goes on loses its spaces"


def test_scripts_lose_only_spaces_that_say_nothing() -> None:
    given = b'const a = { b: "c , d" , e };\nif (x && y) return a ? b : c;\nf(`a , ${b}`, / , /);\na + +b - -c;'
    made = b'const a={b:"c , d",e};\nif(x&&y)return a?b:c;\nf(`a , ${b}`, / , /);\na + +b - -c;'
    assert assets.squeezed(given) == made


def test_the_filters_are_small() -> None:
    files = search.files(CONTENT.entries, CONTENT.topics, CONTENT.words)
    manifest = json.loads(files[search.MANIFEST])
    assert len(files[f"search/{manifest['folder']}/f/{manifest['facets']}"]) <= 3_000
