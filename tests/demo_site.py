"""The demo as a browser meets it: built whole, served over TLS under its own host name, with a page of each kind by name."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from site_builder.credentials.status.bitstring import is_set, read_entry, read_list
from tests.serving import chromium, resolver_rules, served, write_certificate

ROOT = Path(__file__).parents[1]
HOST = "badges.example.org"
# Before the first credential of the demo expires that is valid on the day of its signing, and after all but the future one began.
NOW = "2026-12-01T12:00:00Z"
WIDTHS_PX = (320, 360, 640, 768, 1280, 2560)


@dataclass(frozen=True)
class DemoSite:
    """A built site, by itself the demo, a browser that finds it at its host, and the paths of its pages by kind.

    rules: with which another browser finds it too. now: what its clock shows."""

    folder: Path
    browser: Any
    kinds: dict[str, str]
    rules: str
    host: str = HOST
    now: str = NOW

    @contextmanager
    def page(self, path: str, *, width_px: int = 1280, dark: bool = False, **more: Any) -> Iterator[Any]:
        """A page of the site, loaded and, where it checks itself, checked."""
        context = self.browser.new_context(
            ignore_https_errors=True,
            viewport={"width": width_px, "height": 800},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            **more,
        )
        page = context.new_page()
        page.clock.set_fixed_time(self.now)
        page.goto(f"https://{self.host}/{path}")
        if page.locator("main[data-statement]").count() and more.get("java_script_enabled", True):
            page.wait_for_selector("#verdict:not([data-verdict=none])")
        page.evaluate("document.fonts.ready") if more.get("java_script_enabled", True) else None
        yield page
        context.close()


def build_demo(folder: Path) -> Path:
    """The whole demo, manual included, built into a folder that does not exist yet."""
    script = (
        "import sys; from mkdocs.config import load_config; from mkdocs.commands.build import build\n"
        "config = load_config(config_file=sys.argv[1], site_dir=sys.argv[2])\n"
        "config.plugins.on_startup(command='build', dirty=False); build(config)"
    )
    command = [sys.executable, "-c", script, str(ROOT / "mkdocs.yml"), str(folder)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return folder


@contextmanager
def demo_site(scratch: Path, *, beside: Mapping[str, Path] | None = None) -> Iterator[DemoSite]:
    """The demo, built below a scratch folder and served while the caller looks at it.

    beside: the folders of other sites by their hosts, where the same browser finds them."""
    folder = build_demo(scratch / "site")
    folders = {HOST: folder} | dict(beside or {})
    certificate = write_certificate(scratch, list(folders))
    with ExitStack() as running:
        ports = {host: running.enter_context(served(place, certificate)) for host, place in folders.items()}
        browser = running.enter_context(chromium(ports))
        yield DemoSite(folder, browser, page_kinds(folder), resolver_rules(ports))


def page_kinds(folder: Path) -> dict[str, str]:
    """A page of each kind, by its kind: path below the site's root."""
    pages = sorted(folder.glob("c/*/versions.json"))
    credentials = sorted(_read(current) for file in pages if (current := _current(file)))
    [erased] = [f"c/{file.parent.name}/" for file in pages if not _current(file)]
    named = {name: path for name, path, _ in credentials}
    # Of several with results, the one that says most.
    full = max(
        credentials, key=lambda found: len(json.dumps(found[2])) if "result" in found[2]["credentialSubject"] else 0
    )
    return {
        "home": "",
        "catalogue": "badges/",
        "achievement": "badges/first-aid-basic/",
        "issuer": "issuers/harbour/",
        "credential": named["Ada Lovelace"],
        "credential with everything": full[1],
        "credential right to left": named["ابن سينا"],
        "credential of one letter": named["O"],
        "credential of the longest name": max(credentials, key=lambda found: len(found[0]))[1],
        "credential expired": named["Florence Nightingale"],
        "credential corrected": named["Émilie du Châtelet"],
        "erased": erased,
        "withdrawn": next(path for _, path, document in credentials if _is_revoked(folder, document)),
        "verify": "verify/",
        "manual": "manual/",
        "manual with tables": "manual/records/",
        "missing": "404.html",
    }


def _current(versions: Path) -> Path | None:
    """The signed file that a page shows; None where it was erased."""
    listed = json.loads(versions.read_bytes())
    return versions.with_name(listed["versions"][listed["current"] - 1]["file"]) if listed["current"] else None


def _read(file: Path) -> tuple[str, str, dict[str, Any]]:
    document = json.loads(file.read_bytes())
    return document["credentialSubject"]["identifier"][0]["identityHash"], f"c/{file.parent.name}/", document


@cache
def _list_bits(file: Path, url: str) -> bytes:
    return read_list(json.loads(file.read_bytes()), url=url)


def _is_revoked(folder: Path, document: dict[str, Any]) -> bool:
    url, index = read_entry(document["credentialStatus"])
    return is_set(_list_bits(folder / url.removeprefix(f"https://{HOST}/"), url), index)
