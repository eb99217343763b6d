"""Papers come into the store: new, joined into the one that each is, or waiting until their title is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from sitegen import near, store
from sitegen.errors import Problem, Where
from sitegen.ingest.found import Found
from sitegen.merge import Catalogue, Merged, keys, merge
from sitegen.model import Paper
from sitegen.part import Partings, released, without
from sitegen.text import cut


@dataclass(frozen=True)
class Change:
    """What an import does to one paper. `what`: new, merged, or waiting (only its id is known)."""

    what: str
    slug: str
    title: str
    fields: dict[str, tuple[object, object]] = field(default_factory=dict)
    """Of a merged paper, each field that changes: what it was and what it becomes."""

    def __str__(self) -> str:
        head = f"{self.what:<8} {self.slug}"
        if self.what == "new":
            head += f"  {cut(self.title, 80)}"
        changes = (f"\n         {name}: {_brief(old)} -> {_brief(new)}" for name, (old, new) in self.fields.items())
        return head + "".join(changes)


@dataclass
class Report:
    """What an import did. entries = new + merged + unchanged + waiting + rejected."""

    entries: int = 0
    papers: int = 0
    new: int = 0
    merged: int = 0
    unchanged: int = 0
    waiting: int = 0
    suspicious: int = 0
    rejected: int = 0
    unreadable: int = 0
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    """Of a dry run only."""

    def as_json(self) -> dict[str, object]:
        """The form in which `--json` prints a report."""
        numbers = {name: value for name, value in vars(self).items() if isinstance(value, int) and name != "unreadable"}
        if not self.waiting:
            del numbers["waiting"]
        changes = {"changes": [msgspec.to_builtins(change) for change in self.changes]} if self.changes else {}
        return {**numbers, "problems": [problem.as_json() for problem in self.problems], **changes}


class Admission:
    """The store while papers come in."""

    def __init__(
        self, known: store.Store, parted: Mapping[str, Iterable[str]] | None = None, taken: Iterable[str] = ()
    ) -> None:
        """`parted`: papers that are not others, by slug; `taken`: addresses that the overrides give."""
        self.papers, self.abstracts = dict(known.papers), dict(known.abstracts)
        self.known = known
        self.catalogue = Catalogue(self.papers.values(), taken)
        self.partings = Partings(parted or {})
        self.own: defaultdict[str, list[Found]] = defaultdict(list)
        """Of papers that are parted from others, their entries of this run."""
        self.gone: defaultdict[str, list[Found]] = defaultdict(list)
        """Entries that were taken out of a paper in this run, by its slug."""
        self.waiting: dict[str, Paper] = {}
        for paper in known.waiting:
            old = self.waiting.get(key := keys(paper)[0])
            self.waiting[key] = merge(old, "", paper, "").paper if old else paper
        self.queue = Catalogue(_by_ids(paper, key) for key, paper in self.waiting.items())
        self.touched: dict[str, None] = {}
        self.report = Report()

    @property
    def store(self) -> store.Store:
        return store.Store(self.papers, self.abstracts, tuple(self.waiting[key] for key in sorted(self.waiting)))

    def finish(self) -> None:
        """Count, compare, and look for near-duplicates."""
        report = self.report
        report.entries = report.new + report.merged + report.unchanged + report.waiting + report.rejected
        for slug, others in self.gone.items():
            self._rebuild(slug, others)
        report.papers = len(self.papers)
        fresh = [slug for slug in self.touched if slug in self.papers and slug not in self.known.papers]
        report.problems += _alike(self.papers, fresh, self.partings)

    def changes(self) -> list[Change]:
        """What has become of each paper that came in, in their order."""
        found = []
        for slug in self.touched:
            if slug in self.waiting:
                found.append(Change("waiting", slug, ""))
            elif old := self.known.papers.get(slug):
                if fields := self._differences(old):
                    found.append(Change("merged", slug, old.title, fields))
            elif slug in self.papers:
                found.append(Change("new", slug, self.papers[slug].title))
        return found

    def _differences(self, old: Paper) -> dict[str, tuple[object, object]]:
        """The fields of a paper that differ, with both values. Where it was captured once more is no news."""
        names = [name for name in Paper.__struct_fields__ if name not in ("slug", "sources", "extra")]
        pairs = {name: (getattr(old, name), getattr(self.papers[old.slug], name)) for name in names}
        pairs["abstract"] = (self.known.abstracts.get(old.slug, ""), self.abstracts.get(old.slug, ""))
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    def admit(self, found: Found) -> None:
        """One entry: a new paper, joined into the one that it is, or waiting until its title is known."""
        matches = self.catalogue.find(found.paper if found.paper.title else _by_ids(found.paper))
        # An entry that came in before is the paper that it was joined to then, whatever else it has come to resemble.
        matches.sort(key=lambda slug: not {*found.paper.sources} & {*self.papers[slug].sources})
        names = {slug: self.partings.named(slug, found.paper) for slug in matches}
        if mine := self.partings.settle(found.paper, matches, self.papers):
            here = self._join(found, mine)
        elif found.paper.title:
            here = self._add(found)
        else:
            return self._wait(found)
        for slug, name in names.items():
            if name:
                self._part(slug, name, found, here)

    def _part(self, slug: str, name: str, found: Found, here: str) -> None:
        """The entry is another paper, now at `here`: take it out of the one that it was joined to by mistake."""
        self.partings.add(slug, here)
        self.papers[slug] = released(self.papers[slug], found.paper, name)
        self.catalogue.give(self.papers[here])
        self.gone[slug].append(found)
        self.touched[slug] = None

    def _rebuild(self, slug: str, others: Sequence[Found]) -> None:
        """A paper without what those others gave it, once all its own entries are at hand to say what is its own."""
        paper, own = self.papers[slug], self.own[slug]
        here = {source.name for found in own for source in found.paper.sources}
        missing = sorted({source.file for source in paper.sources if source.name not in here})
        if missing or not own:
            message = f"{slug} may still hold what belongs to {others[0].paper.title!r}"
            hint = "correct it in content/overrides.yaml"
            hint += f"; what it has from {', '.join(missing)} did not come with this import" if missing else ""
            self.report.problems.append(Problem(others[0].where, message, hint, "warning"))
            return
        left, abstract = paper, self.abstracts.pop(slug, "")
        for other in others:
            left = without(left, other.paper)
            abstract = "" if abstract == other.abstract else abstract
        title = paper.title if paper.title in [found.paper.title for found in own] else own[0].paper.title
        result = Merged(msgspec.structs.replace(own[0].paper, slug=slug, title=title), own[0].abstract, ())
        for found in own[1:]:
            result = merge(result.paper, result.abstract, found.paper, found.abstract)
        result = merge(result.paper, result.abstract, left, abstract)
        self.papers[slug] = result.paper
        if result.abstract:
            self.abstracts[slug] = result.abstract

    def _add(self, found: Found) -> str:
        self.report.new += 1
        paper = msgspec.structs.replace(found.paper, slug=self.catalogue.address(found.paper))
        return self._keep(paper, found.abstract, found.problems)

    def _wait(self, found: Found) -> None:
        queued = [key for key in self.queue.find(_by_ids(found.paper)) if key in self.waiting]
        key = queued[0] if queued else keys(found.paper)[0]
        old = self.waiting.get(key)
        result = (
            merge(old, "", found.paper, "") if old else Merged(msgspec.structs.replace(found.paper, slug=""), "", ())
        )
        self.report.problems += [Problem(found.where, f"{key}: left out {what}", "", "note") for what in result.lost]
        paper = result.paper
        self.waiting[key] = paper
        self.queue.add(_by_ids(paper, key))
        if paper != old:
            self.touched[key] = None
        self.report.waiting += paper != old
        self.report.unchanged += paper == old
        self.report.suspicious += bool(found.problems)
        self.report.problems += found.problems

    def _join(self, found: Found, matches: list[str]) -> str:
        odd, here, newcomer = list(found.problems), matches[0], found.paper
        if len(matches) > 1:
            newcomer = self.catalogue.without_others(found.paper, here)
            message = f'"{cut(found.paper.title, 60)}" is like {len(matches)} papers: {", ".join(matches)}'
            odd.append(Problem(found.where, message, "it was joined to the first; see which one it is", "warning"))
        if here in self.partings:
            self.own[here].append(found)
        abstract = self.abstracts.get(here, "")
        result = merge(self.papers[here], abstract, newcomer, found.abstract)
        same = result.paper == self.papers[here] and result.abstract == abstract
        self.report.unchanged += same
        self.report.merged += not same
        for text in (f"{here}: left out {what}" for what in result.lost):
            if "arxiv_id" in text or "doi " in text:
                name = next(iter(sorted(found.paper.captures or found.paper.identifiers)), "")
                hint = (
                    f'two papers? write "distinct_from: [{name}]" under {here} in content/overrides.yaml, import again'
                )
                odd.append(Problem(found.where, text, hint, "warning"))
            else:
                self.report.problems.append(Problem(found.where, text, "", "note"))
        return self._keep(result.paper, result.abstract, odd)

    def _keep(self, paper: Paper, abstract: str, odd: Sequence[Problem]) -> str:
        """A paper into the store, with what was known about it while it waited. Returns its slug."""
        self.report.suspicious += bool(odd)
        self.report.problems += odd
        for key in self.queue.find(paper):
            if key in self.waiting:
                result = merge(paper, "", self.waiting.pop(key), "")
                notes = (f"{paper.slug}: left out {what} of {key}" for what in result.lost)
                self.report.problems += [Problem(Where("content/waiting.jsonl"), note, "", "note") for note in notes]
                paper = result.paper
        self.papers[paper.slug] = paper
        self.touched[paper.slug] = None
        self.catalogue.add(paper)
        if abstract:
            self.abstracts[paper.slug] = abstract
        return paper.slug


def _brief(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f'"{cut(text, 60)}"' if text else "nothing"


def _by_ids(paper: Paper, slug: str = "") -> Paper:
    """A paper that waits, as far as it is known: many are called by one nickname, so that alone says nothing."""
    return msgspec.structs.replace(paper, slug=slug, title="", also_titled=())


def _alike(papers: dict[str, Paper], fresh: list[str], partings: Partings) -> list[Problem]:
    """Notes about new papers whose title is nearly another's."""
    titles = {slug: paper.title for slug, paper in papers.items()}
    hint = 'content/overrides.yaml can say "merge_into" or "distinct_from"'
    return [
        Problem(Where("content/papers.jsonl"), f"{one} and {other} may be the same paper", hint, "note")
        for one, other in near.near_duplicates(titles, fresh)
        if not partings.are_apart(papers[one], papers[other])
    ]
