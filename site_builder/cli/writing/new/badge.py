"""The command new badge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from site_builder.cli.options import text_options
from site_builder.cli.writing.new.asking import ask_missing, ask_slug
from site_builder.cli.writing.new.written import write_new, writing_options

__all__ = ["new_badge"]


@click.command("badge")
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
@writing_options
@click.pass_obj
def new_badge(root: Path, /, slug: str | None, dry_run: bool, as_json: bool, **given: Any) -> None:
    """Write a new achievement: laurels new badge day-skipper --name 'Day Skipper'

    SLUG is the name of its folder, which becomes part of addresses. A drawing to begin with is put beside it."""
    from site_builder.authoring.new_records import new_badge as make_badge

    given["issuer"] = given["issuer"] or _only_issuer(root)
    required = {"issuer": "Issuer", "name": "Name", "description": "One line on what its holder can do"}
    if not given["criteria_url"]:
        required |= {"criteria": "What was asked (Markdown)"}
    fields = ask_missing(root, "badge", given, required, {"validity": "How long it holds, such as P2Y"})
    new_files = make_badge(root, ask_slug(slug, fields["name"]), _with_criteria(fields))
    write_new(root, new_files, dry_run=dry_run, as_json=as_json)


def _with_criteria(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields in the order in which a person writes them, with narrative and url below criteria."""
    criteria = {"narrative": fields.pop("criteria", None), "url": fields.pop("criteria_url", None)}
    given = {name: value for name, value in criteria.items() if value}
    first = {name: fields.pop(name) for name in ("issuer", "name", "description")}
    return first | {"criteria": given} | fields


def _only_issuer(root: Path) -> str | None:
    from site_builder.records.load.repository import load_repository

    issuers = list(load_repository(root)[0].issuers)
    return issuers[0] if len(issuers) == 1 else None
