"""The index: lunr.py's to the last byte, and the pipeline that makes terms of texts."""

from __future__ import annotations

import gzip
import itertools
import json
import lzma
import random
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lunr.builder import Builder
from lunr.pipeline import Pipeline
from lunr.stop_word_filter import stop_word_filter
from lunr.token import Token
from sites import ENGLISH, write_site

from sitegen import build, search
from sitegen.model import Placement
from sitegen.search import codec, index, lunr_json, streams
from sitegen.search.documents import FIELDS, Document
from sitegen.search.expand import expansions
from sitegen.search.pipeline import plain, terms, utf16, words
from sitegen.search.spelling import distances
from sitegen.search.stemmer import stem
from sitegen.search.streams import Stream, Vocabulary
from sitegen.search.tables import Shards

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "papers-20k.jsonl.xz"
FOREIGN = [
    "Обучение языковых моделей",
    "语言模型",
    "𠀀𠀁 ﬁne-tuning 𝒪(n)",
    "Größe µ λ-calculus Łukasz",
    "한국어 모델",
    "naïve ＡＢＣ",
]


def corpus(number: int) -> list[Document]:
    """Real papers, every tenth with words of other scripts."""
    found = []
    with lzma.open(CORPUS, "rt") as file:
        for count, line in zip(range(number), file, strict=False):
            raw = json.loads(line)
            more = FOREIGN[count // 10 % len(FOREIGN)] if count % 10 == 0 else ""
            title = f"{raw['title']} {more}".strip()
            found.append(Document(str(count), title, ", ".join(raw["authors"]), abstract=raw["abstract"]))
    return found


def _small() -> list[Document]:
    texts = [
        "Fine-tuning LoRA's (e.g., low-rank) μ-bench",
        "José plays the survey key",
        "",
        *FOREIGN,
        "a the of",
        "ﬁ 𝒪 ﬁnd",
    ]
    return [Document(str(n), text, "Ada Lovelace, José Núñez", words=text * 2) for n, text in enumerate(texts)]


def _shown() -> list[Document]:
    from sitegen.search.documents import documents

    content = build.load(ROOT)
    return list(documents(content.entries, content.topics))


SETS = {"small": _small, "shown": _shown}
if CORPUS.is_file():
    SETS["corpus"] = lambda: corpus(400)


def by_lunr(documents: Sequence[Document], monkeypatch: pytest.MonkeyPatch) -> tuple[str, index.Index]:
    """What lunr.py makes of the words that our index is made of, and the index."""
    seen: dict[str, object] = {}
    original = index.from_streams

    def spy(fields: object, streams: dict[str, Stream], vocabulary: Vocabulary, papers: int) -> index.Index:
        names = list(vocabulary)
        for name, stream in streams.items():
            texts: list[list[str]] = [[] for _ in range(papers)]
            for number, paper in zip(stream.ids.tolist(), stream.papers.tolist(), strict=True):
                texts[paper].append(names[number])
            seen[name] = [" ".join(text) for text in texts]
        return original(fields, streams, vocabulary, papers)  # type: ignore[arg-type]

    monkeypatch.setattr(index, "from_streams", spy)
    made = index.build(documents)

    def stemmer(token: Token, i: int | None = None, tokens: object = None) -> Token:
        return token.update(lambda text, metadata=None: stem(text))

    stemmer.label = "stemmer"  # type: ignore[attr-defined]
    builder = Builder()
    builder.pipeline, builder.search_pipeline = Pipeline(), Pipeline()
    builder.pipeline.add(stop_word_filter, stemmer)
    builder.search_pipeline.add(stemmer)
    builder.ref("ref")
    for field in FIELDS:
        builder.field(field.name, boost=field.boost)
    for number, place in enumerate(made.order.tolist()):
        builder.add({"ref": str(number), **{name: texts[place] for name, texts in seen.items()}})  # type: ignore[index]
    serialized = builder.build().serialize()
    serialized["invertedIndex"].sort(key=lambda item: utf16(item[0]))
    return json.dumps(serialized, separators=(",", ":")), made


@pytest.mark.parametrize("name", SETS)
def test_the_index_is_lunr_py_s_byte_for_byte(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs, ours = by_lunr(SETS[name](), monkeypatch)
    assert lunr_json.serialize(ours) == theirs
    assert sum(postings.close for postings in ours.postings.values()) == 0, "a weight near a tie of rounding"


def test_papers_under_other_topics_are_indexed_from_what_they_said_before() -> None:
    content = build.load(ROOT)
    moved = [
        msgspec.structs.replace(entry, placements=tuple(reversed(entry.placements))) if number % 3 else entry
        for number, entry in enumerate(content.entries)
    ]
    said = search.said_by(content.entries, content.topics)
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(said), type=search.Said)
    fresh = search.files(moved, content.topics, ENGLISH, True)
    assert search.files(moved, content.topics, ENGLISH, True, said=lambda: kept) == fresh
    assert search.files(content.entries, content.topics, ENGLISH, True) != fresh
    assert search.files([], {}, ENGLISH, said=lambda: search.said_by([], {})) == search.files([], {}, ENGLISH)


@pytest.mark.parametrize("held", [1, 3, 9])
def test_texts_are_cut_so_many_at_a_time_as_all_at_once(held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = [*_small(), Document("last", "A low-rank end", "Ada Lovelace", abstract="fine-tuning, low-rank")]
    whole = lunr_json.serialize(index.build(papers))
    monkeypatch.setattr(streams, "HELD", held)
    assert lunr_json.serialize(index.build(papers)) == whole


def test_words_that_stand_in_no_paper_are_no_terms() -> None:
    """Those of topics without papers are looked for all the same: they tell what compounds and acronyms there are."""
    papers = [Document("a", "Fine-tuning of models"), Document("b", "Nothing of the kind")]
    made = index.build(papers, [["Finetuning"], ["Zebra crossing networks", "ZCN"]])
    assert "finetun" in made.terms
    assert not {"zebra", "cross", "zcn"} & set(made.terms)
    assert made.spread.min() > 0


def test_an_empty_list_has_an_empty_index() -> None:
    files = search.files([], {}, ENGLISH, plain_lunr=True)
    assert json.loads(files["search/lunr.json"])["invertedIndex"] == []
    assert json.loads(files[search.MANIFEST])["papers"] == 0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("José Núñez", ["jose", "nunez"]),
        ("μ-Bench", ["mu", "bench"]),
        ("LoRA's", ["lora"]),
        ("LoRA’s", ["lora"]),
        ("don't", ["dont"]),
        ("(e.g., fine-tuning)", ["e", "g", "fine", "tuning"]),
        ("ﬁnd 𝒪", ["find", "o"]),
        ("Łukasz Größe", ["lukasz", "grosse"]),
        ("snake_case a/b", ["snake", "case", "a", "b"]),
        ("x² ½", ["x2", "1", "2"]),
        ("语言模型 модель", ["语言模型", "модель"]),
    ],
)
def test_words(text: str, wanted: list[str]) -> None:
    assert words(text) == wanted


