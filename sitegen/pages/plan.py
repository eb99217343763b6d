"""A page before it is made. Most are never made: nobody asks for them, or nothing that they are made of has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from sitegen.memo import Whole
from sitegen.views import Page

Facts = Mapping[str, Any]
"""What something is made of, by names for people."""


def digest(*facts: Any) -> bytes:
    """12 bytes that stand for values: texts, numbers, and what is built of them."""
    return hashlib.blake2b(_encode(facts), digest_size=12).digest()


def _plain(value: Any) -> bytes | str:
    """Phrases of the interface are texts, too."""
    return value.digest(digest) if isinstance(value, Whole) else str(value)


_encode = msgspec.msgpack.Encoder(enc_hook=_plain, order="deterministic").encode


class Plan:
    """Where a page will stand, what it is made of, and how to make it."""

    __slots__ = ("_facts", "_make", "_updated", "listed", "permalink", "template")

    def __init__(
        self,
        permalink: str,
        template: str,
        facts: Callable[[], Facts],
        make: Callable[[], Page],
        updated: Callable[[], str] | None = None,
        listed: bool = True,
    ) -> None:
        """`facts`: all that `make` depends on, or digests of it. `updated` and `listed` are those of the page."""
        self.permalink, self.template, self.listed = permalink, template, listed
        self._facts, self._make, self._updated = facts, make, updated

    @property
    def facts(self) -> Facts:
        """All that the page is made of, but its template, or digests of it."""
        return self._facts()

    @property
    def updated(self) -> str:
        """YYYY[-MM[-DD]] of the newest thing on the page; empty when nothing says so."""
        return self._updated() if self._updated else ""

    def then(self, make: Callable[[], Page], **facts: Any) -> Plan:
        """The plan of a page that is made of this one and of more."""
        return Plan(self.permalink, self.template, lambda: {**facts, **self._facts()}, make, self._updated, self.listed)

    def page(self) -> Page:
        """The page itself."""
        return self._make()
