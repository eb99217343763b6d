"""What a page says of what it shows: to machines, as a citation, in a table."""

from __future__ import annotations

from typing import Any

import msgspec


class Meta(msgspec.Struct, frozen=True):
    """What a page says to machines."""

    citation: tuple[tuple[str, str], ...] = ()
    """Name and content of the `citation_*` tags; on papers' pages alone."""
    social: tuple[tuple[str, str], ...] = ()
    """Property and content of the Open Graph tags."""
    linked: dict[str, Any] = {}
    """JSON-LD, without empty values; empty on a site without an address."""


class Citation(msgspec.Struct, frozen=True):
    """How to cite a paper in one style."""

    name: str
    text: str


class Table(msgspec.Struct, frozen=True):
    """A table of texts. The first column names the row; it may lead somewhere: `paths`, one per row, or none."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    paths: tuple[str, ...] = ()
