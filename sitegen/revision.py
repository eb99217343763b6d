"""Old files of a site, read from its git repository; nothing is checked out."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sitegen.errors import Problem, SiteError, Where, fail


def commit(site: Path, revision: str) -> str:
    """The full name of the commit that a revision means. Raises SiteError without git, a repository, or the commit."""
    said = _git(site, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return said.decode().strip()


def extract(site: Path, commit: str, folders: Sequence[str], target: Path) -> None:
    """Write the plain files of these folders of the site, as they were, below `target`."""
    listed = _git(site, "ls-tree", "-r", "-z", commit, "--", *folders)
    names = []
    for line in listed.split(b"\0"):
        about, _, name = line.partition(b"\t")
        if about.startswith(b"100"):  # plain files: no links, no other repositories
            names.append((about.split()[2], os.fsdecode(name)))
    data = _git(site, "cat-file", "--batch", given=b"".join(name + b"\n" for name, _ in names))
    for _, path in names:
        head, _, data = data.partition(b"\n")
        size = int(head.split()[-1])
        text, data = data[:size], data[size + 1 :]
        file = target / path
        if target.resolve() in file.resolve().parents:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text)


def _git(site: Path, *arguments: str, given: bytes | None = None) -> bytes:
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    command = ["git", "-C", str(site), *arguments]
    try:
        done = subprocess.run(command, input=given, capture_output=True, check=False, env=environment)
    except FileNotFoundError as error:
        raise fail("git", "is not installed", "install it: diff reads the old files from a git repository") from error
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode("utf-8", "replace").strip()
    if "not a git repository" in said:
        raise fail(str(site), "is in no git repository", 'make one with "git init", and commit the site')
    if arguments[0] == "rev-parse":
        revision = arguments[-1].removesuffix("^{commit}")
        raise SiteError([Problem(Where("REV"), f'git knows no revision "{revision}"', "name a commit, branch or tag")])
    raise fail("git", said.splitlines()[-1] if said else "failed", f"it was asked to {arguments[0]}")
