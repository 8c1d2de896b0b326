"""Row 10: what a credential's page costs a slow phone, in real Chromium at the site's own host."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.bench.places import Bench
from scripts.bench.results import Result, Target, compared, unmeasured
from tests.serving import chromium, served, write_certificate

__all__ = ["credential_page"]

HOST = "badges.laurels.example"
# Of a phone of the lower middle: the processor of this machine, four times slower.
SLOWER = 4
PARTS = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
TOLD = "the verdict is there"
CREDENTIALS = 20


def credential_page(bench: Bench) -> list[Result]:
    """Script, style and layout on the page's own thread until the verdict is there. Against: the time on the clock until then."""
    what, against = "a credential's page to its verdict, in Chromium: script and layout", "on the clock"
    if shutil.which("chromium") is None:
        return [unmeasured(10, what, against, n=1, reason="Chromium is not installed on this machine")]
    site = bench.site(CREDENTIALS)
    [path, *_] = [folder.name for folder in sorted((site / "c").iterdir())]
    with _opened(site, bench.memory) as browser:
        visit(browser, path)
        visits = [visit(browser, path) for _ in range(2 * bench.repeat)]
    seconds, clock = (statistics.median(column) for column in zip(*visits, strict=True))
    note = f"processor {SLOWER}x slower, server on this machine"
    target = Target("milliseconds", 150)
    return [compared(10, what, against, n=1, seconds=seconds, other=clock, target=target, note=note)]


@contextmanager
def _opened(site: Path, scratch: Path) -> Iterator[Any]:
    with served(site, write_certificate(scratch, [HOST])) as port, chromium({HOST: port}) as browser:
        yield browser


def visit(browser: Any, credential: str) -> tuple[float, float]:
    """A first visit to a credential's page, in seconds: script, style and layout, and the time on the clock."""
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.add_init_script(MARK)
    session = context.new_cdp_session(page)
    # The thread's own time, which other programs on this machine do not lengthen.
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    # The page tells of it: a program that looks for the verdict again and again runs on the same thread.
    with page.expect_console_message(lambda message: message.text == TOLD):
        page.goto(f"https://{HOST}/c/{credential}/", wait_until="commit")
    measured = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    clock_ms = page.evaluate("performance.getEntriesByName('verdict')[0].startTime")
    context.close()
    return sum(measured[part] for part in PARTS), clock_ms / 1000


MARK = """
new MutationObserver((_, observer) => {
  if ((document.getElementById("verdict")?.getAttribute("data-verdict") ?? "none") === "none") return;
  observer.disconnect();
  performance.mark("verdict");
  console.debug("the verdict is there");
}).observe(document, {subtree: true, attributes: true, attributeFilter: ["data-verdict"]});
"""
