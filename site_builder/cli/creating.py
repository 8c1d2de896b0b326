"""The commands new: issuer, badge, award, cohort. They ask on a terminal; anywhere else what is missing is wrong usage."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from site_builder.cli.options import PERSONAL_HELPS, SHARED_HELPS, flag_of, parse_results, text_options
from site_builder.cli.shell import as_json_option, print_json, say
from site_builder.errors import Error, UsageError

__all__ = ["new"]

_MAX_LIST_BYTES = 4 * 1_048_576


@click.group()
def new() -> None:
    """Write new records, achievements and issuers: laurels new cohort --badge first-aid-basic

    Asks for what is missing on a terminal. Nothing that is there is ever overwritten."""


def _writing(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        as_json_option("What was written"),
        click.option("--dry-run", is_flag=True, help="Only print what would be written."),
    ):
        command = option(command)
    return command


@new.command("issuer")
@click.argument("slug", required=False)
@text_options(
    name="As it is signed in every credential.",
    url="Your own site, https.",
    email="The office, for questions; it is published.",
    time_zone="Such as Europe/Lisbon.",
    language="Such as en or pt-BR.",
    description="One line on who you are.",
    accent="A colour, such as '#0b5563'.",
)
@_writing
@click.pass_obj
def new_issuer(root: Path, /, slug: str | None, dry_run: bool, as_json: bool, **given: str | None) -> None:
    """Write a new issuer: laurels new issuer quayside --name 'Quayside Sailing School'

    SLUG is the name of its folder, which becomes part of addresses."""
    from site_builder.authoring.new_records import new_issuer

    required = {"name": "Name", "url": "Its site", "email": "The office's address", "time_zone": "Time zone"}
    fields = _asked(root, "issuer", given, required | {"language": "Language"}, {"description": "One line on it"})
    draft = new_issuer(root, _slug(slug, fields["name"]), fields)
    _write(root, draft, dry_run=dry_run, as_json=as_json)


@new.command("badge")
@click.argument("slug", required=False)
@text_options(
    issuer="The issuer's folder; needed when there are several.",
    name="What it is called.",
    description="One line on what its holder can do.",
    criteria="What was asked, a few sentences in Markdown.",
    criteria_url="The page that says so; instead of --criteria, or with it.",
    image_alt="What the drawing shows.",
    achievement_type="Such as Course or Certificate.",
    category="A word or two.",
    level="A word or two.",
    validity="How long it holds: P2Y, P6M.",
    language="When it is not the issuer's.",
)
@click.option("--tag", "tags", multiple=True, help="A subject; may be given several times.")
@_writing
@click.pass_obj
def new_badge(root: Path, /, slug: str | None, dry_run: bool, as_json: bool, **given: Any) -> None:
    """Write a new achievement: laurels new badge day-skipper --name 'Day Skipper'

    SLUG is the name of its folder, which becomes part of addresses. A drawing to begin with is put beside it."""
    from site_builder.authoring.new_records import new_badge

    given["issuer"] = given["issuer"] or _only_issuer(root)
    required = {"issuer": "Issuer", "name": "Name", "description": "One line on what its holder can do"}
    if not given["criteria_url"]:
        required |= {"criteria": "What was asked (Markdown)"}
    fields = _asked(root, "badge", given, required, {"validity": "How long it holds, such as P2Y"})
    draft = new_badge(root, _slug(slug, fields["name"]), _with_criteria(fields))
    _write(root, draft, dry_run=dry_run, as_json=as_json)


def _with_criteria(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields in the order in which a person writes them, with narrative and url below criteria."""
    criteria = {"narrative": fields.pop("criteria", None), "url": fields.pop("criteria_url", None)}
    given = {name: value for name, value in criteria.items() if value}
    first = {name: fields.pop(name) for name in ("issuer", "name", "description")}
    return first | {"criteria": given} | fields


