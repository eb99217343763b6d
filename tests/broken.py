"""Broken YAML as people write it: the file, its text with `▸` at the place of the fault, what must be said of it (a
regular expression), what the hint must hold, and whether a JSON Schema can see it."""

from __future__ import annotations

from typing import NamedTuple

GOOD = {
    "site.yaml": "title: A list\nbase_url: https://example.org/list/\n",
    "topics.yaml": (
        "- group: Tuning\n  slug: tuning\n  topics:\n"
        "    - {slug: peft, name: Small changes, terms: [adapter]}\n"
        "    - {slug: data, name: Data, redirect_from: [corpora]}\n"
        "    - {slug: safety, name: Safety}\n"
        "    - {slug: vision, name: Vision}\n"
        "    - {slug: audio, name: Audio}\n"
    ),
    "overrides.yaml": "tiny-adapters-of-old: [peft]\n",
    "summaries/words.yaml": "tiny-adapters-of-old: {tldr: Short.}\n",
    "papers.jsonl": (
        '{"slug":"no","title":"No more forgetting"}\n'
        '{"slug":"tiny-adapters-of-old","title":"Tiny adapters of old","arxiv_id":"2410.06510"}\n'
        '{"slug":"tiny-data-for-all","title":"Tiny data for all","arxiv_id":"2501.00010","venue":"ICML"}\n'
        '{"slug":"tiny-models-at-sea","title":"Tiny models at sea"}\n'
    ),
}


class Row(NamedTuple):
    name: str
    file: str
    text: str
    says: str
    hint: str
    seen: bool = False
    level: str = "error"


O, T, S, W = "overrides.yaml", "topics.yaml", "site.yaml", "summaries/words.yaml"  # noqa: E741
HEAD = "- group: G\n  slug: g\n  topics:\n    - slug: peft\n      name: P\n"
TAIL = HEAD + "    - slug: data\n      name: D\n"

