"""lunr's query language over an index in memory: fields, wildcards, fuzzy words, boosts, required and prohibited words.

The same steps as `templates/assets/search/language.js`, which a test holds to lunr.js 2.3.9. Sets of words are small
automata, as lunr's are, because the order of what they find decides the order of additions and of ties.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sitegen.arrays import Array, np
from sitegen.search.index import Index
from sitegen.search.pipeline import plain, utf16
from sitegen.search.stemmer import stem

_CLEAN = re.compile(r"(?:_|[^\w+\-~^*:\\])+")
_FOLLOWS = {"presence": ("field", "term"), "field": ("term",)}
_BEGIN = ("presence", "field", "term")
_AFTER = ("term", "field", "edits", "boost", "presence")
WORK = 1_000_000
"""States of a fuzzy word's automaton, by its letters and changes: what takes a second at most. As in the browser."""
MOST_EDITS, MOST_DIGITS = 16, 15
"""More changes are too many for a word of any length; Python refuses to read very long numbers."""


class QueryError(Exception):
    """A query that the language has no reading for."""


class Clause(msgspec.Struct, frozen=True):
    """One word of a query, and what is asked of it."""

    fields: tuple[int, ...]
    term: str = ""
    boost: int = 1
    presence: str = ""
    edits: int | None = None
    stemmed: bool = True


class Node(msgspec.Struct):
    """A state of an automaton."""

    final: bool = False
    edges: dict[str, Node] = {}

    def step(self, char: str) -> Node:
        """The state that a character leads to, made if need be."""
        return self.edges.setdefault(char, Node())

    def chars(self) -> list[str]:
        """The characters in the order in which JavaScript keeps the keys of an object: digits first."""
        return sorted((c for c in self.edges if "0" <= c <= "9"), key=ord) + [
            c for c in self.edges if not "0" <= c <= "9"
        ]


def is_query(text: str, names: Iterable[str]) -> bool:
    """Whether a text uses the language's signs."""
    signs = rf"(^|\s)[+-]\S|\*|\S[~^]\d|(^|[\s+-])({'|'.join(names)}):\S"
    return re.search(signs, text, re.IGNORECASE) is not None


def cleaned(text: str) -> str:
    """The query as the language reads it: plain, and of punctuation only the signs."""
    return _CLEAN.sub(" ", plain(text)).strip()


