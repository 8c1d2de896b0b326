"""The pages of awards with a past as a browser meets them: published, served over TLS under their own host name, by kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.demo_site import DemoSite
from tests.life import write_life_repository
from tests.serving import chromium, resolver_rules, served, write_certificate
from tests.support import publish_to

__all__ = ["LIFE_HOST", "LIFE_KINDS", "life_site", "publish_life"]

LIFE_HOST = "badges.laurels.example"
# After the last thing that befalls an award: a list says nothing about the time before it was signed.
_NOW = "2028-06-02T12:00:00Z"
_AWARDS = {
    "credential corrected from right to left": "corrected right to left",
    "credential renewed": "renewed with a long name",
}
LIFE_KINDS = [*_AWARDS, "achievement with editions", "issuer with three keys"]


@contextmanager
def life_site(scratch: Path) -> Iterator[DemoSite]:
    """The site of such a repository, written below a scratch folder and served while the caller looks at it."""
    folder, kinds = publish_life(scratch)
    with served(folder, write_certificate(scratch, [LIFE_HOST])) as port, chromium({LIFE_HOST: port}) as browser:
        yield DemoSite(folder, browser, kinds, resolver_rules({LIFE_HOST: port}), LIFE_HOST, _NOW)


def publish_life(scratch: Path) -> tuple[Path, dict[str, str]]:
    """The folder of such a site, and the paths of its pages by their kinds."""
    life = write_life_repository(scratch / "repository")
    awards = {kind: life.page(who) for kind, who in _AWARDS.items()}
    lists = {"achievement with editions": "badges/knots/", "issuer with three keys": "issuers/school/"}
    return publish_to(life.root, scratch / "site"), awards | lists