SYNTAX = [
    Row("key twice", O, "no: [peft]\n▸no: [data]\n", "twice", "line 1"),
    Row("key twice, once quoted", O, "no: [peft]\n▸'no': [data]\n", "twice", "line 1"),
    Row("key twice in an entry", O, "no:\n  pin: true\n  why: x\n  ▸pin: true\n", "twice", "line 2"),
    Row("key twice in a topic", T, HEAD + "      ▸name: Q\n", "twice", "line 5"),
    Row("key twice in the settings", S, "title: A\n▸title: B\n", "twice", "line 1"),
    Row("tab as indent", O, "no:\n▸\ttopics: [peft]\n", "tab", "spaces"),
    Row("tab behind spaces", O, "no:\n  ▸\ttopics: [peft]\n", "tab", "spaces"),
    Row("tab before a list item", T, "- group: G\n▸\tslug: g\n", "tab", "spaces"),
    Row("indented too little", O, "no:\n    topics: [peft]\n  ▸why: x\n", "", "indent"),
    Row("indented too much", O, "no:\n  topics: [peft]\n    ▸why: x\n", "indented", "indent"),
    Row("second item indented otherwise", T, "- group: G\n  slug: g\n ▸- group: H\n", "", "indent"),
    Row("item of a list indented less", O, "no:\n  topics:\n    - peft\n   ▸- data\n", "", "indent"),
    Row("bracket not closed", O, "no: ▸[peft, data\ntiny-data-for-all: [peft]\n", r"\[", r"\]"),
    Row("bracket not closed, many lines on", O, "no: ▸[peft,\n  data\n\n" + "x: [y]\n" * 9, r"\[", r"\]"),
    Row("bracket not closed at the end", O, "no: ▸[peft, data\n", r"\[", r"\]"),
    Row(
        "bracket of braces not closed", T, "- group: G\n  slug: g\n  topics:\n    - ▸{slug: a, name: b\n", r"\{", r"\}"
    ),
    Row("bracket closed by a brace", O, "no: ▸[peft}\n", r"\[", r"\]"),
    Row("inner bracket not closed", T, HEAD + "      terms: ▸[a, [b, c]\n", r"\[", r"\]"),
    Row("double quote not closed", O, 'no:\n  why: ▸"because\n  by: me\n', "quote", "same quote"),
    Row("single quote not closed", O, "no:\n  why: ▸'because\n", "quote", "same quote"),
    Row("apostrophe in single quotes", O, "no:\n  why: 'it'▸s so'\n", "", "quote"),
    Row("bracket closed twice", O, "no: [peft]▸]\n", "", "quote|bracket|indent"),
    Row("text behind a quoted text", O, 'no:\n  why: "so" ▸it is\n', "", "quote"),
    Row("colon in a text", O, "no:\n  why: one▸: two\n", "colon", "quote"),
    Row("no space behind a colon", O, "▸no:[peft]\n", "", "space|map|colon"),
    Row("at sign at the start", O, "no:\n  by: ▸@me\n", "", "quote"),
    Row("per cent sign at the start", O, "no:\n  why: ▸%5\n", "", "quote"),
    Row("backquote at the start", O, "no:\n  why: ▸`code`\n", "", "quote"),
    Row("unknown escape", O, 'no:\n  why: "a ▸\\qb"\n', "escape|backslash", "quote|backslash"),
    Row("tag", O, "no: ▸!!set [peft]\n", "tag", "plain"),
    Row("tag of a program", S, "title: ▸!!python/object/apply:os.system [ls]\n", "tag", "plain"),
    Row("tag on a key", O, "▸!x no: [peft]\n", "tag", "plain"),
    Row("anchor", O, "no: ▸&a [peft]\n", "anchor", "leave it out"),
    Row("alias", O, "no: ▸*a\n", "alias", "write the value out"),
    Row("merge key", O, "no:\n  <<: ▸*a\n  why: x\n", "alias", "write the value out"),
    Row("merge key without an alias", O, "no:\n  ▸<<: {pin: true}\n", "<<", "", True),
    Row("second document", O, "no: [peft]\n▸---\ntiny-data-for-all: [data]\n", "second document", "---"),
    Row(
        "conflict of versions left",
        O,
        "no: [peft]\n▸<<<<<<< HEAD\ntiny: [data]\n=======\nx: [y]\n>>>>>>> main\n",
        "conflict",
        "keep one",
    ),
    Row("directive", O, "▸%YAML 9.9\n---\nno: [peft]\n", "", ""),
    Row("NUL", O, "no: [peft]\n# ▸\x00\n", r"U\+0000", "remove"),
    Row("terminal's escape", O, "no:\n  why: a▸\x1bb\n", r"U\+001B", "remove"),
    Row("nested beyond all need", O, "no: " + "[" * 20 + "▸" + "[" * 4000, "deep", "few levels"),
]

SHAPES = [
    Row("list for the overrides", O, "▸- no: [peft]\n", "map", "slug", True),
    Row("word for the overrides", O, "▸peft\n", "map", "slug", True),
    Row("mapping for the topics", T, "▸group: G\nslug: g\n", "list of groups", "- group", True),
    Row("list for the settings", S, "▸- title: A\n", "settings", "title:", True),
    Row("list for the words", W, "▸- no\n", "map", "tldr", True),
    Row("word for the words about a paper", W, "no: ▸short\n", "mapping", "tldr", True),
    Row("word for an entry", O, "no: ▸peft\n", "list", r"\[", True),
    Row("nothing for an entry", O, "no:▸\n", "list", r"\[", True),
    Row("list in the list", O, "no: [▸[peft]]\n", "topics", "", True),
    Row("word for the topics of a paper", O, "no:\n  topics: ▸peft\n", "list", r"\[peft\]", True),
    Row("list for a text", O, "no:\n  note: ▸[a]\n", "text", "quote", True),
    Row("mapping for a text", W, "no:\n  tldr: ▸{a: b}\n", "text", "quote", True),
    Row("word for a switch", O, "no:\n  pin: ▸maybe\n", "true or false", "true", True),
    Row("number for a switch", O, "no:\n  hide: ▸1\n", "true or false", "true", True),
    Row("list as a key", O, "? ▸[a]\n: [peft]\n", "key", "quote"),
    Row("word for the keywords", W, "no:\n  keywords: ▸LoRA\n", "list", r"\[LoRA\]", True),
]

