"""A polite client for the few web services that `enrich` asks: one request at a time, each answer kept on disk.

The standard library's urllib does it: some GET requests in a row need no more, and no dependency. What is ours is the
manners (gaps, backoff, Retry-After, a bound on everything) and the cache that makes a broken run go on.
"""

from __future__ import annotations

import email.utils
import http.client
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from sitegen import __version__
from sitegen.errors import SiteError
from sitegen.files import write_atomic
from sitegen.text import digest

TRIES = 4
TIMEOUT = 30.0
"""Seconds for one step of a connection, and twice that for a whole answer."""
MOST_BYTES = 20 * 1024 * 1024
LONGEST_WAIT = 120.0
"""Seconds. A service that asks for more is left alone for the rest of the run."""
FAILURES = 3
"""Requests in a row without an answer after which a service is left alone."""
FRESH = 30 * 24 * 3600.0
"""Seconds for which an answer is used again."""

_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_THROTTLED = {403, 406, 429, 503}


class Unanswered(Exception):
    """No usable answer. `refused`: the service did answer, but not to this question, so a smaller one may work."""

    def __init__(self, reason: str, refused: bool = False) -> None:
        super().__init__(reason)
        self.refused = refused


class _Answer(msgspec.Struct):
    """An answer as kept on disk. `body` is None when the service does not know what it was asked for."""

    url: str
    time: float
    body: str | None


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows redirects within the service only."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        here, there = urlsplit(req.full_url), urlsplit(newurl)
        if here.netloc != there.netloc or there.scheme not in ("http", "https"):
            raise Unanswered(f"it leads elsewhere, to {there.netloc or there.scheme}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Client:
    """Asks, waits, keeps. `now` and `sleep` are given by tests."""

    def __init__(
        self,
        cache: Path,
        contact: str = "",
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        timeout: float = TIMEOUT,
    ) -> None:
        self._cache, self._now, self._sleep, self._timeout = cache, now, sleep, timeout
        self._agent = f"sitegen/{__version__}" + (f" ({contact})" if contact else "")
        self._last: dict[str, float] = {}
        self._failures: dict[str, int] = {}
        self.down: dict[str, str] = {}
        """Hosts that are left alone for the rest of the run, and why."""
        self._open = urllib.request.build_opener(_SameHost()).open

    def get(self, url: str, gap: float, fault: Callable[[bytes], str]) -> bytes | None:
        """The answer at a URL, from the cache if it is fresh; None when the service does not know the thing.

        `gap`: least seconds between two requests to its host. `fault`: what is wrong with an answer, or nothing; a
        faulty answer is asked for again. Raises Unanswered.
        """
        path = self._cache / f"{digest(url, 32)}.json"
        if kept := self._kept(path, url):
            return None if kept.body is None else kept.body.encode()
        host = urlsplit(url).netloc
        if host in self.down:
            raise Unanswered(self.down[host])
        try:
            body = self._ask(url, host, gap, fault)
        except Unanswered as error:
            self._failures[host] = 0 if error.refused else self._failures.get(host, 0) + 1
            if self._failures[host] >= FAILURES:
                self.down[host] = str(error)
            raise
        self._failures[host] = 0
        answer = _Answer(url, self._now(), None if body is None else body.decode("utf-8", "replace"))
        write_atomic(path, msgspec.json.encode(answer))
        return body

    def _kept(self, path: Path, url: str) -> _Answer | None:
        """The fresh answer on disk; what cannot be read is none."""
        try:
            kept = msgspec.json.decode(path.read_bytes(), type=_Answer)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError, SiteError):
            return None
        return kept if kept.url == url and 0 <= self._now() - kept.time < FRESH else None

    def _ask(self, url: str, host: str, gap: float, fault: Callable[[bytes], str]) -> bytes | None:
        """Up to TRIES requests, further and further apart."""
        reason = ""
        for attempt in range(TRIES):
            wait = 0.0
            self._pause(host, gap)
            try:
                body = self._once(url)
                reason = fault(body)
                if not reason:
                    return body
            except urllib.error.HTTPError as error:
                error.close()
                if error.code in (404, 410):
                    return None
                reason = f"it answered {error.code}"
                if error.code not in _AGAIN | _THROTTLED:
                    raise Unanswered(reason, refused=True) from error
                wait = _seconds(error.headers.get("Retry-After", ""), self._now())
            except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
                reason = f"it could not be reached: {getattr(error, 'reason', None) or error or type(error).__name__}"
                if isinstance(getattr(error, "reason", None), socket.gaierror):  # no such host, or no network
                    self.down[host] = reason
                    raise Unanswered(reason) from error
            if wait > LONGEST_WAIT:
                self.down[host] = f"it asks to be left alone for {wait / 60:.0f} minutes"
                raise Unanswered(self.down[host])
            if attempt < TRIES - 1:
                self._sleep(wait or max(gap, 1.0) * 2**attempt)
        raise Unanswered(reason)

    def _pause(self, host: str, gap: float) -> None:
        """Wait until `gap` seconds have passed since the last request to a host."""
        left = self._last.get(host, float("-inf")) + gap - self._now()
        if left > 0:
            self._sleep(left)
        self._last[host] = self._now()

    def _once(self, url: str) -> bytes:
        """One request. Raises what urllib raises, and ValueError for an answer that is too long, too slow or cut."""
        request = urllib.request.Request(url, headers={"User-Agent": self._agent, "Accept": "*/*"})
        start, parts, size = self._now(), [], 0
        with self._open(request, timeout=self._timeout) as answer:
            while part := answer.read(64 * 1024):
                parts.append(part)
                size += len(part)
                if size > MOST_BYTES:
                    raise Unanswered(f"its answer is longer than {MOST_BYTES // 2**20} MB", refused=True)
                if self._now() - start > 2 * self._timeout:
                    raise ValueError("its answer takes too long")
            declared = answer.headers.get("Content-Length", "")
        if declared.isdecimal() and int(declared) > size:
            raise ValueError("its answer was cut off")
        return b"".join(parts)


def _seconds(retry_after: str, now: float) -> float:
    """How long a service asks us to wait: seconds, or a date (RFC 9110, 10.2.3). 0 when it does not say."""
    if retry_after.strip().isdecimal():
        return float(retry_after[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return 0.0
