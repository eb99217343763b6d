"""`evaluate`: how well topics are placed, on papers whose topics the curator has confirmed.

Without a file: stratified cross-validation on the list itself, each paper placed by a model that has not seen it. With
a labelled file: JSON Lines with `title`, `abstract`, `primary` (a topic's slug, or `none`) and `secondary`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from sitegen import build, topics
from sitegen.errors import Problem, SiteError, Where, nearest
from sitegen.files import read_bytes
from sitegen.model import Entry, Paper
from sitegen.text import digest

FOLDS = 5
BINS = 10
BAR = 40
"""Characters of a full bar."""
MOST_CONFUSED = 12
NONE = "none"


class Label(msgspec.Struct, frozen=True):
    """What is right about one paper."""

    title: str
    abstract: str = ""
    primary: str = NONE
    secondary: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """A prediction beside what is right."""

    prediction: topics.Prediction
    primary: str
    secondary: tuple[str, ...]

    @property
    def best(self) -> str:
        return self.prediction.ranked[0].topic if self.prediction.ranked else NONE

    @property
    def right(self) -> bool:
        return self.best == self.primary


@dataclass(frozen=True)
class Report:
    """The figures. Shares are of the papers that have a topic; `none` is judged apart."""

    judged: tuple[Judged, ...]
    curve: tuple[tuple[int, float], ...] = ()
    """Number of confirmed papers learnt from -> share placed right."""

    @property
    def placed(self) -> list[Judged]:
        return [item for item in self.judged if item.primary != NONE]

    def share(self, right: Sequence[bool]) -> float:
        return round(sum(right) / len(right), 4) if right else 0.0

    def figures(self) -> dict[str, float]:
        """Top-1, top-3, primary-or-secondary, calibration, and, where papers that fit none are among them, its F1."""
        placed = self.placed
        ranked = [[p.topic for p in item.prediction.ranked] for item in placed]
        found = {
            "top1": self.share([item.right for item in placed]),
            "top3": self.share([i.primary in r[:3] for i, r in zip(placed, ranked, strict=True)]),
            "primary_or_secondary": self.share([i.best in (i.primary, *i.secondary) for i in placed]),
            "calibration_error": self._calibration_error(),
            "errors_in_least_certain_quarter": self._errors_first(),
        }
        if len(placed) < len(self.judged):
            found["fits_none_f1"] = self._none_f1()
        return found

    def _none_f1(self) -> float:
        said = [(item.prediction.fits_none, item.primary == NONE) for item in self.judged]
        both, either = sum(a and b for a, b in said), sum(a + b for a, b in said)
        return round(2 * both / either, 4) if either else 1.0

    def calibration(self) -> list[tuple[int, float, float]]:
        """For each tenth of confidence that any paper has: how many have it, how sure they are, what share is right."""
        bins: defaultdict[int, list[Judged]] = defaultdict(list)
        for item in self.placed:
            bins[min(int(item.prediction.confidence * BINS), BINS - 1)].append(item)
        return [
            (len(i), sum(j.prediction.confidence for j in i) / len(i), sum(j.right for j in i) / len(i))
            for _, i in sorted(bins.items())
        ]

    def _calibration_error(self) -> float:
        """Expected calibration error over ten equal bins of confidence."""
        gaps = sum(n * abs(sure - right) for n, sure, right in self.calibration())
        return round(gaps / len(self.placed), 4) if self.placed else 0.0

    def _errors_first(self) -> float:
        """Share of the wrong placements that are among the quarter of papers least certain."""
        order = sorted(self.placed, key=lambda item: item.prediction.confidence)
        wrong = [n for n, item in enumerate(order) if not item.right]
        return self.share([n < len(order) / 4 for n in wrong])

    def by_topic(self) -> dict[str, dict[str, float]]:
        """Precision and recall of each topic that is right for, or was given to, any paper."""
        right, given, hits = Counter[str](), Counter[str](), Counter[str]()
        for item in self.placed:
            right[item.primary] += 1
            given[item.best] += 1
            hits[item.primary] += item.right
        return {
            topic: {
                "papers": right[topic],
                "precision": round(hits[topic] / given[topic], 4) if given[topic] else 0.0,
                "recall": round(hits[topic] / right[topic], 4) if right[topic] else 0.0,
            }
            for topic in sorted({*right, *given})
        }

    def confusions(self) -> list[tuple[str, str, int]]:
        """(right topic, topic given, how often), most frequent first."""
        wrong = Counter((item.primary, item.best) for item in self.placed if not item.right)
        return [(*pair, n) for pair, n in sorted(wrong.items(), key=lambda item: (-item[1], item[0]))]

    def as_json(self) -> dict[str, object]:
        """The form in which `--json` prints it."""
        return {
            "papers": len(self.judged),
            **self.figures(),
            "topics": self.by_topic(),
            "confusions": [{"right": r, "given": g, "papers": n} for r, g, n in self.confusions()],
            "calibration": [{"papers": n, "sure": round(s, 4), "right": round(r, 4)} for n, s, r in self.calibration()],
            "curve": [{"confirmed": n, "top1": share} for n, share in self.curve],
        }

    def __str__(self) -> str:
        lines = [f"{len(self.judged)} papers", *(f"{name:32} {value:6.3f}" for name, value in self.figures().items())]
        lines += ["", f"{'topic':32} papers  precision  recall"]
        for topic, row in self.by_topic().items():
            lines.append(f"{topic:32} {row['papers']:6}     {row['precision']:6.2f}  {row['recall']:6.2f}")
        if confusions := self.confusions()[:MOST_CONFUSED]:
            lines += ["", f"{'taken from':32} {'given to':32} papers"]
            lines += [f"{right:32} {given:32} {n:6}" for right, given, n in confusions]
        lines += ["", "how sure  right  papers"]
        lines += [f"{sure:8.0%}  {right:5.0%}  {n:6}  {_bar(right)}" for n, sure, right in self.calibration()]
        if self.curve:
            lines += ["", "Placed right, by the number of confirmed papers:"]
            lines += [f"  {n:5} {share:6.1%}  {_bar(share)}" for n, share in self.curve]
        return "\n".join(lines)


def _bar(share: float) -> str:
    full = round(BAR * share)
    return "#" * full + "." * (BAR - full)


def run(site: Path, file: Path | None = None) -> Report:
    """Evaluate on a labelled file, or by cross-validation. Raises SiteError for a broken site or file."""
    content = build.load(site)
    known = [topic.slug for group in content.groups for topic in group.topics]
    confirmed = sorted((e for e in content.entries if e.confidence == 1.0 and e.topics), key=lambda e: e.slug)
    if file:
        labels = _labels(file, known)
        papers = [Entry(Paper("", label.title), abstract=label.abstract) for label in labels]
        judged = [
            Judged(prediction, label.primary, label.secondary)
            for prediction, label in zip(topics.judged(content.groups, confirmed, papers), labels, strict=True)
        ]
        return Report(tuple(judged))
    ground = topics.Ground(confirmed, content.groups)
    folds = _folds(ground.entries)
    curve = [(0, _top1(ground, folds, 0.0))] + [
        (round(share * len(confirmed) * (FOLDS - 1) / FOLDS), _top1(ground, folds, share)) for share in (0.25, 0.5, 1.0)
    ]
    return Report(tuple(_cross_validated(ground, folds, 1.0)), tuple(curve))


def _folds(entries: Sequence[Entry]) -> list[list[int]]:
    """The numbers of the papers in five parts with the topics spread evenly; the same papers give the same parts."""
    ordered = sorted(range(len(entries)), key=lambda n: (entries[n].topics[0], entries[n].slug))
    return [ordered[n::FOLDS] for n in range(FOLDS)]


def _cross_validated(ground: topics.Ground, folds: list[list[int]], share: float) -> list[Judged]:
    judged = []
    for number, part in enumerate(folds):
        others = [row for n, fold in enumerate(folds) if n != number for row in fold]
        model = ground.learn(others[: round(share * len(others))] if share < 1 else others)
        for row, prediction in zip(part, topics.predict(model, part), strict=True):
            right = ground.entries[row].topics
            judged.append(Judged(prediction, right[0], right[1:]))
    return judged


def _top1(ground: topics.Ground, folds: list[list[int]], share: float) -> float:
    # Half of the papers should be half of each topic: an order that has nothing to do with topics.
    spread = [sorted(fold, key=lambda row: digest(ground.entries[row].slug, 16)) for fold in folds]
    return Report(tuple(_cross_validated(ground, spread, share))).figures()["top1"]


def _labels(file: Path, known: Sequence[str]) -> list[Label]:
    labels, problems = [], []
    for number, line in enumerate(read_bytes(file).split(b"\n"), 1):
        if not line.strip():
            continue
        where = Where(str(file), number)
        try:
            label = msgspec.json.decode(line, type=Label)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            problems.append(Problem(where, f"is not a labelled paper: {error}", 'write {"title": ..., "primary": ...}'))
            continue
        labels.append(label)
        for topic in (label.primary, *label.secondary):
            if topic not in known and topic != NONE:
                problems.append(Problem(where, f'unknown topic "{topic}"', nearest(topic, known)))
    if problems:
        raise SiteError(problems)
    return labels
