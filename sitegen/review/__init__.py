"""`review`: the papers worth a look, least certain first; in a terminal it asks, and writes the overrides.

find -> a list, or a session: screens out, commands in
"""

from __future__ import annotations

from sitegen.review.found import Item, find, listed
from sitegen.review.session import Session, open_session, run

__all__ = ["Item", "Session", "find", "listed", "open_session", "run"]
