"""The command `laurels`: reads arguments, calls one function, prints. Results go to standard output, the rest to standard error."""

from __future__ import annotations

import errno
import io
import json
import logging
import os
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from site_builder.errors import Error, Problem, UsageError, plural

__all__ = ["main"]


class _Group(click.Group):
    """Turns our errors into one line and an exit code: 1 for problems, 2 for wrong usage."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except UsageError as error:
            _stop(str(error), code=2)
        except (Error, OSError) as error:
            # OSError: a disk, a folder or a pipe that refuses, whatever was being done.
            if context.params.get("verbose") or getattr(error, "errno", None) == errno.EPIPE:
                raise
            _stop(str(error), code=1)


def _stop(message: str, *, code: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The folder with mkdocs.yml.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show where an error came from.")
@click.version_option(package_name="laurels", message="laurels %(version)s")
@click.pass_context
def main(context: click.Context, root: Path, verbose: bool) -> None:
    """Publish verifiable credentials from a git repository to a static site.

    Example: laurels check && laurels issue && laurels build"""
    context.obj = root
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a letter, or a file name that is not UTF-8, must not end the program.
            stream.reconfigure(errors="backslashreplace")
    logging.basicConfig(level=logging.DEBUG if verbose else logging.WARNING, format="%(message)s")


def _print_problems(problems: Iterable[Problem]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Problems as JSON on standard output.")
@click.pass_obj
def check(root: Path, as_json: bool) -> None:
    """Check every record and every signed file: laurels check

    Needs no key, no network and no clock. Exit code 1 when there are problems."""
    from site_builder.ledger.checks import check_repository

    state = check_repository(root)
    pending = {"rows": len(state.pending_rows), "changes": len(state.pending_changes), "status_lists": len(state.stale)}
    if as_json:
        click.echo(
            json.dumps({"problems": [problem.__dict__ for problem in state.problems], "pending": pending}, indent=2)
        )
    else:
        _print_problems(state.problems)
        issued, rows = len(state.ledger.awards), pending["rows"]
        done = f"{plural(len(state.problems), 'problem')}; {plural(issued, 'award')} issued"
        click.echo(f"{done}, {rows} pending, {pending['changes']} changes pending", err=True)
    sys.exit(1 if state.problems else 0)


@main.command()
@click.option("--dry-run", is_flag=True, help="Only show what would be signed.")
@click.option("--issuer", help="Only this issuer.")
@click.option(
    "--here",
    is_flag=True,
    help="Issue in this CI run, whatever its branch: only where you know that its result is kept.",
)
@click.option(
    "--key-file", type=click.Path(path_type=Path), help="The file that holds the signing key (with --issuer)."
)
@click.option("--json", "as_json", is_flag=True, help="The plan or what was done as JSON on standard output.")
@click.pass_obj
def issue(root: Path, dry_run: bool, issuer: str | None, here: bool, key_file: Path | None, as_json: bool) -> None:
    """Sign what is pending: laurels issue --dry-run, then laurels issue

    Shows what it signs. Run again after an interruption: it completes what was begun and changes nothing else."""
    _issue(root, dry_run=dry_run, issuer=issuer, here=here, key_file=key_file, as_json=as_json)


def _issue(
    root: Path,
    *,
    dry_run: bool = False,
    issuer: str | None = None,
    here: bool = False,
    key_file: Path | None = None,
    as_json: bool = False,
) -> None:
    from site_builder.issuing.command import issue_command

    done = issue_command(
        root,
        dry_run=dry_run,
        issuer=issuer,
        here=here,
        key_file=key_file,
        environment=os.environ,
        now=datetime.now(UTC).replace(microsecond=0),
        random_bytes=os.urandom,
        say=lambda line: click.echo(line, err=as_json),
        problems=_print_problems,
    )
    if as_json:
        click.echo(json.dumps(done, indent=2))


@main.command()
@click.option("--strict", is_flag=True, help="Refuse a site that MkDocs warns about.")
@click.pass_obj
def build(root: Path, strict: bool) -> None:
    """Build the whole site into the folder site/: laurels build

    The same as `mkdocs build`. Needs no key, no network and no clock."""
    _build(root, strict=strict)


def _build(root: Path, *, strict: bool = False) -> Path:
    from mkdocs.commands.build import build as build_with_mkdocs
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, MkDocsException

    if not (root / "mkdocs.yml").is_file():
        raise Error("there is no mkdocs.yml here: run this in the folder that holds it, or name that folder with -C")
    try:
        config = load_config(config_file=str(root / "mkdocs.yml"), strict=strict)
        config.plugins.on_startup(command="build", dirty=False)
        build_with_mkdocs(config)
        config.plugins.on_shutdown()
    except (MkDocsException, Abort) as error:
        raise Error(str(error)) from error
    plugin: Any = config.plugins["laurels"]
    _say_what_is_left_out(plugin.state)
    return Path(config.site_dir)


def _say_what_is_left_out(state: Any) -> None:
    rows, changes = len(state.pending_rows), len(state.pending_changes)
    if rows or changes:
        click.echo(
            f"not on the site, since not signed yet: {rows} awards, {changes} changes; run 'laurels issue'", err=True
        )


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Answer the site's addresses from this folder.",
)
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]),
    help="Verify as of this moment (UTC) instead of now.",
)
@click.option("--json", "as_json", is_flag=True, help="Reports as JSON on standard output.")
def verify(paths: tuple[Path, ...], site: Path | None, at: datetime | None, as_json: bool) -> None:
    """Verify credentials: laurels verify badge.png

    Reads JSON, baked PNG and SVG files, and whole sites (a folder). The issuer's key and revocation list are fetched from their
    addresses, or taken from the folder given with --site. Exit code 0: each file holds; of a folder: nothing in it fails."""
    from site_builder.verification.folder import is_site, summarize_site

    now = at.replace(tzinfo=UTC) if at else datetime.now(UTC)
    started = time.monotonic()
    reports = [entry for path in paths for entry in _reports(path, site, now)]
    if as_json:
        click.echo(
            json.dumps([{"file": name} | report.as_json() for name, report, _ in reports], indent=2, ensure_ascii=False)
        )
    else:
        _print_reports(reports)
    for path in (path for path in paths if is_site(path)):
        summary = summarize_site(path, [report for _, report, folder in reports if folder == path], now=now)
        click.echo(summary.line(seconds=time.monotonic() - started), err=True)
    sys.exit(0 if all(_is_fine(report.verdict, in_folder=folder is not None) for _, report, folder in reports) else 1)


def _reports(path: Path, site: Path | None, now: datetime) -> list[tuple[str, Any, Path | None]]:
    from site_builder.verification.fetch import fetch_https
    from site_builder.verification.folder import is_site, verify_file, verify_site
    from site_builder.verification.site_folder import SiteFolder

    if path.is_dir() and is_site(path):
        return [(f"{path}/{name}", report, path) for name, report in verify_site(path, now=now)]
    evidence = SiteFolder(site) if site else fetch_https
    files = (
        sorted(f for f in path.rglob("*") if f.suffix in (".json", ".png", ".svg") and f.is_file())
        if path.is_dir()
        else [path]
    )
    if not files:
        raise UsageError(f"{path} holds no site and no .json, .png or .svg file")
    return [(str(file), verify_file(file, evidence=evidence, now=now), None) for file in files]


def _is_fine(verdict: str, *, in_folder: bool) -> bool:
    return verdict not in ("fails", "unknown") if in_folder else verdict == "holds"


_MARKS = {
    "passed": "[green]✓[/]",
    "failed": "[bold red]✕[/]",
    "not_checked": "[dim]–[/]",
    "could_not_check": "[yellow]?[/]",
}


def _print_reports(reports: list[tuple[str, Any, Path | None]]) -> None:
    from rich.console import Console
    from rich.markup import escape

    from site_builder.verification.report import check_name, result_word

    # Rich leaves colours out where they are not wanted (NO_COLOR, a file, a pipe).
    console = Console(highlight=False, soft_wrap=True)
    for name, report, folder in reports:
        if folder is not None and report.verdict not in ("fails", "unknown"):
            continue  # of a whole site only what is wrong; the summary counts the rest
        lines = [
            escape(name),
            *([escape(report.statement)] if report.statement else []),
            f"[bold]{escape(report.headline)}[/]",
        ]
        console.print("\n".join(lines))
        for check in report.checks:
            origin = f"{check.source}, {check.at}" if check.source else check.at
            what = f"{check_name(check.name)}, {result_word(check.result)}: {check.sentence}"
            console.print(f"  {_MARKS[check.result]} {escape(what)} [dim]{escape(origin)}[/]")


@main.command()
@click.pass_obj
def site(root: Path) -> None:
    """Do it all: check, sign what is pending, build, verify: laurels site

    Ends with one line on what the site holds. Exit code 1 when anything failed."""
    from site_builder.verification.folder import summarize_site, verify_site

    started, now = time.monotonic(), datetime.now(UTC)
    _issue(root)
    folder = _build(root)
    entries = list(verify_site(folder, now=now))
    _print_reports([(path, report, folder) for path, report in entries])
    summary = summarize_site(folder, [report for _, report in entries], now=now)
    click.echo(summary.line(seconds=time.monotonic() - started))
    sys.exit(0 if all(_is_fine(report.verdict, in_folder=True) for _, report in entries) else 1)


_EXAMPLE_RECORD = "content/records/harbour/2026-05-first-aid.yml"


@main.command()
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, for a mail merge.")
@click.option("--record", help=f"Only the rows of this file, such as {_EXAMPLE_RECORD}.")
@click.pass_obj
def links(root: Path, as_csv: bool, record: str | None) -> None:
    """Print each learner's own link: laurels links --csv > links.csv

    The part behind # is the key to the salted hash of the learner's e-mail address: send each link to its learner alone."""
    from site_builder.ledger.checks import check_repository
    from site_builder.ledger.links import learner_links, links_as_csv

    state = check_repository(root)
    if state.problems:
        _print_problems(state.problems)
        raise Error("no links are given while there are problems: a link that was sent cannot be called back")
    if record is not None and record not in {row.file for row in state.repository.rows}:
        raise UsageError(f"{record} holds no rows: name it as 'laurels check' does, such as {_EXAMPLE_RECORD}")
    found = learner_links(state, record=record)
    if as_csv:
        click.echo(links_as_csv(found), nl=False)
        return
    for link in found:
        click.echo(f"{link.name} <{link.email}>\n  {link.url}" if link.email else f"{link.name}\n  {link.url}")


@main.group()
def keys() -> None:
    """Signing keys: laurels keys new harbour"""


@keys.command("new")
@click.argument("issuer")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path),
    help="Where to write the private key (outside of the repository).",
)
@click.option("--print", "to_terminal", is_flag=True, help="Print the private key instead, for a CI secret.")
@click.pass_obj
def keys_new(root: Path, issuer: str, file: Path | None, to_terminal: bool) -> None:
    """Make a signing key: laurels keys new harbour

    The public half is added to issuers/ISSUER/keys.yml. The private half goes to a file that only you can read."""
    from site_builder.issuing.command import keys_new_command

    made = keys_new_command(
        root,
        issuer,
        file=file,
        to_terminal=to_terminal,
        environment=os.environ,
        random_bytes=os.urandom,
        today=datetime.now(UTC).date(),
        say=lambda line: click.echo(line, err=True),
        problems=_print_problems,
    )
    if to_terminal:
        click.echo(made.line)