KEYS = [
    Row("misspelt key of the settings", S, "title: A\n▸tiltle: B\n", '"tiltle"', '"title"', True),
    Row("key in capitals", S, "▸Title: A\n", "unknown key", '"title"', True),
    Row("settings without a title", S, "▸author: A\n", "title", "title:", True),
    Row("misspelt key of a topic", T, HEAD + "      ▸alias: [a]\n", '"alias"', '"aliases"', True),
    Row("topic without a name", T, "- group: G\n  slug: g\n  topics:\n    - ▸slug: a\n", '"name"', "name:", True),
    Row("group without topics", T, "- ▸group: G\n  slug: g\n", '"topics"', "topics:", True),
    Row("misspelt key of an override", O, "no:\n  ▸topcis: [peft]\n", '"topcis"', '"topics"', True),
    Row("key of another file", O, "no:\n  ▸tldr: Short.\n", '"tldr"', "", True),
    Row("field that only the program writes", O, "no:\n  ▸sources: []\n", '"sources"', "", True),
    Row("misspelt key of words", W, "no:\n  ▸sumary: Long.\n", '"sumary"', '"summary"', True),
]

NAMES = [
    Row("misspelt slug", O, "▸tiny-dta-for-all: [peft]\n", "tiny-dta-for-all", '"tiny-data-for-all"', True),
    Row("slug in capitals", O, "▸TINY-DTA-FOR-ALL: [peft]\n", "TINY", '"tiny-data-for-all"'),
    Row("arXiv id of nobody", O, "▸2410.06511: [peft]\n", "2410.06511", "2410.06510"),
    Row("arXiv id without its zero", O, "▸2501.0001: [peft]\n", "2501.0001", "2501.00010"),
    Row("link to a paper", O, "▸https://arxiv.org/abs/2410.06510v2: [peft]\n", "abs/2410.06510", '"2410.06510"'),
    Row("lines of an entry not indented", O, "no:\n▸topics: [peft]\nwhy: x\n", "name of a paper", "two spaces"),
    Row("lines below an empty entry", O, "no:▸\nwhy: x\n", "list", "two spaces"),
    Row("start of several titles", O, "▸Tiny: [peft]\n", "3 titles", "tiny-adapters-of-old, tiny-data"),
    Row("paper by two names", O, "tiny-data-for-all: [peft]\n▸2501.00010: [data]\n", "line 1", "join"),
    Row("paper by slug and title", O, "tiny-data-for-all: [peft]\n▸Tiny data: [data]\n", "line 1", "join"),
    Row("unknown topic", O, "no: [▸pfet]\n", '"pfet"', '"peft"', True),
    Row("unknown second topic", O, "no: [peft, ▸safty]\n", '"safty"', '"safety"', True),
    Row("topic by its name", O, "no: [▸Small changes]\n", "Small changes", "peft", True),
    Row("unknown topic to remove", O, "no:\n  remove: [▸vison]\n", '"vison"', '"vision"', True),
    Row(
        "paper of nobody to merge into", O, "no:\n  merge_into: ▸tiny-dta-for-all\n", "dta", '"tiny-data-for-all"', True
    ),
    Row("words about nobody", W, "▸tiny-dta-for-all: {tldr: S.}\n", "dta", '"tiny-data-for-all"', True, "warning"),
]

