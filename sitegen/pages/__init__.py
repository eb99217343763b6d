"""Composing: from curated papers to pages, each a frozen view that a template shows and a Markdown text beside it.

The Markdown of a page (`twin`) and its HTML are made from the same view, text by text, so they never differ in content;
a page whose view has not changed need not be rendered again.
"""

from __future__ import annotations

from sitegen.pages.compose import Material, compose
from sitegen.pages.report import report_page
from sitegen.views import Page

__all__ = ["Material", "Page", "compose", "report_page"]