@pytest.mark.parametrize(
    ("word", "wanted"),
    [("survey", "survey"), ("key", "key"), ("deploy", "deploy"), ("play", "play"), ("policy", "polici"), ("the", "")],
)
def test_terms(word: str, wanted: str) -> None:
    assert terms([word, word]) == [wanted, wanted]


@given(st.text(max_size=40))
def test_plain_texts_stay_as_they_are(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)
    assert plain(text) == plain(text).lower()


def test_compounds_and_acronyms_are_found_both_ways() -> None:
    documents = [
        Document("a", "Fine-tuning with Direct Preference Optimization (DPO)"),
        Document("b", "Finetuning by direct preference optimization"),
        Document("c", "DPO and fine tuning"),
    ]
    made = index.build(documents)
    found = search.Searcher(made)

    def slugs(query: str) -> set[str]:
        return {documents[made.order[number]].slug for number in found.search(query).papers.tolist()}

    for query in ("finetuning", "fine tuning", "fine-tuning", "DPO ", "direct preference optimization"):
        assert slugs(query) == {"a", "b", "c"}, query
    assert not len(expansions([], [], [], {}, Vocabulary()).ids)


def test_no_name_is_spelt_out_by_two_papers_together() -> None:
    title = "Direct Preference Optimization (DPO)"
    documents = [Document("a", title), Document("b", "A direct preference"), Document("c", "Optimization")]
    for ordered in itertools.permutations(documents):
        made = index.build([*ordered])
        found = search.Searcher(made).search("DPO ").papers.tolist()
        assert [ordered[made.order[number]].slug for number in found] == ["a"]


