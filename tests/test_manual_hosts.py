"""The manual's page on hosts: its configurations run in the servers that they are for, its workflows step by step."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml

from site_builder.credentials.demo import demo_signing_key
from site_builder.credentials.identifiers.multikey import format_public_key
from tests.manual import MANUAL, ROOT, Block, blocks_of, environment, run, set_up
from tests.serving import write_certificate
from tests.support import fake_key

HOST = "badges.example.org"
SERVERS = ROOT / "build" / "servers"
BLOCKS = blocks_of(MANUAL / "host.md")
# As few as can be; tests/test_workflows.py sees to their commits.
ACTIONS = {"actions/checkout", "actions/upload-pages-artifact", "actions/deploy-pages"}


@pytest.fixture(scope="module")
def site(committed_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's site, with the files that MkDocs would add to it."""
    folder = Path(shutil.copytree(committed_demo / "site", tmp_path_factory.mktemp("hosts") / "site"))
    (folder / "index.html").write_text("home", "utf-8")
    (folder / "404.html").write_text("no page here", "utf-8")
    # As if an issuer had a DID of the site's host, and another one of a path on it.
    for path in (".well-known/did.json", "schools/one/did.json"):
        (folder / path).parent.mkdir(parents=True)
        (folder / path).write_bytes((folder / "issuers/harbour/did.json").read_bytes())
        with (folder / "_headers").open("a", encoding="ascii") as headers:
            headers.write(f"/{path}\n  Access-Control-Allow-Origin: *\n  Cache-Control: public, max-age=300\n")
    return folder


# --- web servers ------------------------------------------------------------------------------------------------------