_AWARD_TEXTS = {
    "badge": "The achievement's folder.",
    "awarded": "The day of the award, YYYY-MM-DD.",
}
_MORE_TEXTS = {
    "expires": "The last valid day, or 'never'.",
    **SHARED_HELPS,
}
_EVIDENCE = click.option("--evidence", multiple=True, help="An https address; may be given several times.")


@new.command("award")
@text_options(**_AWARD_TEXTS)
@text_options(
    name="The recipient, as the name is to be read.",
    email="The recipient's address; never published.",
    id="The recipient's own identifier, such as a DID.",
)
@_EVIDENCE
@click.option(
    "--result", "results", multiple=True, metavar="KEY=VALUE", help="What was reached; may be given several times."
)
@text_options(
    **_MORE_TEXTS,
    **PERSONAL_HELPS,
    listed="The day on which the recipient agreed to be listed.",
    ref="Tells two otherwise equal awards apart.",
)
@_writing
@click.pass_obj
def new_award(root: Path, /, dry_run: bool, as_json: bool, **given: Any) -> None:
    """Write down one award: laurels new award --badge first-aid-basic --awarded 2026-05-14 --name 'Ada Lovelace'

    The file is named by day and achievement, never by the person."""
    from site_builder.authoring.new_records import new_awards

    given["results"] = parse_results(given["results"])
    required = {"badge": "Achievement", "awarded": "Day of the award", "name": "Name"}
    fields = _asked(root, "award", given, required, {"email": "E-mail address"})
    _write(root, new_awards(root, fields), dry_run=dry_run, as_json=as_json)


@new.command("cohort")
@text_options(**_AWARD_TEXTS)
@_EVIDENCE
@text_options(**_MORE_TEXTS)
@click.option(
    "--csv",
    "roster",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="The list of people, as your learning platform exports it; - for standard input.",
)
@click.option("--name-column", help="The column of names, when it is not clear.")
@click.option("--email-column", help="The column of addresses, when it is not clear.")
@_writing
@click.pass_obj
def new_cohort(root: Path, /, dry_run: bool, as_json: bool, roster: Path | None, **given: Any) -> None:
    """Write down a cohort: laurels new cohort --badge first-aid-basic --awarded 2026-05-14 --csv participants.csv

    Says which columns of the list were taken, and which names look odd. Without --csv a line for each person is read: name, address."""
    from site_builder.authoring.new_records import new_awards

    columns = {name: given.pop(name) for name in ("name_column", "email_column")}
    fields = _asked(root, "award", given, {"badge": "Achievement", "awarded": "Day of the award"}, {})
    people, source = _people(roster, columns)
    for note in people.notes:
        say(note)
    draft = new_awards(root, fields, people.rows, source=source)
    _write(root, draft, dry_run=dry_run, as_json=as_json)


# --- asking -----------------------------------------------------------------------------------------------------------


def _asked(
    root: Path, kind: str, given: Mapping[str, Any], required: Mapping[str, str], optional: Mapping[str, str]
) -> dict[str, Any]:
    """The values that were given, and on a terminal those that are missing. Each is looked at by itself.

    Raises UsageError, naming the option, elsewhere."""
    fields = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items() if value}
    for name, value in fields.items():
        refusal = _refusal(root, kind, name, value)
        if refusal:
            raise UsageError(f"{flag_of(name)}: {refusal}")
    missing = [name for name in required if name not in fields]
    if missing and not sys.stdin.isatty():
        raise UsageError(f"missing: {', '.join(map(flag_of, missing))} (only on a terminal is it asked for)")
    for name in missing:
        fields[name] = _ask(root, kind, name, required[name])
    for name in optional if missing else ():
        if name not in fields and (answer := _ask(root, kind, name, optional[name], is_optional=True)):
            fields[name] = answer
    # As the options stand in the help, which is how records are written.
    return {str(option.name): fields[option.name] for option in _options() if option.name in fields}