def test_shards_say_what_they_are_and_their_folders_are_named_by_all_of_them() -> None:
    content = build.load(ROOT)
    first = search.files(content.entries, content.topics, content.words)
    assert first == search.files(content.entries, content.topics, content.words)
    manifest = json.loads(first[search.MANIFEST])
    for path, data in first.items():
        if path.count("/") > 1:
            _, place, kind, number = path.split("/")
            assert place == manifest["rows" if kind == "s" else "folder"]
            assert gzip.decompress(data).startswith(f"{kind}{number}\n".encode())
            assert data[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"
    second = json.loads(search.files(content.entries[1:], content.topics, content.words)[search.MANIFEST])
    assert second["folder"] != manifest["folder"]
    assert second["rows"] != manifest["rows"]


@pytest.mark.parametrize("kind", ["p", "w"])
def test_a_long_table_leaves_most_folders_where_they_are_when_a_shard_changes(kind: str) -> None:
    def folders(bounds: list[str]) -> tuple[set[str], dict[str, bytes]]:
        shards = Shards()
        table = shards.ranges(kind, bounds, [f"what {bound} has".encode() for bound in bounds])
        files, held = shards.files(), list[str]()
        tables = [gzip.decompress(data) for path, data in files.items() if f"/{kind}t/" in path]
        for number, whole in enumerate(tables):
            head, _, text = whole.partition(b"\n")
            assert head == f"{kind}t{number}".encode()
            folder, *mine = json.loads(text).split(" ")
            for place, bound in enumerate(mine):
                expected = f"{kind}{place}\nwhat {bound} has".encode()
                assert gzip.decompress(files[f"{folder}/{kind}/{place}"]) == expected
            held += mine
        assert held == bounds
        assert table["n"] == len(bounds)
        assert len(str(table["b"]).split(" ")) == len(tables)
        return {path.split("/")[0] for path in files} - {*shards.names.values()}, files

    bounds = ["", *sorted(f"{n * 7919 % 90_000:05}" for n in range(1, 3_000))]
    before, files = folders(bounds)
    assert 30 < len(before) < 300
    for other in ([*bounds[:50], *bounds[51:]], [*bounds[:50], bounds[50] + "x", *bounds[51:]], [*bounds, "z"]):
        after, now = folders(other)
        assert len(before ^ after) <= 4
        assert sum(files.get(path) != data for path, data in now.items() if f"/{kind}/" in path) < 300


def test_other_topics_leave_the_rows_where_they_are() -> None:
    content = build.load(ROOT)
    first = search.files(content.entries, content.topics, content.words)
    entry = content.entries[9]
    topic = next(slug for slug in content.topics if slug not in entry.topics)
    moved = msgspec.structs.replace(entry, placements=(Placement(topic, 1.0, (), True),))
    entries = [moved if one is entry else one for one in content.entries]
    second = search.files(entries, content.topics, content.words)
    rows = {path: data for path, data in first.items() if "/s/" in path}
    assert len(rows) == len(content.entries)
    assert rows.items() <= second.items()
    assert json.loads(first[search.MANIFEST])["folder"] != json.loads(second[search.MANIFEST])["folder"]


@given(st.lists(st.integers(1, 90), max_size=60))
def test_shards_are_no_larger_than_they_may_be(sizes: list[int]) -> None:
    begins = codec.cuts(sizes, 50)
    shards = [sizes[a:z] for a, z in itertools.pairwise([*begins, len(sizes)])]
    assert [size for shard in shards for size in shard] == sizes
    assert all(sum(shard) <= 50 or len(shard) == 1 for shard in shards)
    assert all(sum(a) + b[0] > 50 for a, b in itertools.pairwise(shards))


def test_distance_counts_neighbours_swapped_as_one() -> None:
    assert distances("lroa", "lora", 1)[0] == 1
    assert distances("quantizaton", "quantization", 2)[0] == 1
    assert distances("ab", "abcd", 1) == (9, 0)
    assert distances("micorsc", "microscopy", 1) == (9, 1)
    assert distances("abcd", "ab", 1) == (9, 9)


def _from_front(data: bytes, tails: bool) -> list[tuple[bytes, int]]:
    """Front-coded words, decoded as the browser does; the byte after each, or 0."""
    at, word, found = 0, b"", []

    def number() -> int:
        nonlocal at
        value, shift = 0, 0
        while True:
            at, byte, shift = at + 1, data[at], shift + 7
            value |= (byte & 127) << (shift - 7)
            if byte < 128:
                return value

    while at < len(data):
        same, own = number(), number()
        word = word[:same] + data[at : at + own]
        at += own + tails
        found.append((word, data[at - 1] if tails else 0))
    return found


@given(st.lists(st.text("ab語", max_size=90) | st.integers(60, 400).map("a".__mul__), unique=True), st.booleans())
def test_front_coded_words_come_back_shard_by_shard(words: list[str], tails: bool) -> None:
    words = sorted(words)
    encoded = [word.encode() for word in words]
    begins = [0, *range(3, len(words), 3)]
    bytes_after = [place % 256 for place in range(len(words))]
    data, starts = codec.front(words, begins, bytes_after if tails else None)
    for a, z in itertools.pairwise([*begins, len(words)]):
        wanted = list(zip(encoded[a:z], bytes_after[a:z] if tails else [0] * (z - a), strict=True))
        assert _from_front(data[starts[a] : starts[z]], tails) == wanted


def varint(number: int) -> bytes:
    """One number, seven bits a byte, the lowest first."""
    return bytes([number & 127 | 128]) + varint(number >> 7) if number > 127 else bytes([number])


def test_varints_come_back() -> None:
    import numpy as np

    numbers = [0, 1, 127, 128, 300, 2**14 - 1, 2**14, 2**20, 2**34]
    numbers += [random.Random(1).randrange(2**31) for _ in range(50)]
    data, starts = codec.varints(np.array(numbers))
    assert data == b"".join(map(varint, numbers))
    assert starts[-1] == len(data)


@pytest.mark.parametrize("shown", [True, False])
def test_a_result_shows_an_abstract_only_where_the_site_does(tmp_path: Path, shown: bool) -> None:
    site = write_site(
        tmp_path,
        site_yaml=f"title: Small\nshow_abstracts: {str(shown).lower()}\n",
        papers_jsonl='{"slug": "alpha", "title": "Alpha"}\n',
        abstracts_jsonl='{"slug": "alpha", "abstract": "Unseen words."}\n',
    )
    build.build(site)
    [rows] = (site / "_site/search").glob("*/s/*")
    assert (b"Unseen words." in gzip.decompress(rows.read_bytes())) == shown
