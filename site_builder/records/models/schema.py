"""JSON Schemas of what people write, made of the models, so that editors complete and underline.

They see less than `check`: what compares two fields or two files is not in them. Draft 7, which editors know best."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from site_builder.records.models.achievement import AchievementRecord
from site_builder.records.models.award import AwardRow
from site_builder.records.models.changes import CHANGE_MODELS, RevokeRecord
from site_builder.records.models.issuer import IssuerRecord
from site_builder.records.models.keys import KeysFile

__all__ = ["MODELS", "build_schema", "format_schema"]

Json = dict[str, Any]

_DRAFT = "http://json-schema.org/draft-07/schema#"
MODELS: dict[str, tuple[type[BaseModel], str]] = {
    "issuer": (IssuerRecord, "Issuer"),
    "badge": (AchievementRecord, "Achievement"),
    "record": (AwardRow, "Issuance record"),
    "change": (RevokeRecord, "Change"),
    "keys": (KeysFile, "Public keys"),
}
# Fields that take one value as well as a list of them.
_ONE_OR_MORE = {"tags", "evidence"}


def build_schema(name: str) -> Json:
    """The schema of a kind of file: one of MODELS. `record` covers an award, a cohort and a change."""
    model, title = MODELS[name]
    schema: Json = _plain(model.model_json_schema())
    if name == "record":
        schema = _record(schema)
    if name == "change":
        schema = {"description": "A change to a credential: the first field says which kind it is."} | _changes({})
    return {"$schema": _DRAFT} | schema | {"title": title}


def format_schema(schema: Json) -> str:
    """A schema as it is committed: JSON, indented by two spaces."""
    return json.dumps(schema, indent=2, ensure_ascii=True) + "\n"


def _plain(value: Any) -> Any:
    """What pydantic makes, as editors of Draft 7 read it, and without what they would show to no use."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _plain(inner) for key, inner in value.items() if key not in ("title", "default")}
    found |= {
        key: value[key] for key in ("title", "default") if isinstance(value.get(key), dict)
    }  # fields of that name
    if isinstance(found.get("properties"), dict):
        found["properties"] = {key: _field(key, inner) for key, inner in found["properties"].items()}
    if "patternProperties" in found:
        found["additionalProperties"] = False
    if "$ref" in found and len(found) > 1:
        # Draft 7 reads nothing that stands beside a reference.
        found = {"allOf": [{"$ref": found.pop("$ref")}]} | found
    return found


def _field(name: str, schema: Json) -> Json:
    """One field: what it is when it is given, since a field that is absent is not written as null."""
    given = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    if given and len(given) < len(schema["anyOf"]):
        rest = {key: inner for key, inner in schema.items() if key != "anyOf"}
        schema = (given[0] if len(given) == 1 else {"anyOf": given}) | rest
    if name in _ONE_OR_MORE and schema.get("type") == "array":
        one = schema["items"]
        if name == "evidence":
            one = {"anyOf": [{"type": "string", "pattern": "^https://"}, one]}
        about = {key: schema[key] for key in ("description", "examples") if key in schema}
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]} | about
    return schema


def _changes(otherwise: Json) -> Json:
    """A chain of the kinds of change, by the field that only one of them has. otherwise: what is asked where there is none."""
    chain, definitions = otherwise, dict[str, Json]()
    for kind, model in reversed(CHANGE_MODELS.items()):
        change = _plain(model.model_json_schema())
        definitions |= change.pop("$defs", {}) | {kind.capitalize(): change}
        chain = {"if": {"required": [kind]}, "then": {"$ref": f"#/$defs/{kind.capitalize()}"}, "else": chain}
    if not otherwise:
        chain["anyOf"] = [{"required": [kind]} for kind in CHANGE_MODELS]
    return {"type": "object"} | chain | {"$defs": definitions}


def _record(award: Json) -> Json:
    """One schema for a folder that holds awards, cohorts and changes: what is asked goes by the field that only one of them has."""
    definitions = award.pop("$defs", {})
    fields = award["properties"]
    recipient = {key: award[key] for key in ("type", "additionalProperties")}
    recipient |= {"description": "One recipient; a value here takes the place of the cohort's.", "required": ["name"]}
    references = {name: {"$ref": f"#/$defs/AwardRow/properties/{name}"} for name in fields}
    people = {
        "type": "array",
        "description": "Who gets it: each a name and an address, and any field that differs from the cohort's.",
        "items": {"$ref": "#/$defs/Recipient"},
        "minItems": 1,
    }
    cohort = recipient | {
        "description": "A cohort: fields that all share, and the recipients.",
        "properties": references | {"recipients": people},
        "required": ["recipients"],
    }
    definitions |= {"AwardRow": award, "Recipient": recipient | {"properties": references}, "Cohort": cohort}
    chain = _changes(
        {
            "if": {"required": ["recipients"]},
            "then": {"$ref": "#/$defs/Cohort"},
            "else": {"$ref": "#/$defs/AwardRow"},
        }
    )
    chain["$defs"] = definitions | chain["$defs"]
    return {"description": "content/records/<issuer>/*.yml: one award, a cohort, or a change."} | chain
