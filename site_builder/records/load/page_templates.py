"""Which template a Markdown page asks for in its front matter, and whether it can be shown with it.

Sources: MkDocs 1.6, Writing Your Docs, Meta-Data and template; mkdocs.utils.meta."""

from __future__ import annotations

import re

from site_builder.errors import Problem
from site_builder.records.formats.yaml_events import YamlRefused
from site_builder.records.formats.yaml_nodes import read_tagged_yaml

__all__ = ["PAGE_TEMPLATES", "template_line", "wrong_template"]

# Those of our templates that show a Markdown page; the others need what only signed files have.
PAGE_TEMPLATES = ("home.html", "main.html")
_BLOCK = re.compile(r"-{3}[ \t]*\n(.*?\n)(?:\.{3}|-{3})[ \t]*\n", re.DOTALL)
_LINE = re.compile(r" {0,3}template:\s*(.*)", re.IGNORECASE)
_MORE = re.compile(r" {0,3}[A-Za-z0-9_-]+:|    |\t")


def template_line(raw: bytes) -> tuple[str, int] | None:
    """(template, line) as a page's front matter has it; None where it names none or cannot be read. A list is ""."""
    text = raw.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    block = _BLOCK.match(text)
    return _in_yaml(block[1]) if block else _in_lines(text)


def _in_yaml(block: str) -> tuple[str, int] | None:
    try:
        settings = read_tagged_yaml(block.encode(), file="").settings
    except YamlRefused:
        return None
    named = [setting for setting in settings if setting.path == ("template",) and setting.kind != "key"]
    # The block begins on the second line.
    return (named[-1].text, named[-1].line + 1) if named else None


def _in_lines(text: str) -> tuple[str, int] | None:
    """The other form that MkDocs reads: lines of `name: value` at the top, without ---."""
    for number, line in enumerate(text.split("\n"), 1):
        found = _LINE.fullmatch(line)
        if found:
            return found[1].strip(), number
        if not _MORE.match(line):
            return None
    return None


def wrong_template(file: str, line: int, template: str) -> Problem:
    """What is said of a page that asks for a template that cannot show it."""
    shown = "".join(letter for letter in template[:60] if letter.isprintable())
    what = f"no page can be shown with the template {shown!r}"
    fix = f"delete the line, or write one of {', '.join(PAGE_TEMPLATES)} or of the templates in your theme's custom_dir"
    return Problem(file, line, "FIL010", what, fix)
