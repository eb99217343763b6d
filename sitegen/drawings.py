"""What plots and the map are drawn from: plain numbers. `templates/figures.html` makes SVG of them."""

from __future__ import annotations

import msgspec


class Bar(msgspec.Struct, frozen=True):
    """A year in a plot of papers per year."""

    year: str
    count: int


class Overlap(msgspec.Struct, frozen=True):
    """How many papers stand under two topics; `one` and `other` are their places among all topics, from 0."""

    one: int
    other: int
    count: int


class Mark(msgspec.Struct, frozen=True):
    """A point of the map: a paper, or several papers of one topic. Lengths are in units of the drawing."""

    x: int
    y: int
    radius: int
    path: str
    name: str
    count: int = 1


class Island(msgspec.Struct, frozen=True):
    """A topic on the map. Its label begins at `y`, its middle is at `x`."""

    slug: str
    name: str
    path: str
    """Empty for the papers that fit no topic."""
    x: int
    y: int
    span: int
    """Width of the label."""
    lines: tuple[str, ...]
    """The name as the map writes it."""
    marks: tuple[Mark, ...]
    count: int
    closer: str = ""
    """Path of the file of its papers, when a mark stands for several; else empty."""


class MapGroup(msgspec.Struct, frozen=True):
    """A group of topics on the map."""

    slug: str
    name: str
    hue: int
    """Number of its colour, from 1; 0 for the papers that fit no topic."""
    islands: tuple[Island, ...]
