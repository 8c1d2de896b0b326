"""What pydantic found wrong, as problems in plain words at the right line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError

from site_builder.errors import Problem
from site_builder.records.fields.text import quote_word
from site_builder.records.formats.yaml_events import Path

__all__ = ["explain", "nearest", "place_in_words"]

_SPELLED_OTHERWISE = {"publicKeyMultibase"}


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like the given one, or ""."""
    found = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def explain(
    error: ValidationError,
    model: type[BaseModel],
    *,
    file: str,
    line_of: Callable[[Path], int],
    missing: str = "add a line '{}: …'",
) -> list[Problem]:
    """A problem for each thing that a model refused. line_of: the line on which a value (by its path) stands.

    missing: how a field that is missing is added."""
    return [_explain_one(found, model, file, line_of, missing) for found in error.errors(include_url=False)]


def _explain_one(
    found: object, model: type[BaseModel], file: str, line_of: Callable[[Path], int], missing: str
) -> Problem:
    assert isinstance(found, dict)
    context = found.get("ctx", {})
    # pydantic marks what is wrong with a key, and not with its value, by a step of its own.
    path: Path = tuple(step for step in found["loc"] if step != "[key]")
    path = path or ((context["field"],) if context.get("field") else ())
    line, name = line_of(path), place_in_words(path)
    if found["type"] == "laurels":
        what = f"{name}: {context['what']}" if name else context["what"]
        return Problem(file, line, context["code"], what, context["fix"])
    if found["type"] == "missing":
        return Problem(file, line, "REC002", f"'{name}' is missing", missing.format(path[-1]))
    if found["type"] == "extra_forbidden":
        return _unknown_field(path, model, file, line)
    if found["type"] == "literal_error":
        allowed = str(context["expected"]).replace("'", "")
        return Problem(
            file,
            line,
            "REC010",
            f"{name}: this is not one of the allowed words",
            f"use {allowed}",
        )
    if found["type"] == "dict_type":
        fix = "on lines of their own below it, indented by two spaces, write the name of each result, a colon and what it is"
        return Problem(file, line, "REC003", f"{name} must have fields of its own", fix)
    if found["type"] == "tuple_type":
        fix = "begin each on a line of its own with a hyphen: '- '"
        return Problem(file, line, "REC003", f"{name} must be a list", fix)
    inner = _fields_at(model, path)
    fix = f"on lines of their own below it, indented by two spaces, write what it has of {', '.join(inner)}"
    return Problem(file, line, "REC003", f"{name or 'this'} must have fields of its own", fix)


def place_in_words(path: Path) -> str:
    """A value's place for people, who count from 1: `criteria.url`, `tags, number 2`."""
    words = ""
    for before, step in zip(("", *path), path, strict=False):
        comma = ", " if isinstance(step, int) or isinstance(before, int) else "." if words else ""
        words += comma + (f"number {step + 1}" if isinstance(step, int) else _step(step))
    return words


def _step(name: str) -> str:
    """A field's name, or words in its index: what people may name themselves can be somebody's name by mistake."""
    return name if quote_word(name, "") or name in _SPELLED_OTHERWISE else "…"


def _unknown_field(path: Path, model: type[BaseModel], file: str, line: int) -> Problem:
    name = str(path[-1])
    known = _fields_at(model, path[:-1])
    similar = nearest(name.lower(), known)
    fix = f"did you mean '{similar}'?" if similar else f"the fields here are {', '.join(known)}"
    return Problem(file, line, "REC001", f"there is no field {quote_word(name, 'of this name')}", fix)


def _fields_at(model: type[BaseModel], path: Path) -> list[str]:
    """Names of the fields of the model, or of the one that lies at a path inside of it."""
    inner: object = model
    for step in path:
        if isinstance(step, int) or not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            continue
        annotation = inner.model_fields[step].annotation if step in inner.model_fields else None
        inner = _model_in(annotation) or inner
    assert isinstance(inner, type) and issubclass(inner, BaseModel)
    # A file of awards may be a cohort or a change as well.
    return [
        *inner.model_fields,
        *(["recipients", "revoke", "correct", "renew", "erase"] if inner.__name__ == "AwardRow" else []),
    ]


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found:
            return found
    return None
