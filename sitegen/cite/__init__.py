"""Citing: one paper in the formats of reference managers. Records in, text out; nothing is read or written.

`Work` is what every format needs to know of a paper, with names taken apart and the venue understood.
"""

from __future__ import annotations

from sitegen.cite.names import Name
from sitegen.cite.work import Work, address, of_entry, work

__all__ = ["Name", "Work", "address", "of_entry", "work"]
