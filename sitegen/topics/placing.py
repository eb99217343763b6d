"""The topics of every paper of a list. After a change only those are reckoned again that it can have moved."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from sitegen import features
from sitegen.arrays import Array, np
from sitegen.model import Entry, Group, Placement
from sitegen.topics.model import Ground, Model

FLOOR = 0.07
"""A likeness below this is chance: the paper fits no topic."""
SECONDARY = 0.8
"""A topic this close to the best one is secondary."""
MOST_SECONDARY = 3


def likely(ranked: Sequence[Placement]) -> list[Placement]:
    """The best of the ranked topics and those close to it; none when not even the best fits."""
    if not ranked or ranked[0].score < FLOOR:
        return []
    near = [p for p in ranked[1 : 1 + MOST_SECONDARY] if p.score >= SECONDARY * ranked[0].score]
    return [ranked[0], *near]


class Stand(NamedTuple):
    """Where a paper stands: what an entry says of it."""

    placements: tuple[Placement, ...] = ()
    confidence: float = 0.0
    idle: tuple[str, ...] = ()


class Placing(NamedTuple):
    """The stands of papers, by slug, and what the model made of those that it was asked for."""

    stands: dict[str, Stand]
    model: Model | None = None
    asked: Sequence[int] = ()
    """Rows of the model's ground."""
    rules: Sequence[tuple[Sequence[str], Sequence[str]]] = ()
    """The topics that overrides add and take away, for each."""
    scores: Any = ()
    order: Any = ()
    """Arrays: the scores of all topics for each; the numbers of the likeliest, as many as may be needed."""


def place(entries: Iterable[Entry], groups: Sequence[Group]) -> list[Entry]:
    """The entries with their placements: the curator's where there are some, else the likeliest topics."""
    entries = list(entries)
    stands = placing(entries, groups).stands
    return [msgspec.structs.replace(entry, **stands[entry.slug]._asdict()) for entry in entries]


def placing(
    entries: Sequence[Entry],
    groups: Sequence[Group],
    table: Callable[[], features.Table] | None = None,
    before: Placing | None = None,
) -> Placing:
    """Where papers stand. `table`: what `told` says, counted; asked for only when there is something to reckon.
    `before`: what was found for an earlier state of the list; the result is the same without it."""
    stands = {entry.slug: _confirmed(entry) for entry in entries}
    if all(stand.placements for stand in stands.values()) or not any(group.topics for group in groups):
        return Placing(stands)
    known = [_under(entry, stands[entry.slug].placements) for entry in entries]
    ground = Ground(known, groups, table and table())
    asked = [row for row, entry in enumerate(ground.entries) if not entry.placements]
    model = ground.learn(ground.confirmed)
    rules = [(rule.add, rule.remove) if (rule := ground.entries[row].override) else ((), ()) for row in asked]
    most = 1 + MOST_SECONDARY + max(len(added) + len(removed) for added, removed in rules)
    same = before and before.asked == asked and before.stands.keys() == stands.keys()
    moved = model.moved(before.model) if before and before.model and same else None
    if before is None or moved is None:
        scores, order = _scored(model, asked, most)
        found = Placing(stands, model, asked, rules, scores, order)
        return found._replace(stands=stands | _reckoned(found, range(len(asked))))
    scores, order = _scored(model, asked, most, before.scores, moved)
    found = Placing(stands, model, asked, rules, scores, order)
    slugs = [ground.entries[row].slug for row in asked]
    kept = {slug: before.stands[slug] for slug in slugs}
    return found._replace(stands=stands | kept | _reckoned(found, _again(found, before, moved)))


def _under(entry: Entry, placements: tuple[Placement, ...]) -> Entry:
    return msgspec.structs.replace(entry, placements=placements) if placements else entry


def _scored(
    model: Model, asked: Sequence[int], most: int, known: Array | None = None, moved: Array | None = None
) -> tuple[Array, Array]:
    """The scores of rows, and the numbers of their likeliest topics. `known`: the scores of all topics but `moved`."""
    scores = model.scores(asked, moved)
    if known is not None:
        known = known.copy()
        known[:, moved] = scores
        scores = known
    return scores, np.argsort(-scores, axis=1, kind="stable")[:, :most]


def _again(found: Placing, before: Placing, moved: Array) -> Sequence[int]:
    """The places among those asked for whose stands may be others, now that the weights of some topics are."""
    if found.order.shape != before.order.shape:
        return range(len(found.asked))
    near = np.isin(np.hstack([found.order, before.order]), moved).any(axis=1)
    ruled = np.array([rule != was for rule, was in zip(found.rules, before.rules, strict=True)], bool)
    some: list[int] = np.flatnonzero(near | ruled).tolist()
    return some


def _reckoned(found: Placing, places: Sequence[int]) -> dict[str, Stand]:
    """The stands of some of those asked for, by slug."""
    model = found.model
    assert model is not None
    ranked = model.placements(found.scores[[*places]], found.order[[*places]])
    stands = [_predicted(found.rules[place], mine) for place, mine in zip(places, ranked, strict=True)]
    rows = [found.asked[place] for place in places]
    worded = model.worded(rows, [stand.placements for stand in stands])
    slugs = [model.ground.entries[row].slug for row in rows]
    return {
        slug: stand._replace(placements=placements)
        for slug, stand, placements in zip(slugs, stands, worded, strict=True)
    }


def _confirmed(entry: Entry) -> Stand:
    topics = entry.override.topics if entry.override else ()
    placements = tuple([Placement(topic, 1.0, confirmed=True) for topic in topics])
    return Stand(placements, 1.0) if topics else Stand(entry.placements, entry.confidence, entry.idle)


def _predicted(rule: tuple[Sequence[str], Sequence[str]], ranked: list[Placement]) -> Stand:
    """The likeliest topics. `rule`: those that an override adds and takes away; `ranked`: so many that enough are left
    without these."""
    added, removed = rule
    idle = {*removed} - {placement.topic for placement in likely(ranked)}
    ranked = [placement for placement in ranked if placement.topic not in {*removed, *added}]
    best = likely(ranked)
    extra = [Placement(topic, 1.0, confirmed=True) for topic in added]
    placements = [*best[:1], *extra, *best[1:]][: 1 + MOST_SECONDARY]
    sure = confidence(ranked) if best else float(bool(extra))
    return Stand(tuple(placements), sure, tuple(topic for topic in removed if topic in idle))


def confidence(ranked: Sequence[Placement]) -> float:
    """How sure the first of the ranked topics is, in [0, 1]: the closer the next two, the less.

    `1 - (second / best) ** 4 / 2 - (third / best) ** 4 / 4`. Of several forms this one meant what it says: among papers
    that it calls 80 % sure, about 80 % are right (`sitegen evaluate` shows its calibration error).
    """
    if not ranked or ranked[0].score <= 0:
        return 0.0
    rivals = [placement.score / ranked[0].score for placement in ranked[1:3]]
    return round(1 - math.fsum(rival**4 / 2**place for place, rival in enumerate(rivals, 1)), 4)
