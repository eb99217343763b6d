"""The site that is served: in memory, made page by page, the same bytes as those of `sitegen build`."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Protocol

from sitegen import build, output, urls
from sitegen.memo import Memo


class Source(Protocol):
    """Where the server has its files from."""

    def get(self, path: str) -> bytes | None:
        """The file at an output path, `/`-separated; None when there is none."""


class Folder:
    """The files of a built site."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def get(self, path: str) -> bytes | None:
        file = self._folder.joinpath(*path.split("/")).resolve()
        return file.read_bytes() if file.is_relative_to(self._folder) and file.is_file() else None


class Live:
    """The site as its files are now. Call `update` once before anything else, and after each change."""

    content: build.Content
    making: build.Making

    def __init__(self, site: Path, base_url: str | None = None, output: Path | None = None) -> None:
        self.site = site
        self._base_url, self._output = base_url, output
        self._memo = Memo()
        self._lock = threading.RLock()
        self._written: build.Making | None = None
        self._tried: dict[str, str] = {}
        """A page for each template."""

    @property
    def base(self) -> str:
        return urls.base_path(self.content.site.base_url)

    def update(self) -> bool:
        """Follow the files. Returns whether anything changed. Raises SiteError, and the last good site stays."""
        with self._lock:
            content = build.load(self.site, self._base_url, memo=self._memo)
            making = build.Making(self.site, content, self._memo)
            last: build.Making | None = getattr(self, "making", None)
            if last is not None and last.parts == making.parts:
                self.content = content  # what no page shows, such as a hidden paper's note, is edited too
                return False
            if last is None or last.renderer is not making.renderer:
                self._tried = making.try_templates(self._tried)
            self.content, self.making, self._units = content, making, build.Units(making)
            return True

    def get(self, path: str) -> bytes | None:
        with self._lock:
            return self._units.get(path)

    def write(self) -> None:
        """Write the whole site to the output folder, if there is one that does not hold it yet."""
        if self._output is not None and self._written is not self.making:
            output.check_target(self._output, self.site)
            with self._lock:
                making, files = self.making, self._units.all(build.Report())
            output.publish(self._output, files)
            self._written = making
