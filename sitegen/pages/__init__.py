"""Composing: from curated papers to pages, each a frozen view that a template shows and a Markdown text beside it.

The Markdown of a page (`twin`) and its HTML are made from the same view, text by text, so they never differ in content;
a page whose plan has the same key as before need not be made again.
"""

from __future__ import annotations

from sitegen.pages.compose import compose, page_folder, paper_plan
from sitegen.pages.plan import Facts, Plan, digest
from sitegen.pages.report import report_page
from sitegen.pages.stock import Material, Stock
from sitegen.views import Page

__all__ = [
    "Facts",
    "Material",
    "Page",
    "Plan",
    "Stock",
    "compose",
    "digest",
    "page_folder",
    "paper_plan",
    "report_page",
]
