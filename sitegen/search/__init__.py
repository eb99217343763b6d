"""The search: what is searched (`documents`, `expand`), how text becomes terms (`pipeline`), lunr's index of it
(`index`), the files that a browser searches with (`shards`, `manifest`), and the ranking for the terminal (`reader`).

    documents -> streams (+ expand) -> index -> shards, heavy -> files
                                         \\-> reader
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from sitegen.model import Entry, Topic
from sitegen.search import local, lunr_json
from sitegen.search.answers import write_answers
from sitegen.search.ask import Answer, answer
from sitegen.search.documents import documents, phrases, result_rows, topic_names
from sitegen.search.facets import write_facets
from sitegen.search.index import Index, build, cut, placed
from sitegen.search.manifest import describe, seldom
from sitegen.search.reader import Searcher
from sitegen.search.shards import write_dictionaries, write_postings, write_rows
from sitegen.search.streams import Said
from sitegen.search.tables import FOLDER, Shards
from sitegen.words import Words

__all__ = [
    "MANIFEST",
    "Answer",
    "Index",
    "Said",
    "Searcher",
    "ask",
    "files",
    "index_of",
    "phrases",
    "said_by",
    "short_manifest",
    "slugs_file",
]

MANIFEST = FOLDER + "manifest.json"
SHORT = 8_000
"""Bytes up to which the search page holds the manifest itself, and a reader waits for one answer less."""
MANY = 20_000
"""From this many papers on, the file with their numbers is too large to be compared at every visit."""


def index_of(entries: Sequence[Entry], topics: Mapping[str, Topic], said: Callable[[], Said] | None = None) -> Index:
    """The index of the papers. `said`: gives what `said_by` gave for them, maybe when they stood under other topics."""
    if said:
        return placed(said().cut(), [topic_names(entry, topics) for entry in entries])
    return build(list(documents(entries, topics)), phrases(topics.values()))


def said_by(entries: Sequence[Entry], topics: Mapping[str, Topic]) -> Said:
    """What the papers say: the part of the index's work that an edit of their topics leaves as it is."""
    return Said.of(len(entries), cut(list(documents(entries, topics)), phrases(topics.values())))


def ask(entries: Sequence[Entry], topics: Mapping[str, Topic], query: str, limit: int) -> Answer:
    """What the papers answer to a query, as the site would."""
    return answer(Searcher(index_of(entries, topics)), entries, query, limit)


def files(
    entries: Sequence[Entry],
    topics: Mapping[str, Topic],
    words: Words,
    plain_lunr: bool = False,
    abstracts: bool = True,
    said: Callable[[], Said] | None = None,
) -> dict[str, bytes]:
    """The files that the browser searches with, by output path. `plain_lunr`: also lunr's own form, for others;
    `abstracts`: whether results show where they begin when there is nothing shorter; `said`: as of `index_of`."""
    index, shards = index_of(entries, topics, said), Shards()
    manifest: dict[str, object] = {
        **describe(index),
        "p": write_postings(index, shards),
        **write_dictionaries(index, shards),
        "s": write_rows(result_rows(entries, words, abstracts), index, shards),
        **write_answers(Searcher(index), shards),
        **write_facets(entries, topics, index, shards),
        "seldom": shards.add("l", msgspec.json.encode(seldom())),
    }
    manifest |= shards.names
    kept = shards.files()
    made = {FOLDER + path: data for path, data in kept.items()}
    made[MANIFEST] = msgspec.json.encode(manifest)
    if index.papers < local.PAPERS:
        made[local.PATH] = local.script(kept, manifest)
    if plain_lunr:
        made[FOLDER + "lunr.json"] = lunr_json.serialize(index).encode()
    return made


def short_manifest(made: Mapping[str, bytes]) -> object:
    """The manifest among the files, if it is short."""
    return msgspec.json.decode(made[MANIFEST]) if len(made[MANIFEST]) <= SHORT else None


def slugs_file(made: Mapping[str, bytes]) -> str:
    """The path of the file with the numbers of all papers; empty for a list so long that it is no small one."""
    manifest = msgspec.json.decode(made[MANIFEST])
    return f"{FOLDER}{manifest['folder']}/f/{manifest['slugs']}" if manifest["papers"] < MANY else ""
