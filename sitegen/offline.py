"""What lets a site be installed and read without a network: `sw.js` and `site.webmanifest`, both at its root.

The service worker is `templates/sw.js` with a line before it that names its version and what it fetches at once. Its
version is the content of that: a build that changes none of it leaves the readers' caches alone. The manifest follows
W3C's Web Application Manifest; its addresses are relative, so that it fits any host.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from sitegen import urls
from sitegen.model import Site

WORKER = "sw.js"
MANIFEST = "site.webmanifest"
FIRST_ASSETS = "site.css theme.js site.js icon.svg".split()
LATER = "mine/"
"""A folder of small scripts that are wanted without a network, though most pages do not load them."""
FIRST_PAGES = (urls.OFFLINE, urls.MY_LIST)
ICONS = {
    "icon.svg": ("any", "image/svg+xml"),
    "icon-192.png": ("192x192", "image/png"),
    "icon-512.png": ("512x512", "image/png"),
}


def files(site: Site, script: bytes, folder: str, built: Mapping[str, bytes]) -> dict[str, bytes]:
    """Both files. `script`: the text of `sw.js`; `folder`: of the assets; `built`: the site's files so far."""
    return {WORKER: _worker(script, folder, built), MANIFEST: _manifest(site, folder, built)}


def _worker(script: bytes, folder: str, built: Mapping[str, bytes]) -> bytes:
    """The service worker. What it fetches at once, by address -> by output path."""
    wanted = {folder + name for name in FIRST_ASSETS} | {name for name in built if name.startswith(folder + LATER)}
    first = {name: name for name in sorted(wanted & built.keys())}
    first |= {page[1:]: path for page in FIRST_PAGES if (path := urls.output_path(page)) in built}
    digest = hashlib.blake2b(script, digest_size=6)
    for address, path in first.items():
        digest.update(f"{address}\0{len(built[path])}\0".encode() + built[path])
    constants = {"version": digest.hexdigest(), "assets": folder, "offline": urls.OFFLINE[1:], "first": [*first]}
    return f"const SITE = {json.dumps(constants)};\n".encode() + script


def _manifest(site: Site, folder: str, built: Mapping[str, bytes]) -> bytes:
    icons = [
        {"src": folder + name, "sizes": sizes, "type": kind}
        for name, (sizes, kind) in ICONS.items()
        if folder + name in built
    ]
    said = {
        "name": site.title,
        "description": site.description,
        "lang": site.language,
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",
        "icons": icons,
    }
    return (json.dumps({k: v for k, v in said.items() if v}, ensure_ascii=False, indent=1) + "\n").encode()