VALUES = [
    Row("date that no calendar has", O, "no:\n  date: ▸2024-02-30\n", "2024-02-30", "YYYY-MM-DD"),
    Row("date in another order", O, "no:\n  date: ▸9.10.2024\n", "9.10.2024", "YYYY-MM-DD", True),
    Row("date that is a year", O, "no:\n  date: ▸2024\n", "2024", "YYYY-MM-DD", True),
    Row("month thirteen", O, "no:\n  published: ▸2024-13\n", "2024-13", "YYYY"),
    Row("link of another kind", O, "no:\n  url: ▸ftp://a.org/b\n", "ftp", "https://", True),
    Row("script for a link", O, "no:\n  links: [home: ▸'javascript:alert(1)']\n", "javascript", "https://", True),
    Row("arXiv id that is none", O, "no:\n  arxiv_id: ▸x.1\n", "x.1", "2410", True),
    Row("DOI that is none", O, "no:\n  doi: ▸doi.org/x\n", "doi.org/x", "10.1000", True),
    Row("address that is no slug", O, "no:\n  slug: ▸New One\n", "New One", "lower-case", True),
    Row(
        "topic's slug in capitals",
        T,
        "- group: G\n  slug: g\n  topics:\n    - {slug: ▸LoRA, name: L}\n",
        "L",
        "lower",
        True,
    ),
    Row("weight in words", T, HEAD + "      terms: [a: ▸heavy]\n", '"heavy"', "number", True),
    Row("weight of nothing", T, HEAD + "      terms: [a: ▸0]\n", '"0"', "above 0", True),
    Row("base_url without a scheme", S, "title: A\nbase_url: ▸example.org\n", "example.org", "https://", True),
    Row("format of the future", S, "title: A\nformat: ▸99\n", "99", "1", True),
    Row("empty title", S, "title:▸\n", "empty", "", True),
    Row("empty list of topics", O, "no: ▸[]\n", "empty", "topic", True),
    Row("five topics", O, "no: [peft, data, safety, vision, ▸audio]\n", "4", "three", True),
]

CONTRADICTIONS = [
    Row("topic twice", O, "no: [peft, ▸peft]\n", "twice", "line 1", True),
    Row("topic added and removed", O, "no:\n  add: [peft]\n  remove: [▸peft]\n", "twice", "line 2"),
    Row("add beside topics", O, "no:\n  topics: [peft]\n  ▸add: [data]\n", '"add" beside "topics"', "whole list", True),
    Row("remove beside topics", O, "no:\n  ▸remove: [data]\n  topics: [peft]\n", "beside", "whole list", True),
    Row("hide and pin", O, "no:\n  pin: true\n  ▸hide: true\n", "pins and hides", "keep one", True),
    Row("merged and placed", O, "no: {merge_into: tiny-models-at-sea, ▸topics: [peft]}\n", "beside", "entry of", True),
    Row("merged into itself", O, "no: {merge_into: ▸no}\n", "itself", "other"),
    Row(
        "merged in a circle",
        O,
        "no: {merge_into: ▸tiny-models-at-sea}\ntiny-models-at-sea: {merge_into: 'no'}\n",
        "no -> tiny-models-at-sea -> no",
        "stays",
    ),
    Row("merged into a hidden one", O, "Tiny models: {hide: yes}\nno: {merge_into: ▸Tiny models}\n", "hidden", "hide"),
    Row(
        "one and not one", O, "Tiny models: {distinct_from: [no]}\nno: {merge_into: ▸Tiny models}\n", "line 1", "one of"
    ),
    Row("address of another", O, "no: {slug: ▸tiny-models-at-sea}\n", "Tiny models at sea", "another"),
    Row("slug of two topics", T, HEAD + "    - {slug: ▸peft, name: Q}\n", "line 4", "once"),
    Row("old slug of a topic that is there", T, TAIL + "      redirect_from: [▸peft]\n", "line 4", "redirect_from"),
    Row("old topic and new one", O, "no: [data, ▸corpora]\n", "twice", "line 1", True),
]

IDLE = [
    Row("entry that changes nothing", O, "no: ▸{why: x}\n", "nothing", "remove", False, "warning"),
    Row(
        "correction that changes nothing",
        O,
        "2501.00010: {▸venue: ICML, pin: on}\n",
        "venue",
        "remove",
        False,
        "warning",
    ),
    Row("not pinned, as without it", O, "no: {▸pin: no, hide: yes}\n", "pin", "remove", False, "warning"),
    Row("old name of a topic", O, "no: [▸corpora]\n", '"data"', "write data", True, "warning"),
]

ROWS = [*SYNTAX, *SHAPES, *KEYS, *NAMES, *VALUES, *CONTRADICTIONS, *IDLE]
