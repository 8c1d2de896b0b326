"""Where `issue` may run: on a person's own machine, or in CI on the default branch; never in a pull-request run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

__all__ = ["is_ci", "refusal_to_issue_here"]

_PULL_REQUEST = "this is a run for a pull request: what is signed here would not be kept, and its code may be anybody's"


# What gives a CI run away where CI is not set, or was set to false for some other program's sake.
_CI_VARIABLES = (
    "GITHUB_ACTIONS GITLAB_CI CF_PAGES NETLIFY VERCEL TF_BUILD BUILDKITE JENKINS_URL TEAMCITY_VERSION".split()
)


def is_ci(environment: Mapping[str, str]) -> bool:
    """Whether this is a CI run, whose output is a log that others may read."""
    says_so = environment.get("CI", "").lower() not in ("", "0", "false")
    return says_so or any(name in environment for name in _CI_VARIABLES)


def refusal_to_issue_here(environment: Mapping[str, str]) -> str:
    """Why nothing may be signed in this environment; "" when it may. `--here` overrules it."""
    if not is_ci(environment):
        return ""
    if "GITHUB_ACTIONS" in environment:
        return _github(environment)
    if "GITLAB_CI" in environment:
        is_request = environment.get("CI_PIPELINE_SOURCE") == "merge_request_event"
        return _branch(environment.get("CI_COMMIT_BRANCH"), environment.get("CI_DEFAULT_BRANCH"), is_request)
    return (
        "this is a CI run, and which branch is the default one is not known here; if it is the right place, add --here"
    )


def _github(environment: Mapping[str, str]) -> str:
    is_request = environment.get("GITHUB_EVENT_NAME", "").startswith("pull_request")
    try:
        event = json.loads(Path(environment["GITHUB_EVENT_PATH"]).read_text("utf-8"))
        default = event["repository"]["default_branch"]
    except (KeyError, OSError, ValueError, TypeError):
        default = None
    is_branch = environment.get("GITHUB_REF_TYPE", "branch") == "branch"
    return _branch(environment.get("GITHUB_REF_NAME") if is_branch else None, default, is_request)


def _branch(branch: str | None, default: str | None, is_request: bool) -> str:
    if is_request:
        return _PULL_REQUEST
    if not branch or not default or branch != default:
        return f"this is a CI run on {branch or 'no branch'}, and credentials are issued on the default branch, {default or 'unknown'}"
    return ""
