"""Partial dates: YYYY, YYYY-MM, YYYY-MM-DD, and `--MM-DD` where the year is not known. No clock, no time zone."""

from __future__ import annotations

import datetime
import re


def is_partial(date: str) -> bool:
    """Whether this is YYYY, YYYY-MM or YYYY-MM-DD, and in the calendar."""
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", date):
        return False
    try:
        datetime.date.fromisoformat(date + "-01-01"[len(date) - 4 :] if len(date) < 10 else date)
    except ValueError:
        return False
    return True


def timestamp(date: str) -> str:
    """RFC 3339 for feeds: the first moment, in UTC, of a day, month or year."""
    return f"{date}{'-01-01'[len(date) - 4 :] if len(date) < 10 else ''}T00:00:00Z"
