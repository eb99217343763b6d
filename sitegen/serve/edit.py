"""Edits from the open page: checked, written to `overrides.yaml` by the careful writer, and taken back if they fail."""

from __future__ import annotations

import hmac
import secrets
import threading
from typing import Any

import msgspec

from sitegen import build, lock, splice
from sitegen.errors import SiteError
from sitegen.serve.live import Live
from sitegen.serve.state import State

RULES = "content/overrides.yaml"
MOST_TOPICS = 4
MOST_LETTERS = 4000


class Refused(Exception):
    """A request that is not carried out: its status (RFC 9110) and why."""

    def __init__(self, status: int, why: str) -> None:
        self.status = status
        super().__init__(why)


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a page asks for: the fields that shall change. Empty and false take a field away."""

    slug: str
    """Of the page."""
    digest: str
    """Of the file that the page was told of."""
    topics: list[str] | msgspec.UnsetType = msgspec.UNSET
    pin: bool | msgspec.UnsetType = msgspec.UNSET
    hide: bool | msgspec.UnsetType = msgspec.UNSET
    note: str | msgspec.UnsetType = msgspec.UNSET
    why: str | msgspec.UnsetType = msgspec.UNSET


class Editor:
    """Edits the overrides of a live site."""

    def __init__(self, live: Live, state: State) -> None:
        self.token = secrets.token_urlsafe(24)
        self._live, self._state = live, state
        self._lock = threading.Lock()

    def knows(self, token: str) -> bool:
        """Whether this is the token of this run."""
        return hmac.compare_digest(token.encode(), self.token.encode())

    def paper(self, slug: str) -> dict[str, Any]:
        """What can be changed of a paper, and what there is to choose from. Raises Refused when there is none."""
        content = self._live.content
        record = self._record(slug)
        rule = content.rules.get(record)
        entry = next((e for e in content.entries if e.slug == slug), None)
        return {
            "slug": slug,
            "title": entry.paper.title if entry else content.papers[record].title,
            "digest": splice.digest(self._bytes()),
            "topics": list(entry.topics if entry else rule.topics if rule else ()),
            "confirmed": bool(rule and rule.topics),
            "pin": bool(rule and rule.pin),
            "hide": bool(rule and rule.hide),
            "note": rule.note if rule else "",
            "why": rule.why if rule else "",
            "groups": [
                {"name": group.name, "topics": [{"slug": t.slug, "name": t.name} for t in group.topics]}
                for group in content.groups
            ],
        }

    def apply(self, body: bytes) -> dict[str, Any]:
        """Carry out an edit; returns the file's new digest. Raises Refused, and then the file is as it was."""
        try:
            request = msgspec.json.decode(body, type=Request)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise Refused(400, f"the request is not understood: {error}") from error
        changes = self._changes(request)
        with self._lock:
            record = self._record(request.slug)
            try:
                with lock.held(self._live.site, "overrides", "sitegen serve"):
                    return {"digest": self._write(record, changes, request.digest)}
            except SiteError as error:
                raise Refused(409, str(error)) from error

    def _write(self, record: str, changes: splice.Changes, digest: str) -> str:
        live, path = self._live, self._live.site / RULES
        spare = live.site / ".sitegen"
        try:
            edit = splice.write(path, RULES, record, changes, build.namer(live.content), spare, digest)
        except splice.Stale as error:
            raise Refused(409, f"{error.problems[0].where} was changed meanwhile: reload the page") from error
        except SiteError as error:
            raise Refused(422, str(error)) from error
        try:
            live.update()
        except SiteError as error:
            splice.replace(path.resolve(), edit.after, edit.before, spare)
            raise Refused(422, str(error)) from error
        self._state.set("")
        return splice.digest(edit.after)

    def _changes(self, request: Request) -> splice.Changes:
        changes: dict[str, splice.Plain | None] = {}
        if isinstance(request.topics, list):
            known, topics = self._live.content.topics, request.topics
            if len(set(topics)) != len(topics) or len(topics) > MOST_TOPICS or not set(topics) <= known.keys():
                raise Refused(422, f"topics must be known ones, each once, and at most {MOST_TOPICS}")
            changes |= {"topics": list(topics) or None, "add": None, "remove": None}
        for name in ("pin", "hide"):
            value = getattr(request, name)
            if isinstance(value, bool):
                changes[name] = value or None
        for name in ("note", "why"):
            value = getattr(request, name)
            if isinstance(value, str):
                if len(value) > MOST_LETTERS:
                    raise Refused(422, f"{name} is longer than {MOST_LETTERS} letters")
                changes[name] = " ".join(value.split()) or None
        return changes

    def _record(self, slug: str) -> str:
        """The slug of the record that a page is about; of a hidden paper's page, too."""
        content = self._live.content
        for entry in content.entries:
            if entry.slug == slug:
                return entry.override.slug if entry.override else slug
        if slug in content.papers:
            return slug
        raise Refused(404, "there is no such paper")

    def _bytes(self) -> bytes | None:
        path = self._live.site / RULES
        return path.read_bytes() if path.exists() else None
