"""A site in numbers, and its verdicts."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from site_builder.verification.inventory.walk import Found, walk
from site_builder.verification.report import Report
from site_builder.wording import plural

__all__ = ["SiteSummary", "summarize_site"]


@dataclass(frozen=True)
class SiteSummary:
    """A site in numbers, as of a moment."""

    issuers: int
    achievements: int
    credentials: int
    verdicts: Counter[str]
    files: int
    size_bytes: int
    as_of: datetime

    def as_json(self) -> dict[str, Any]:
        """Plain data for --json."""
        return asdict(self) | {
            "verdicts": dict(sorted(self.verdicts.items())),
            "as_of": f"{self.as_of:%Y-%m-%dT%H:%M:%SZ}",
        }

    def line(self, *, seconds: float) -> str:
        """One line for people."""
        counts = [f"{self.verdicts['holds']} genuine"] if self.verdicts["holds"] or not self.verdicts["demo"] else []
        counts += [f"{self.verdicts['demo']} genuine (demo key)"] if self.verdicts["demo"] else []
        counts += [f"{self.verdicts['revoked']} revoked", f"{self.verdicts['expired']} expired"]
        counts += [f"{self.verdicts['not_yet_valid']} not yet valid"]
        counts += [f"{self.verdicts['superseded']} superseded"] if self.verdicts["superseded"] else []
        counts += [f"{self.verdicts['unknown']} could not be checked"] if self.verdicts["unknown"] else []
        if self.verdicts["not_supported"]:
            counts += [f"{self.verdicts['not_supported']} of a form that is not checked here"]
        counts += [f"{self.verdicts['fails']} FAIL"] if self.verdicts["fails"] else []
        return (
            f"{plural(self.issuers, 'issuer')}, {plural(self.achievements, 'achievement')}, {plural(self.credentials, 'credential')}: "
            f"{', '.join(counts)} as of {self.as_of:%Y-%m-%d %H:%M} UTC; "
            f"{self.files:,} files, {self.size_bytes:,} bytes, {seconds:.1f} seconds"
        )


def summarize_site(
    folder: Path, reports: list[Report], *, now: datetime, found: list[Found] | None = None
) -> SiteSummary:
    """The numbers of a site and of the reports on its credentials. found: what walk finds in the folder, if somebody has looked already."""
    sizes = [_size(folder, item) for item in (walk(folder) if found is None else found)]
    sizes = [size for size in sizes if size >= 0]
    return SiteSummary(
        issuers=len(list(folder.glob("issuers/*/index.html"))),
        achievements=len(list(folder.glob("badges/*/achievement.json"))),
        # What has no checks is a file that is missing or does not belong here.
        credentials=sum(bool(report.checks) for report in reports),
        verdicts=Counter(report.verdict for report in reports),
        files=len(sizes),
        size_bytes=sum(sizes),
        as_of=now,
    )


def _size(folder: Path, item: Found) -> int:
    """How large a file is, or the one that a link leads to; -1 for neither."""
    if not item.is_link:
        return item.size
    file = folder / item.path
    return file.stat().st_size if file.is_file() else -1
