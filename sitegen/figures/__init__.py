"""Figures: plain numbers of what templates draw. The map is laid out here; SVG is made in `templates/figures.html`."""

from __future__ import annotations

from sitegen.figures.map import draw

__all__ = ["draw"]
