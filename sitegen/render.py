"""Templates to HTML. The only place that makes `Markup`, and the only place that touches Jinja.

Templates are looked up in the site's own `templates/` first, file by file, then in the shipped ones, which are also at
the prefix `sitegen/`, so that a site's `paper.html` can extend `sitegen/paper.html` and change one block.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
)
from markupsafe import Markup

from sitegen import dates, markdown, urls
from sitegen.errors import Problem, SiteError, Where
from sitegen.model import Site
from sitegen.pages import Page

PACKAGE = Path(__file__).parent


def shipped_templates() -> Path:
    """The templates that come with sitegen: in the wheel inside the package, in the repository beside it."""
    inside = PACKAGE / "templates"
    return inside if inside.is_dir() else PACKAGE.parent / "templates"


class Renderer:
    """The site's templates, ready to render its pages."""

    def __init__(self, site: Site, own_templates: Path, assets: str, manifest: object = None) -> None:
        """`assets`: path of the assets' folder from the site's root. `manifest`: that of the search, if it is so short
        that the search page holds it."""
        self.site = site
        shipped = FileSystemLoader(shipped_templates())
        self.environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(own_templates), shipped, PrefixLoader({"sitegen": shipped})]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.environment.filters |= {
            "inline": lambda text: Markup(markdown.inline(text)),
            "prose": lambda text: Markup(markdown.inline(text, links=True)),
            "markdown": lambda text, root: Markup(markdown.render(text, root)),
            "date": dates.long,
            "json": _json,
        }
        self.environment.globals |= {"site": site, "assets": assets, "manifest": manifest}

    def page(self, page: Page) -> str:
        """A page's HTML. Raises SiteError that names the template and line when a template is wrong."""
        root = urls.root(page.permalink)
        if page.permalink == urls.NOT_FOUND:
            root = urls.base_path(self.site.base_url)  # served at any depth: relative links would miss
        canonical = urls.absolute(page.permalink, self.site.base_url) if self.site.base_url else ""
        try:
            template = self.environment.get_template(page.template)
            return template.render(page=page, view=page.view, root=root, canonical=canonical)
        except TemplateSyntaxError as error:
            place = Where(f"templates/{error.name or page.template}", error.lineno)
            raise SiteError([Problem(place, f"template error: {error.message}", "see templates/README.md")]) from error
        except (TemplateError, UndefinedError, TypeError, AttributeError) as error:
            place = Where(f"templates/{page.template}", _line(error))
            message = f"template error on the page {page.permalink}: {error}"
            raise SiteError([Problem(place, message, "see templates/README.md")]) from error


def _line(error: BaseException) -> int:
    """The line in the innermost template that the error came from."""
    line, trace = 0, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename.endswith(".html"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _json(value: Any) -> Markup:
    """JSON for a data block in HTML: no character that could end the block."""
    import json

    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