def _options() -> list[click.Parameter]:
    return click.get_current_context().command.params


def _refusal(root: Path, kind: str, name: str, value: Any) -> str:
    from site_builder.authoring.new_records import refusal_of

    if name in ("criteria", "criteria_url"):
        return refusal_of(root, kind, "criteria", {"narrative" if name == "criteria" else "url": value})
    return refusal_of(root, kind, name, value)


def _ask(root: Path, kind: str, name: str, question: str, *, is_optional: bool = False) -> str:
    """An answer that can stand in the field; asks again until it can."""

    def checked(answer: str) -> str:
        refusal = _refusal(root, kind, name, answer) if answer or not is_optional else ""
        if refusal:
            raise click.BadParameter(refusal)
        return answer

    default = {"awarded": datetime.now(UTC).date().isoformat(), "language": "en"}.get(name, "" if is_optional else None)
    text = f"{question} (may be left empty)" if is_optional else question
    answer: str = click.prompt(text, default=default, show_default=bool(default), value_proc=checked, err=True)
    return answer


def _slug(slug: str | None, name: str) -> str:
    from site_builder.authoring.new_records import slug_from

    if slug is not None:
        return slug
    if not sys.stdin.isatty():
        raise UsageError("missing: SLUG, the name of the folder (only on a terminal is it asked for)")
    answer: str = click.prompt("Folder, part of addresses", default=slug_from(name) or None, err=True)
    return answer


def _only_issuer(root: Path) -> str | None:
    from site_builder.records.load.repository import load_repository

    issuers = list(load_repository(root)[0].issuers)
    return issuers[0] if len(issuers) == 1 else None


def _people(roster: Path | None, columns: Mapping[str, str | None]) -> tuple[Any, str]:
    """The people of a list, of standard input or of a terminal's lines, and how the list is called."""
    from site_builder.authoring.importers.imported import ImportOptions
    from site_builder.authoring.importers.table import import_list
    from site_builder.authoring.importers.typed_lines import read_lines

    if roster is None and sys.stdin.isatty():
        return read_lines(_asked_lines()), "line"
    raw = _list_bytes(roster)
    source = "standard input" if roster is None or str(roster) == "-" else str(roster)
    if not raw.strip():
        raise UsageError("missing: --csv, or a list on standard input (only on a terminal are people asked for)")
    return import_list(raw, ImportOptions(**columns), is_file=roster is not None), source


def _list_bytes(roster: Path | None) -> bytes:
    is_file = roster is not None and str(roster) != "-"
    with click.open_file(str(roster) if is_file else "-", "rb") as stream:
        raw: bytes = stream.read(_MAX_LIST_BYTES + 1)
    if len(raw) > _MAX_LIST_BYTES:
        raise Error("the list is larger than 4 MB, so it is no list of people")
    return raw


def _asked_lines() -> bytes:
    say("Each person on a line: name, e-mail address. An empty line ends the list.")
    lines = []
    while line := click.prompt("", prompt_suffix="> ", default="", show_default=False, err=True):
        lines.append(line)
    return "\n".join(lines).encode("utf-8")


def _write(root: Path, draft: Any, *, dry_run: bool, as_json: bool) -> None:
    """Writes the files and says so, with what is to be looked at and what comes next; or prints them."""
    from site_builder.authoring.new_records import write_new_files

    for note in draft.notes:
        say(note)
    if as_json:
        files = {path: content.decode("utf-8") for path, content in draft.files.items()}
        print_json({"files": files, "written": not dry_run, "notes": list(draft.notes)})
    elif dry_run:
        for path, content in draft.files.items():
            click.echo(f"# {path}\n{content.decode('utf-8')}")
    if dry_run:
        return say("Nothing was written (--dry-run).")
    write_new_files(root, draft)
    if not as_json:
        for path in draft.files:
            click.echo(f"wrote {path}")
    say(f"Next: {', then '.join(draft.next_steps)}")