def program(name: str) -> str:
    """A server that scripts/setup.sh unpacked, or the machine's own."""
    unpacked = next((path for path in SERVERS.glob(f"usr/*bin/{name}")), None)
    found = str(unpacked) if unpacked else shutil.which(name)
    assert found, f"{name} is missing: run 'scripts/setup.sh test'"
    return found


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def put(text: str, old: str, new: str) -> str:
    """A configuration with one thing in another place, that of the test."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


@contextmanager
def ended(pid_file: Path) -> Iterator[None]:
    """Ends the server whose number stands in a file."""
    try:
        yield
    finally:
        os.kill(int(pid_file.read_text("ascii")), signal.SIGTERM)


@contextmanager
def nginx(site: Path, scratch: Path) -> Iterator[http.client.HTTPConnection]:
    """A connection to nginx with the page's configuration, as Debian includes it."""
    certificate, port = write_certificate(scratch, [HOST]), free_port()
    text = next(block.text for block in BLOCKS if block.language == "nginx")
    text = put(text, "listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;")
    text = put(text, f"/etc/letsencrypt/live/{HOST}/fullchain.pem", str(certificate))
    text = put(text, f"/etc/letsencrypt/live/{HOST}/privkey.pem", str(certificate))
    text = put(text, "/srv/badges", str(site))
    types = next(file for file in (SERVERS / "etc/nginx/mime.types", Path("/etc/nginx/mime.types")) if file.exists())
    places = "".join(f"{name}_temp_path {scratch};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    main = f"pid {scratch}/nginx.pid;\nerror_log {scratch}/error.log;\nuser root;\n" if os.getuid() == 0 else ""
    main = main or f"pid {scratch}/nginx.pid;\nerror_log {scratch}/error.log;\n"
    around = f"include {types};\ndefault_type application/octet-stream;\naccess_log off;\n{places}"
    file = scratch / "nginx.conf"
    file.write_text(f"{main}events {{}}\nhttp {{\n{around}{text}}}\n", "utf-8")
    # It returns when it listens.
    subprocess.run([program("nginx"), "-p", scratch, "-e", scratch / "error.log", "-c", file], check=True)
    with ended(scratch / "nginx.pid"):
        context = ssl.create_default_context(cafile=certificate)
        context.check_hostname = False
        yield http.client.HTTPSConnection("127.0.0.1", port, context=context)


@contextmanager
def caddy(site: Path, scratch: Path) -> Iterator[http.client.HTTPConnection]:
    """A connection to Caddy with the page's configuration, without the certificate that it would fetch."""
    port = free_port()
    text = next(block.text for block in BLOCKS if block.language == "caddy")
    text = put(text, f"{HOST} {{", f"http://{HOST}:{port} {{\n\tbind 127.0.0.1")
    text = put(text, "/srv/badges", str(site))
    file = scratch / "Caddyfile"
    file.write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{text}", "utf-8")
    command = [
        program("caddy"),
        "start",
        "--config",
        str(file),
        "--adapter",
        "caddyfile",
        "--pidfile",
        f"{scratch}/pid",
    ]
    # It returns when it listens; what it started keeps the streams, so that a pipe would never end.
    with (scratch / "log").open("wb") as log:
        subprocess.run(command, check=True, stdout=log, stderr=log, env=environment(scratch / "home"))
    with ended(scratch / "pid"):
        yield http.client.HTTPConnection("127.0.0.1", port)


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers with small letters, and bytes of what a server answers."""
    connection.request("GET", path, headers={"Host": HOST})
    answer = connection.getresponse()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def wanted_headers(site: Path) -> list[tuple[str, dict[str, str]]]:
    """The rules of the site's own _headers: a path or the beginning of one, and the headers for it."""
    rules: list[tuple[str, dict[str, str]]] = []
    for line in (site / "_headers").read_text("ascii").splitlines():
        if line.startswith("/"):
            rules.append((line, {}))
        else:
            name, _, value = line.strip().partition(": ")
            rules[-1][1][name.lower()] = value
    return rules


TYPES = {
    ".html": "text/html",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
}


@pytest.mark.parametrize("server", [nginx, caddy], ids=lambda server: server.__name__)
def test_each_file_comes_with_its_type_and_with_what_the_headers_file_asks_for(
    server: Any, site: Path, tmp_path: Path
) -> None:
    rules = wanted_headers(site)
    seen = set()
    with server(site, tmp_path) as connection:
        for file in sorted(path for path in site.rglob("*") if path.is_file() and not path.name.startswith((".", "_"))):
            path = "/" + file.relative_to(site).as_posix()
            wanted = {"access-control-allow-origin": ""}
            for pattern, headers in rules:
                if fnmatchcase(path, pattern):
                    # Hosts join the values of all rules that match.
                    wanted |= {
                        name: ", ".join(filter(None, (wanted.get(name), value))) for name, value in headers.items()
                    }
            status, headers, raw = ask(connection, path.removesuffix("index.html"))
            assert status == 200 and raw == file.read_bytes(), path
            assert wanted["x-content-type-options"] == "nosniff"
            assert {name: headers.get(name, "") for name in wanted} == wanted, path
            kind = TYPES.get(file.suffix)
            assert kind is None or headers["content-type"].split(";")[0] == kind, (path, headers["content-type"])
            seen.add(file.suffix)
    assert seen >= set(TYPES) - {".txt"}


@pytest.mark.parametrize("server", [nginx, caddy], ids=lambda server: server.__name__)
def test_no_folder_is_listed_and_an_address_without_its_slash_leads_on(server: Any, site: Path, tmp_path: Path) -> None:
    page = next((site / "c").iterdir()).name
    with server(site, tmp_path) as connection:
        for path in ("/c/", "/nowhere/", f"/c/{page}/nothing.json", "/issuers/harbour/status/"):
            status, _, raw = ask(connection, path)
            assert (status, raw) == (404, b"no page here"), path
        status, headers, _ = ask(connection, f"/c/{page}")
        assert status in (301, 308) and headers["location"].endswith(f"/c/{page}/")


def test_the_function_for_cloudfront_finds_the_page_of_a_folder() -> None:
    text = next(block.text for block in BLOCKS if block.language == "js")
    addresses = ["/", "/c/abc/", "/c/abc", "/c/abc/credential.json", "/badges"]
    script = f"{text}\nconsole.log(JSON.stringify({json.dumps(addresses)}.map((uri) => handler({{request: {{uri}}}}))))"
    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
    answers = json.loads(done.stdout)
    assert [answer.get("uri") for answer in answers] == [
        "/index.html",
        "/c/abc/index.html",
        None,
        "/c/abc/credential.json",
        None,
    ]
    assert [answers[place]["headers"]["location"]["value"] for place in (2, 4)] == ["/c/abc/", "/badges/"]
    assert answers[2]["statusCode"] == 301


# --- workflows --------------------------------------------------------------------------------------------------------


def workflow(block: Block) -> dict[str, Any]:
    """A workflow as GitHub reads it; `on` is a word here, not a truth value."""
    found: dict[str, Any] = yaml.load(block.text, yaml.BaseLoader)
    return found


WORKFLOWS = {block.file: workflow(block) for block in BLOCKS if block.language == "yaml"}
CHECK, PUBLISH, WATCH, TO_S3 = (
    WORKFLOWS[name] for name in (*(f".github/workflows/{name}.yml" for name in ("check", "publish", "watch")), "")
)


def steps_of(*workflows: dict[str, Any]) -> list[dict[str, Any]]:
    """Every step of some workflows."""
    return [step for flow in workflows for job in flow["jobs"].values() for step in job["steps"]]


def test_the_workflows_use_the_hosts_own_actions_and_no_other() -> None:
    used = {step["uses"].partition("@")[0] for step in steps_of(CHECK, PUBLISH, WATCH, TO_S3) if "uses" in step}
    assert used == ACTIONS


def test_the_workflow_uploads_the_folder_that_begins_with_a_dot() -> None:
    """Without this word the action leaves .well-known out. Source: action.yml of actions/upload-pages-artifact, v5."""
    (upload,) = (step["with"] for step in steps_of(PUBLISH) if "upload-pages-artifact" in step.get("uses", ""))
    assert upload == {"path": "site", "include-hidden-files": "true"}


def test_what_runs_for_a_pull_request_may_read_only_and_sees_no_secret() -> None:
    assert CHECK["on"] == "pull_request" and CHECK["permissions"] == {"contents": "read"}
    assert "secrets." not in json.dumps(CHECK) and '"env"' not in json.dumps(CHECK)
    assert not [job for job in CHECK["jobs"].values() if "permissions" in job]


def test_only_the_job_that_issues_sees_the_key_and_only_it_may_write() -> None:
    assert PUBLISH["on"] == {"push": {"branches": ["main"]}} and PUBLISH["permissions"] == {}
    writes = {name: job["permissions"] for name, job in PUBLISH["jobs"].items()}
    assert writes == {
        "issue": {"contents": "write"},
        "build": {"contents": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    assert [step["run"] for step in steps_of(PUBLISH, TO_S3) if "secrets." in json.dumps(step)] == [
        ".venv/bin/laurels issue"
    ]
    # Text that others can choose is never put into a command.
    assert not [step for step in steps_of(CHECK, PUBLISH, WATCH, TO_S3) if "${{" in step.get("run", "")]
    assert TO_S3["jobs"]["deploy"]["permissions"] == {"contents": "read", "id-token": "write"}


def test_what_watches_the_site_may_read_only_and_sees_no_secret() -> None:
    assert WATCH["permissions"] == {"contents": "read"} and "secrets." not in json.dumps(WATCH)
    assert steps_of(WATCH)[-1]["run"] == ".venv/bin/laurels verify https://badges.example.org/ --against ."


@pytest.fixture
def on_github(committed_demo: Path, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """The demo as the runner has it after checkout, with a branch main to push to, and the variables of a push there."""
    shutil.copytree(committed_demo, folder := tmp_path / "work", symlinks=True, ignore=shutil.ignore_patterns("site"))
    subprocess.run(["git", "clone", "--quiet", "--bare", folder, tmp_path / "origin.git"], check=True)
    subprocess.run(["git", "remote", "add", "origin", tmp_path / "origin.git"], cwd=folder, check=True)
    event, output = tmp_path / "event.json", tmp_path / "output"
    event.write_text(json.dumps({"repository": {"default_branch": "main"}}), "utf-8")
    output.touch()
    variables = {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_OUTPUT": str(output),
        "GITHUB_REF_NAME": "main",
        "GITHUB_REF_TYPE": "branch",
    }
    return folder, environment(tmp_path / "home") | variables


def steps_run(job: dict[str, Any], folder: Path, variables: dict[str, str], secrets: dict[str, str]) -> None:
    """The steps of a job that are commands, as the runner runs them."""
    for step in job["steps"]:
        wanted = step.get("env", {})
        own = {name: secrets[text.removeprefix("${{ secrets.").removesuffix(" }}")] for name, text in wanted.items()}
        if "run" in step:
            done = run(step["run"], folder, variables | own)
            if step["run"].startswith("git worktree add"):
                # Nothing is installed from the network.
                set_up(folder.parent / "published")
            assert done.returncode == 0, f"{step['run']}\n{done.stdout}{done.stderr}"


def test_the_workflow_of_the_default_branch_signs_keeps_and_builds(on_github: tuple[Path, dict[str, str]]) -> None:
    folder, variables = on_github
    cohort = "badge: first-aid-basic\nawarded: 2026-12-03\nname: Clara Barton\nemail: c.barton@example.org\n"
    (folder / "content/records/harbour/2026-12-evening.yml").write_text(cohort, "utf-8")
    run("git add -A && git commit --quiet -m More", folder, variables)
    keys = yaml.safe_load((folder / "issuers/harbour/keys.yml").read_text("utf-8"))["keys"]
    secret = demo_signing_key(next(key["publicKeyMultibase"] for key in keys if key["state"] == "active"))
    before = set((folder / "content/signed/harbour").iterdir())

    steps_run(PUBLISH["jobs"]["issue"], folder, variables, {"LAURELS_KEY_HARBOUR": secret or ""})

    (made,) = set((folder / "content/signed/harbour").iterdir()) - before
    kept = run("git ls-tree -r --name-only origin/main && git status --short", folder, variables).stdout
    assert f"content/signed/harbour/{made.name}/credential.json" in kept and ".venv" not in kept
    commit = run("git rev-parse origin/main", folder, variables).stdout.strip()
    assert Path(variables["GITHUB_OUTPUT"]).read_text("ascii") == f"commit={commit}\n"

    steps_run(PUBLISH["jobs"]["build"], folder, variables, {})
    assert (folder / "site/c" / made.name / "index.html").is_file()

    # A second run has nothing to sign, and nothing to keep.
    steps_run(PUBLISH["jobs"]["issue"], folder, variables, {"LAURELS_KEY_HARBOUR": secret or ""})
    assert run("git rev-parse origin/main", folder, variables).stdout.strip() == commit


def merged_as_github_does(folder: Path, variables: dict[str, str], change: str) -> None:
    """A commit in which a request that makes a change is merged onto the target branch."""
    merge = "git checkout --quiet main && git merge --quiet --no-ff -m Merge proposal"
    lines = f"git checkout --quiet -B proposal && {change} && git add -A && git commit --quiet -m Change && {merge}"
    done = run(lines, folder, variables)
    assert done.returncode == 0, done.stderr


def test_the_workflow_of_a_pull_request_checks_and_builds_without_a_key(
    on_github: tuple[Path, dict[str, str]],
) -> None:
    folder, variables = on_github
    steps = CHECK["jobs"]["check"]["steps"]
    check, (checkout, *_) = steps[3]["run"], steps
    assert checkout["with"]["fetch-depth"] == "0" and check.endswith(" --base HEAD^1 --history required")
    public = format_public_key(fake_key().public_key())
    entry = f"{{id: key-9, publicKeyMultibase: {public}, created: 2026-01-01, state: retired}}"
    # The request would run code in three ways; none of it does.
    (folder / "evil.py").write_text("open('ran', 'w')", "utf-8")
    evil = (
        "echo 'hooks: [evil.py]' >> mkdocs.yml && echo 'touch ran; exit 1' > scripts/setup.sh && cp evil.py mkdocs.py"
    )
    merged_as_github_does(folder, variables, f"echo '  - {entry}' >> issuers/harbour/keys.yml && {evil}")
    steps_run(CHECK["jobs"]["check"], folder, variables | {"GITHUB_EVENT_NAME": "pull_request"}, {})
    assert (folder / "site/c").is_dir() and not (folder / "ran").exists()
    told = run(check, folder, variables).stderr
    assert all(line in told for line in ("hooks: 'evil.py'", "- evil.py", "- mkdocs.py", "- scripts/setup.sh"))

    # What is left agrees with itself: only the branch as it was knows of the key.
    merged_as_github_does(folder, variables, "sed -i /key-9/d issuers/harbour/keys.yml")
    done = run(check, folder, variables)
    assert done.returncode == 1 and "LED011 key-9 is gone from the list of keys" in done.stderr

    (folder / "content/records/harbour/new.yml").write_text("badge: nothing\n", "utf-8")
    done = run(check, folder, variables)
    assert (done.returncode == 1 and "REC014" in done.stdout + done.stderr) or "REC002" in done.stdout + done.stderr


def test_the_job_for_s3_takes_its_token_from_github_to_amazons_program(tmp_path: Path) -> None:
    """With a curl and an aws that note what they are given."""
    step = TO_S3["jobs"]["deploy"]["steps"][-1]
    programs = {
        "curl": 'echo "$@" >> said; printf \'{"value": "a.b.c"}\' > "$5"\n',
        "aws": 'echo "$@" >> said; cat "$AWS_WEB_IDENTITY_TOKEN_FILE" >> said; echo "$AWS_ROLE_ARN" >> said\n',
    }
    for name, text in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}", "utf-8")
        (tmp_path / name).chmod(0o755)
    variables = environment(tmp_path) | {
        "RUNNER_TEMP": str(tmp_path),
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "asking",
        "ACTIONS_ID_TOKEN_REQUEST_URL": "https://github.example/token?v=1",
        **{name: value.replace("${{ vars.AWS_ROLE }}", "role/badges") for name, value in step["env"].items()},
    }
    done = run(step["run"], tmp_path, variables | {"PATH": f"{tmp_path}:{variables['PATH']}"})
    assert done.returncode == 0, done.stderr
    asked, copied, token, role = (tmp_path / "said").read_text("utf-8").splitlines()
    assert asked.startswith("-sSf -H Authorization: bearer asking -o ") and asked.endswith(
        "?v=1&audience=sts.amazonaws.com"
    )
    assert copied.startswith("s3 sync site s3://badges.example.org --delete ") and (token, role) == (
        "a.b.c",
        "role/badges",
    )
