"""Edits of keys.yml that leave its people's comments and layout as they are: one entry more, or another state of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pydantic import ValidationError

from site_builder.errors import Error
from site_builder.records.formats.yaml_events import YamlRefused, parse_yaml
from site_builder.records.models.keys import KeyRecord, KeysFile

__all__ = ["add_key", "set_key_state"]

_STATE = re.compile(r"""\bstate\b["']?\s*:\s*["']?(active|retired|compromised)\b["']?""")


def add_key(raw: bytes, key: KeyRecord, *, file: str) -> bytes:
    """keys.yml with one more entry behind the others, indented as they are. raw: b"" when there is no such file yet.

    Raises Error when the list has a form that no line can be added to."""
    text = raw.decode("utf-8") or "keys:\n"
    newline = "\r\n" if "\r\n" in text else "\n"
    indents = re.findall(r"^( *)- ", text, re.MULTILINE)
    entry = (
        f"{{id: {key.id}, publicKeyMultibase: {key.publicKeyMultibase}, created: {key.created}, state: {key.state}}}"
    )
    after = f"{text.rstrip()}{newline}{indents[-1] if indents else '  '}- {entry}{newline}".encode()
    if _keys(after, file) != ((_keys(raw, file) or ()) if raw else ()) + (key,):
        raise Error(
            f"{file} cannot be added to as it is: write 'keys:' and below it each key on a line '  - {{id: …}}'"
        )
    return after


def set_key_state(raw: bytes, key_id: str, *, state: str, until: date | None, file: str) -> bytes:
    """keys.yml with another state of one key, and with the day on which it stopped signing, unless one stands there already.

    What is written is read again and must be just what was meant. Raises Error when the entry cannot be changed in its place."""
    before = _keys(raw, file) or ()
    meant = tuple(_with_state(key, state, until) if key.id == key_id else key for key in before)
    index = next((index for index, key in enumerate(before) if key.id == key_id), None)
    if index is not None and before[index].until is not None:
        until = None
    for after in _candidates(raw, index, state=state, until=until, file=file) if index is not None else ():
        if _keys(after, file) == meant:
            return after
    hint = f"write 'state: {state}'" + (f" and 'until: {until}'" if until else "") + " there by hand"
    raise Error(f"the entry of {key_id} in {file} cannot be changed as it is written: {hint}")


def _with_state(key: KeyRecord, state: str, until: date | None) -> KeyRecord:
    return KeyRecord.model_validate(
        key.model_dump(mode="json", exclude_none=True) | {"state": state} | _day(key, until)
    )


def _day(key: KeyRecord, until: date | None) -> dict[str, str]:
    return {"until": until.isoformat()} if until and key.until is None else {}


def _candidates(raw: bytes, index: int, *, state: str, until: date | None, file: str) -> Iterator[bytes]:
    """The file with each state on the entry's line replaced in turn, the day behind it or on a line below: one of them is meant."""
    text = raw.decode("utf-8")
    lines = text.splitlines(keepends=True)
    number = parse_yaml(raw, file=file).lines.find(("keys", index, "state"))
    start, line = len("".join(lines[: number - 1])), "".join(lines[number - 1 : number])
    for found in _STATE.finditer(line):
        changed = line[: found.start(1)] + state + line[found.end(1) :]
        end = found.end() + len(state) - len(found[1])
        column = " " * found.start()
        newline = "\r\n" if line.endswith("\r\n") else "\n"
        below = f"{changed.rstrip()}{newline}{column}until: {until}{newline}"
        for after in (f"{changed[:end]}, until: {until}{changed[end:]}", below) if until else (changed,):
            yield (text[:start] + after + text[start + len(line) :]).encode()


def _keys(raw: bytes, file: str) -> tuple[KeyRecord, ...] | None:
    """The keys of a file; None of one that is not such a list."""
    try:
        return KeysFile(**parse_yaml(raw, file=file).value).keys
    except (YamlRefused, ValidationError):
        return None
