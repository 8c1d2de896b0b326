"""Where `issue` may run: on people's machines, and in CI on the default branch."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from site_builder.errors import Error
from site_builder.issuing.ci import refusal_to_issue_here
from site_builder.issuing.command import IssueOptions, issue_command
from site_builder.issuing.surroundings import Machine, Output
from tests.drawn import write_drawn_repository
from tests.support import NOW, fake_key, repeatable_random
from tests.trees import tree_of

GITHUB = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_REF_TYPE": "branch", "GITHUB_EVENT_NAME": "push"}
GITLAB = {"CI": "true", "GITLAB_CI": "true", "CI_DEFAULT_BRANCH": "main", "CI_PIPELINE_SOURCE": "push"}
EVENT = "GITHUB_EVENT_PATH"


@pytest.mark.parametrize(
    ("environment", "refusal"),
    [
        ({}, ""),
        ({"CI": ""}, ""),
        ({"CI": "0"}, ""),
        ({"CI": "False"}, ""),
        (GITHUB | {"GITHUB_REF_NAME": "main"}, ""),
        (GITHUB | {"GITHUB_REF_NAME": "main", "GITHUB_EVENT_NAME": "schedule"}, ""),
        (GITHUB | {"GITHUB_REF_NAME": "main", "GITHUB_EVENT_NAME": "workflow_dispatch"}, ""),
        (GITHUB | {"GITHUB_REF_NAME": "proposal"}, "on proposal"),
        (GITHUB | {"GITHUB_REF_NAME": "main", "GITHUB_REF_TYPE": "tag"}, "on no branch"),
        (GITHUB | {"GITHUB_REF_NAME": "Main"}, "on Main"),
        (GITHUB | {"GITHUB_REF_NAME": "gh-readonly-queue/main/pr-1"}, "on gh-readonly-queue"),
        (GITHUB | {"GITHUB_REF_NAME": "7/merge", "GITHUB_EVENT_NAME": "pull_request"}, "pull request"),
        (GITHUB | {"GITHUB_REF_NAME": "main", "GITHUB_EVENT_NAME": "pull_request_target"}, "pull request"),
        (GITHUB | {"GITHUB_REF_NAME": "main", "GITHUB_EVENT_NAME": "pull_request_review"}, "pull request"),
        (GITHUB, "on no branch"),
        (GITHUB | {"GITHUB_REF_NAME": "main", "CI": "false", "GITHUB_EVENT_NAME": "pull_request"}, "pull request"),
        (GITLAB | {"CI_COMMIT_BRANCH": "main"}, ""),
        (GITLAB | {"CI_COMMIT_BRANCH": "proposal"}, "on proposal"),
        (GITLAB | {"CI_COMMIT_TAG": "v1"}, "on no branch"),
        (GITLAB | {"CI_PIPELINE_SOURCE": "merge_request_event"}, "pull request"),
        (GITLAB | {"CI_COMMIT_BRANCH": "main", "CI_PIPELINE_SOURCE": "merge_request_event"}, "pull request"),
        ({"CI": "true", "GITLAB_CI": "true", "CI_COMMIT_BRANCH": "main"}, "unknown"),
        ({"CI": "1", "CF_PAGES": "1", "CF_PAGES_BRANCH": "main"}, "add --here"),
        ({"CF_PAGES": "1", "CF_PAGES_BRANCH": "main"}, "add --here"),
        ({"CI": "true", "NETLIFY": "true", "CONTEXT": "production"}, "add --here"),
        ({"NETLIFY": "true", "CONTEXT": "deploy-preview"}, "add --here"),
        ({"TF_BUILD": "True"}, "add --here"),
        ({"JENKINS_URL": "https://ci.example/"}, "add --here"),
        ({"CI": "woodpecker"}, "add --here"),
        ({"CI": "true"}, "add --here"),
    ],
)
def test_place(tmp_path: Path, environment: dict[str, str], refusal: str) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"repository": {"default_branch": "main"}}), "utf-8")
    said = refusal_to_issue_here(environment | {EVENT: str(event)})
    assert (refusal in said) if refusal else said == ""


@pytest.mark.parametrize(
    "text",
    [None, "", "not json", "[]", "{}", '{"repository": null}', '{"repository": {"default_branch": 7}}', "\udcff"],
)
def test_event_that_cannot_be_read_is_no_permission(tmp_path: Path, text: str | None) -> None:
    event = tmp_path / "event.json"
    if text is not None:
        event.write_bytes(text.encode("utf-8", "surrogateescape"))
    environment = GITHUB | {"GITHUB_REF_NAME": "main", EVENT: str(event)}
    assert "the default branch" in refusal_to_issue_here(environment)


def test_run_without_an_event_file_is_refused() -> None:
    assert "unknown" in refusal_to_issue_here(GITHUB | {"GITHUB_REF_NAME": "main"})


@pytest.mark.parametrize("environment", [{"CI": "true"}, GITHUB | {"GITHUB_EVENT_NAME": "pull_request"}])
def test_here_overrules(tmp_path: Path, environment: dict[str, str]) -> None:
    from site_builder.credentials.identifiers.multikey import format_private_key

    root = write_drawn_repository(tmp_path)
    before = tree_of(root)
    with_key = {"LAURELS_KEY_SCHOOL": format_private_key(fake_key())}

    def run(*, here: bool) -> int:
        done = issue_command(
            root,
            IssueOptions(here=here),
            machine=Machine(environment | with_key, NOW, repeatable_random()),
            output=Output(lambda line: None, lambda found: None),
        )
        return len(done["issued"])

    with pytest.raises(Error, match="nothing was issued: "):
        run(here=False)
    assert tree_of(root) == before
    assert run(here=True) == 2
