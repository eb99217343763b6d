"""Where topics stand on the map: those that resemble each other near, those of a group together, none over another.

Stress majorisation (Gansner, Koren and North, 2004) from a fixed start, the topics on a ring in the curator's order:
a small change of the list changes the map a little, and never turns or mirrors it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.arrays import Array, np

Floats = Array
Points = Array
"""Shape (n, 2): x to the right, y down."""

ROUNDS = 60
TOGETHER = 0.75
"""How much nearer topics of one group are than their likeness alone would have them."""
GRAIN = 5
"""Centres end up on a grid this wide."""


def spread(likeness: Floats, groups: Sequence[int]) -> Points:
    """Points for k topics in the square from -1 to 1, alike ones near. `likeness`: symmetric, in [0, 1], shape (k, k).
    `groups`: the number of each topic's group."""
    if not len(groups):
        return np.zeros((0, 2))
    distances = (1 - likeness) * np.where(np.equal.outer(groups, groups), TOGETHER, 1.0)
    np.fill_diagonal(distances, 0)
    turn = 2 * np.pi * np.arange(len(groups)) / len(groups) - 0.75 * np.pi  # the first at the upper left
    points: Points = _majorised(np.column_stack([np.cos(turn), np.sin(turn)]), distances)
    points = points - points.mean(0)
    widest: Points = np.maximum(np.abs(points).max(0), 1e-9)
    return points / widest


def _majorised(points: Points, distances: Floats) -> Points:
    """Points moved until their distances are near to the wanted ones, the short ones above all."""
    if len(points) < 2:
        return points
    weights = 1 / np.maximum(distances, 1e-2) ** 2
    np.fill_diagonal(weights, 0)
    total = weights.sum(1, keepdims=True)
    for _ in range(ROUNDS):
        way = points[:, None] - points[None]
        length = np.maximum(np.sqrt((way**2).sum(2)), 1e-6)
        wanted = points[None] + way * (distances / length)[..., None]
        points = (weights[..., None] * wanted).sum(1) / total
    return points


def apart(points: Points, boxes: Points, size: Points) -> Points:
    """Centres moved so that no box lies over another: from the top down, each to the free place nearest to it.

    `boxes`: width and height of each; `size`: those of the frame, which is left only downwards, when it is full."""
    if not len(points):
        return points
    columns, rows = (np.array([size[0], size[1] + boxes[:, 1].sum()]) // GRAIN).astype(int)
    y, x = np.mgrid[:rows, : columns + 1] * float(GRAIN)
    found = points.copy()
    done: list[int] = []
    for number in np.argsort((points - boxes / 2)[:, 1], kind="stable").tolist():
        width, height = boxes[number]
        away = (x - points[number, 0]) ** 2 + (y - points[number, 1]) ** 2
        away[(x < width / 2) | (x > size[0] - width / 2) | (y < height / 2)] = np.inf
        for other in done:
            need = (boxes[number] + boxes[other]) / 2
            left, top = np.maximum(np.floor((found[other] - need) / GRAIN) + 1, 0).astype(int)
            right, bottom = np.ceil((found[other] + need) / GRAIN).astype(int)
            away[top:bottom, left:right] = np.inf
        best = int(away.argmin())
        found[number] = x.flat[best], y.flat[best]
        done.append(number)
    return found
