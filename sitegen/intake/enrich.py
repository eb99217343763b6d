"""`enrich`: what a paper's record lacks, from web services. The only command that uses a network.

Only empty fields are filled (and a date made more exact); each fact is recorded with its service in `enriched`. Every
answer must be about the paper asked for. The list is saved as it grows, answers are kept on disk, so that a run that
was broken off goes on where it stopped; one failing paper or service never loses the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from sitegen import config, curate, ingest, lock, store
from sitegen.errors import Problem, SiteError, Where, fail
from sitegen.ingest.found import Found, arxiv_id, doi
from sitegen.intake import answers
from sitegen.intake.admission import Admission
from sitegen.merge import keys
from sitegen.model import Paper
from sitegen.services import Client, Service, Unanswered, batches, services
from sitegen.tex import looks_cut
from sitegen.text import fold

Progress = Callable[[int, int], None]
SAVE_EVERY = 25
"""Answers after which the list is saved."""


@dataclass
class Report:
    """What a run did."""

    papers: int = 0
    """How many it looked at."""
    filled: dict[str, dict[str, str]] = field(default_factory=dict)
    """The fields that were filled by paper, each with its service."""
    named: list[str] = field(default_factory=list)
    """Papers that had waited for a title."""
    waiting: int = 0
    reached: bool = True
    """Whether any service answered, if any was asked."""
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """The form in which `--json` prints a report."""
        problems = [problem.as_json() for problem in self.problems]
        return {**vars(self), "problems": problems}


def run(
    site: Path,
    names: Sequence[str] = (),
    contact: str = "",
    asked: Sequence[Service] | None = None,
    client: Client | None = None,
    progress: Progress | None = None,
) -> Report:
    """Fill what is missing in the named papers, or in all. `asked` and `client` are given by tests.

    Raises SiteError when the store is broken, a name means no paper, or another process changes the papers; then
    nothing is asked.
    """
    contact = contact or config.read_site(site / "content", []).contact
    client = client or Client(site / ".sitegen" / "enrich", contact)
    with lock.held(site, "papers", "sitegen enrich"):
        return _enrich(site / "content", names, services(contact) if asked is None else asked, client, progress)


def _enrich(
    content: Path, names: Sequence[str], chosen: Sequence[Service], client: Client, progress: Progress | None
) -> Report:
    work = _Work(content)
    targets = work.named(names) if names else [*work.admission.papers, *work.admission.waiting]
    work.report.papers = len(targets)
    try:
        for number, service in enumerate(chosen):
            for part in work.ask(service, client, targets):
                if progress:
                    progress(int(100 * (number + part)), 100 * len(chosen))
    finally:
        work.save()
    work.report.reached = work.answers > 0 or not work.unanswered
    work.report.waiting = len(work.admission.waiting)
    work.report.problems += work.admission.report.problems
    for host, reason in sorted(client.down.items()):
        hint = "run enrich again later; it goes on from here"
        work.report.problems.append(Problem(Where(host), reason, hint, "warning"))
    return work.report


class _Work:
    """The list while answers come in."""

    def __init__(self, content: Path) -> None:
        self.content, self.saved = content, store.read(content)
        self.admission = Admission(self.saved, *curate.read_partings(content, list(self.saved.papers.values())))
        self.report = Report()
        self.answers = self.unanswered = 0
        self.moved: dict[str, str] = {}
        """Slugs of the papers that waited, by the key under which they did."""

    def save(self) -> None:
        """Write what is new, unless somebody else has written meanwhile: then theirs stands. Raises SiteError then."""
        if (now := self.admission.store) == self.saved:
            return
        if store.read(self.content) != self.saved:
            hint = "run enrich again; the answers are kept"
            raise fail("content/papers.jsonl", "was changed while enrich was at work, and is left as it is", hint)
        store.write(self.content, now)
        self.saved = now

    def named(self, names: Sequence[str]) -> list[str]:
        """The slugs, or keys of waiting papers, that are meant: by slug, id, link, or the start of a title."""
        found, problems = [], []
        for name in names:
            papers = self.admission.papers
            ids = {f"arxiv:{arxiv_id(name).lower()}", f"doi:{doi(name)}"}
            starts = [slug for slug, paper in papers.items() if fold(name) and fold(paper.title).startswith(fold(name))]
            same = [slug for slug, paper in papers.items() if ids & {*keys(paper)}]
            matches = (
                [name] if name in papers else same or [key for key in self.admission.waiting if key in ids] or starts
            )
            if len(matches) == 1:
                found += matches
            elif matches:
                hint = f"use a slug: {', '.join(sorted(matches)[:3])}"
                problems.append(Problem(Where(name), f"is the start of {len(matches)} titles", hint))
            else:
                hint = "use a paper's slug, arXiv id, DOI or the start of its title; import brings new papers in"
                problems.append(Problem(Where(name), "is no paper of the list", hint))
        if problems:
            raise SiteError(problems)
        return found

    def paper(self, target: str) -> Paper:
        slug = self.moved.get(target, target)
        if slug in self.admission.waiting:
            return self.admission.waiting[slug]
        if slug not in self.admission.papers:  # it waited too, and was found to be one with another paper
            kind, _, name = slug.partition(":")
            held = Paper("", "", arxiv_id=name) if kind == "arxiv" else Paper("", "", doi=name)
            [slug, *_] = self.admission.catalogue.find(held)
        return self.admission.papers[slug]

    def ask(self, service: Service, client: Client, targets: Sequence[str]) -> Iterator[float]:
        """Ask a service about the papers that lack what it gives; yields how much is done, in [0, 1]."""
        todo: dict[str, str] = {}
        for target in targets:
            paper = self.paper(target)
            abstract = self.admission.abstracts.get(paper.slug, "")
            if (key := service.key(paper)) and answers.lacking(paper, abstract) & service.gives:
                todo.setdefault(key if service.by_title else key.lower(), target)
        for done, batch in enumerate(batches(todo, service.at_once), 1):
            if not self._batch(service, client, batch, todo):
                break
            if done % SAVE_EVERY == 0:
                self.save()
            yield done * service.at_once / len(todo)

    def _batch(self, service: Service, client: Client, batch: list[str], todo: dict[str, str]) -> bool:
        """One question and its answers. Returns whether the service can be asked on."""
        try:
            body = client.get(service.address(batch), service.gap, service.fault)
        except Unanswered as error:
            if error.refused and len(batch) > 1:
                return self._halves(service, client, batch, todo)
            self.unanswered += 1
            message = f"no answer about {self._brief(batch, todo)}: {error}"
            down = str(error) in client.down.values()  # said once, at the end
            self.report.problems += [] if down else [Problem(Where(service.name), message, "", "warning")]
            return not down
        self.answers += 1
        reading = ingest.read(body, service.name) if body else None
        if reading is None:
            return True
        if reading.rejected and len(batch) > 1 and len(reading.found) < len(batch):
            return self._halves(service, client, batch, todo)  # one bad id spoils the answer about all
        found = [found for found in reading.found if found.paper.title]
        for key in batch:
            self._answer(service, todo[key], key, found, alone=len(batch) == 1)
        return True

    def _halves(self, service: Service, client: Client, batch: list[str], todo: dict[str, str]) -> bool:
        middle = len(batch) // 2
        return all(self._batch(service, client, part, todo) for part in (batch[:middle], batch[middle:]))

    def _brief(self, batch: list[str], todo: dict[str, str]) -> str:
        names = [self.moved.get(todo[key], todo[key]) for key in batch]
        return names[0] if len(names) == 1 else f"{len(names)} papers from {names[0]} on"

    def _answer(self, service: Service, target: str, key: str, given: Sequence[Found], alone: bool) -> None:
        """What one paper gains from the answers to a question."""
        paper = self.paper(target)
        if service.by_title:
            same = [answer for answer in given if answers.is_surely(paper, answer.paper)]
            if len({(a.paper.arxiv_id, a.paper.doi) for a in same}) == 1:
                self._fill(service, paper, answers.ids_only(same[0]))
            return
        fitting = [answer for answer in given if key in answers.ids(answer.paper)]
        if not fitting:
            if alone and given:
                message = f'asked about {key}, it answered about "{given[0].paper.title[:60]}"; that was left out'
                self._doubt(service, message, "")
            return
        if paper.title and not answers.is_about(paper, fitting[0].paper):
            message = f'{paper.slug}: {key} is called "{fitting[0].paper.title[:80]}" there; nothing was taken from it'
            self._doubt(service, message, "correct the id, or the title, in content/overrides.yaml or by an import")
        elif paper.title:
            self._fill(service, paper, fitting[0])
        else:
            self._name(service, target, fitting[0])

    def _doubt(self, service: Service, message: str, hint: str) -> None:
        self.report.problems.append(Problem(Where(service.name), message, hint, "warning"))

    def _name(self, service: Service, target: str, found: Found) -> None:
        """A paper that waited has its title: it comes into the list."""
        given = {name: service.name for name in (*answers.PLAIN, "title", "published") if getattr(found.paper, name)}
        given |= {"abstract": service.name} if found.abstract else {}
        named = msgspec.structs.replace(found.paper, sources=(), slug="", enriched=given)
        self.admission.admit(Found(named, found.abstract, found.where))
        [slug, *_] = self.admission.catalogue.find(named)
        self.moved[target] = slug
        self.report.named.append(slug)
        self.report.filled.setdefault(slug, {}).update(given)

    def _fill(self, service: Service, paper: Paper, found: Found) -> None:
        """Take what the record lacks, but for an id that another paper has."""
        abstract = self.admission.abstracts.get(paper.slug, "")
        others = [slug for slug in self.admission.catalogue.find(answers.identity(found.paper)) if slug != paper.slug]
        if others:
            message = f"{paper.slug} has an id of {others[0]} there; the id was left out"
            self._doubt(service, message, "if they are one paper, join them by merge_into in content/overrides.yaml")
            found = Found(msgspec.structs.replace(found.paper, arxiv_id="", doi=""), found.abstract, found.where)
        changes = answers.taken(paper, found.paper)
        given = dict.fromkeys(changes, service.name)
        better = found.abstract and (not abstract or (looks_cut(abstract) and not looks_cut(found.abstract)))
        if better:
            self.admission.abstracts[paper.slug] = found.abstract
            given["abstract"] = service.name
        known = {fold(title) for title in (paper.title, *paper.also_titled)}
        if found.paper.title and fold(found.paper.title) not in known:
            changes["also_titled"] = (*paper.also_titled, found.paper.title)
        if not given and not changes:
            return
        extra, enriched = {**found.paper.extra, **paper.extra}, {**paper.enriched, **given}
        filled = msgspec.structs.replace(paper, **changes, extra=extra, enriched=enriched)
        self.admission.papers[paper.slug] = filled
        self.admission.catalogue.add(filled)
        self.report.filled.setdefault(paper.slug, {}).update(given)