def _lex(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    start = at = 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 2
        elif char == ":":
            found.append(("field", text[start:at]))
            start = at = at + 1
        elif char in "~^":
            if at > start:
                found.append(("term", text[start:at]))
            match = re.compile(r"[0-9]*").match(text, at + 1)
            assert match
            found.append(("edits" if char == "~" else "boost", match[0]))
            start = at = match.end()
        elif char in "+-" and at == start:
            found.append(("presence", char))
            start = at = at + 1
        elif char.isspace() or char == "-":
            if at > start:
                found.append(("term", text[start:at]))
            start = at = at + 1
        else:
            at += 1
    if at > start:
        found.append(("term", text[start:at]))
    return [(kind, re.sub(r"\\(.?)", r"\1", word, flags=re.DOTALL)) for kind, word in found]


def parse(text: str, names: Sequence[str]) -> list[Clause]:
    """The clauses of a query. Raises QueryError where lunr would."""
    clauses: list[Clause] = []
    allowed: tuple[str, ...] = _BEGIN
    last = ""
    for kind, value in _lex(text):
        if kind not in allowed:
            raise QueryError(f'expected a word, found "{value or kind}"')
        if kind == "presence" or (kind in ("field", "term") and last not in ("presence", "field")):
            clauses.append(Clause(tuple(range(len(names)))))
        clauses[-1] = _with(clauses[-1], kind, value, names)
        allowed, last = _FOLLOWS.get(kind, _AFTER), kind
    if last in ("presence", "field"):
        raise QueryError("expected a word at the end")
    return clauses


def _with(clause: Clause, kind: str, value: str, names: Sequence[str]) -> Clause:
    """The clause, and what a part of the query adds to it."""
    if kind == "presence":
        return msgspec.structs.replace(clause, presence=value)
    if kind == "term":
        return msgspec.structs.replace(clause, term=value.lower(), stemmed="*" not in value)
    if kind == "field":
        if value not in names:
            raise QueryError(f'no field "{value}"; there are {", ".join(names)}')
        return msgspec.structs.replace(clause, fields=(list(names).index(value),))
    if not value:
        raise QueryError("~ and ^ want a number")
    number = int(value[:MOST_DIGITS])
    if kind == "boost":
        return msgspec.structs.replace(clause, boost=number)
    if number > MOST_EDITS or (len(clause.term) + number) ** (number + 1) > WORK:
        raise QueryError(f"~{number} is too much for this word")
    return msgspec.structs.replace(clause, edits=number)


def _wildcard(text: str) -> Node:
    root = at = Node()
    for place, char in enumerate(_units(text)):
        if char == "*":
            at.edges["*"] = at
        else:
            at.edges[char] = at = Node()
        at.final = place == len(_units(text)) - 1
    return root


def _fuzzy(text: str, edits: int) -> Node:
    root = Node()
    stack = [(root, edits, text)]

    def go(node: Node, left: int, rest: str, ends: bool) -> None:
        node.final = node.final or ends
        stack.append((node, left, rest))

    done: set[tuple[int, int, str]] = set()
    while stack:
        at, left, rest = stack.pop()
        if (id(at), left, rest) in done:  # all that follows from it is there
            continue
        done.add((id(at), left, rest))
        if rest:
            go(at.step(rest[0]), left, rest[1:], len(rest) == 1)
        if not left:
            continue
        go(at.step("*"), left - 1, rest, not rest)
        if len(rest) > 1:
            stack.append((at, left - 1, rest[1:]))
        if len(rest) == 1:
            at.final = True
        if rest:
            go(at.step("*"), left - 1, rest[1:], len(rest) == 1)
        if len(rest) > 1:
            go(at.step(rest[1]), left - 1, rest[0] + rest[2:], False)
    return root


def _units(text: str) -> list[str]:
    """The text as JavaScript counts it: in UTF-16 units."""
    data = utf16(text)
    return [data[i : i + 2].decode("utf-16-be", "surrogatepass") for i in range(0, len(data), 2)]


def accepted(words: Iterable[str], automaton: Node) -> list[str]:
    """The words that the automaton accepts, in lunr's order."""
    trie, found = Node(), Node()
    for word in sorted(set(words), key=utf16):
        at = trie
        for char in _units(word):
            at = at.step(char)
        at.final = True
    stack = [(automaton, found, trie)]
    done: set[tuple[int, int]] = set()
    while stack:
        query, out, at = stack.pop()
        if (id(query), id(at)) in done:
            continue
        done.add((id(query), id(at)))
        chars = at.chars()
        for edge in query.chars():
            for char in chars:
                if char != edge and edge != "*":
                    continue
                step = out.step(char)
                step.final = step.final or (at.edges[char].final and query.edges[edge].final)
                stack.append((query.edges[edge], step, at.edges[char]))
    result, walk = [], [("", found)]
    while walk:
        prefix, at = walk.pop()
        if at.final:
            result.append(prefix.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass"))
        walk += [(prefix + char, at.edges[char]) for char in at.chars()]
    return result


def _holds(word: str, pieces: Sequence[str]) -> bool:
    """Whether a word begins and ends with the outer pieces and has the others between, in order: in linear time."""
    first, *inner, last = pieces
    if len(word) < len(first) + len(last) or not (word.startswith(first) and word.endswith(last)):
        return False
    at, end = len(first), len(word) - len(last)
    for piece in inner:
        at = word.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


def _expand(index: Index, places: Mapping[str, int], clause: Clause) -> list[int]:
    """The places of a clause's terms, in lunr's order."""
    term, edits = stem(clause.term) if clause.stemmed else clause.term, clause.edits
    if edits is None and "*" not in term:
        return [places[term]] if term in places else []
    if edits is None:
        pieces = term.split("*")
        near = [word for word in index.terms if _holds(word, pieces)]
        automaton = _wildcard(term)
    else:
        near = [word for word in index.terms if abs(len(word) - len(term)) <= edits]
        automaton = _fuzzy(term, edits)
    return [places[word] for word in accepted(near, automaton)]


def search(index: Index, places: Mapping[str, int], text: str) -> tuple[Array, Array]:
    """Papers and scores of every hit, best first, as lunr's `Index.search` gives them. `places`: of the terms."""
    names = [field.name for field in index.fields]
    clauses = parse(text, names)
    vectors: list[dict[int, int]] = [{} for _ in names]
    paths: dict[int, list[int]] = {}
    barred = np.zeros(index.papers, bool)
    required = np.ones(index.papers, bool)
    for clause in clauses:
        has = np.zeros(index.papers, bool)
        for term in _expand(index, places, clause):
            for number in clause.fields:
                p = index.postings[names[number]]
                papers = p.papers[p.starts[term] : p.starts[term + 1]]
                has[papers] = True
                if clause.presence == "-":
                    continue
                known = term in vectors[number]
                vectors[number][term] = vectors[number].get(term, 0) + clause.boost
                for paper in () if known else papers.tolist():
                    path = paths.setdefault(paper, [])
                    if number not in path:
                        path.append(number)
        if clause.presence == "-":
            barred |= has
        elif clause.presence == "+":
            required &= has
    if all(clause.presence == "-" for clause in clauses):
        paths = {paper: [] for paper in range(index.papers)}
    sums = [_sums(index, name, vector) for name, vector in zip(names, vectors, strict=True)]
    hits = [paper for paper in paths if required[paper] and not barred[paper]]
    scores = [sum((float(sums[number][paper]) for number in paths[paper]), 0.0) for paper in hits]
    order = sorted(range(len(hits)), key=lambda place: -scores[place])
    return np.array([hits[at] for at in order], np.int64), np.array([scores[at] for at in order])


def _sums(index: Index, name: str, vector: dict[int, int]) -> Array:
    """What a field adds to each paper's score: in the order of lunr's term numbers, divided by the query's length."""
    made = np.zeros(index.papers)
    square = 0.0
    p = index.postings[name]
    for term in sorted(vector, key=lambda term: int(index.numbers[term])):
        boost = vector[term]
        square += boost * boost
        cut = slice(p.starts[term], p.starts[term + 1])
        made[p.papers[cut]] += boost * (p.weights[cut] / 1000)
    return made / np.sqrt(square) if square else made * 0
