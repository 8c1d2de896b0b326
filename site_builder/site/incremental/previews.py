"""When a site is for a look before signing, and not to be published."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["wants_drafts"]


def wants_drafts(environment: Mapping[str, str], *, is_serving: bool) -> bool:
    """Whether a site is built with drafts when no option says so: while serving, and in the previews of pull requests.

    LAURELS_DRAFTS decides where it is set: 1 for drafts, 0 or nothing for none. Else the hosts' own words do. Sources: Netlify,
    Build environment variables, CONTEXT; Vercel, System environment variables, VERCEL_ENV."""
    if "LAURELS_DRAFTS" in environment:
        return environment["LAURELS_DRAFTS"] not in ("", "0")
    return is_serving or environment.get("CONTEXT") == "deploy-preview" or environment.get("VERCEL_ENV") == "preview"
