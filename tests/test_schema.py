"""Schemas for editors: made of the models, committed, true of every file of the demo, and false of what is broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft7Validator

from site_builder.cli import main
from site_builder.records.models.committed_schemas import SCHEMAS, read_schema
from site_builder.records.models.schema import MODELS, build_schema, format_schema
from tests.support import BADGE, COHORT, ISSUER
from tests.test_results import DESCRIBED, STATED
from tests.vector_files import ROOT

COMMITTED = ROOT / "site_builder" / "records" / "schemas"
WRITE = "python -c 'from tests.test_schema import write_schemas; write_schemas()'"


def write_schemas() -> None:
    """Writes the committed schemas anew."""
    for name in SCHEMAS:
        (COMMITTED / f"{name}.json").write_text(format_schema(build_schema(name)), "ascii")


class _Editor(yaml.SafeLoader):
    """As editors read YAML: numbers and words for true and false have types, days are text (YAML 1.2, core schema)."""


_Editor.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def errors(name: str, text: str) -> list[str]:
    """What the schema finds in a file, as editors read it and as this program does (all text)."""
    validator = Draft7Validator(json.loads(read_schema(name)))
    found = []
    for loader in (_Editor, yaml.BaseLoader):
        value = yaml.load(text, Loader=loader)
        found += [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
    return found


@pytest.mark.parametrize("name", SCHEMAS)
def test_committed_schema_is_the_one_that_the_models_make(name: str) -> None:
    assert read_schema(name) == format_schema(build_schema(name)), f"run: {WRITE}"
    Draft7Validator.check_schema(json.loads(read_schema(name)))


def test_no_other_schema_is_committed() -> None:
    assert {path.stem for path in COMMITTED.iterdir()} == set(SCHEMAS) and tuple(MODELS) == SCHEMAS


def demo_files() -> list[tuple[str, Path]]:
    found = [("badge", path) for path in ROOT.glob("badges/*/badge.yml")]
    found += [("issuer", path) for path in ROOT.glob("issuers/*/issuer.yml")]
    found += [("keys", path) for path in ROOT.glob("issuers/*/keys.yml")]
    return found + [("record", path) for path in ROOT.glob("content/records/*/*.yml")]


def test_every_file_of_the_demo_is_as_its_schema_says() -> None:
    files = demo_files()
    assert {name for name, _ in files} == {"badge", "issuer", "keys", "record"} and len(files) >= 10
    for name, path in files:
        assert errors(name, path.read_text("utf-8")) == [], path


SOUND: dict[str, tuple[str, str]] = {
    "issuer": ("issuer", ISSUER),
    "issuer in Norwegian": ("issuer", ISSUER.replace("language: en", "language: no")),
    "badge": ("badge", BADGE),
    "badge with numbers where text is meant": ("badge", BADGE + "version: 2026\nlevel: 1\ntags: [1, no, x]\n"),
    "badge with one tag": ("badge", BADGE + "tags: knots\n"),
    "badge with skills and results": ("badge", DESCRIBED),
    "cohort": ("record", COHORT),
    "cohort with results": ("record", STATED),
    "award": (
        "record",
        "badge: knots\nawarded: 2026-05-14\nname: Ada\nexpires: never\nresults: {a: 1, b-2: 1.5, c: yes}\n",
    ),
    "evidence in every form": (
        "record",
        COHORT.replace(
            "evidence: https://school.example/cohort",
            "evidence: ['https://a.example/', {url: 'https://a.example/', name: x}]",
        ),
    ),
    "revocation": ("record", "revoke: k7pqhm65jobmlfbs5d37kjaici\ndate: 2026-05-14\nreason: other\n"),
    "change": ("change", "revoke: k7pqhm65jobmlfbs5d37kjaici\ndate: 2026-05-14\nreason: other\nnote: Sorry.\n"),
}


@pytest.mark.parametrize("what", SOUND)
def test_schema_accepts(what: str) -> None:
    assert errors(*SOUND[what]) == []


AWARD = "badge: knots\nawarded: 2026-05-14\nname: Ada\n"
BROKEN: dict[str, tuple[str, str, str]] = {
    "issuer without a name": ("issuer", ISSUER.replace("name: Test School\n", ""), "'name' is a required property"),
    "issuer with an unknown field": ("issuer", ISSUER + "phone: 1\n", "'phone' was unexpected"),
    "accent that is a word": ("issuer", ISSUER + "accent: teal\n", "does not match"),
    "word that is not in the list": ("issuer", ISSUER + "email_match: maybe\n", "is not one of"),
    "badge without criteria": ("badge", BADGE.replace("criteria", "critera"), "'critera' was unexpected"),
    "type of achievement": ("badge", BADGE + "achievement_type: Trophy\n", "is not valid under any"),
    "credits without unit": ("badge", BADGE + "credits: {available: 8}\n", "'unit' is a required property"),
    "validity in words": ("badge", BADGE.replace("P2Y", "two years"), "does not match"),
    "skill without address": ("badge", BADGE + "skills: [{name: x}]\n", "'url' is a required property"),
    "result with capitals": ("badge", BADGE + "results: {Written: {name: x, type: Status}}\n", "does not match any"),
    "result of an unknown type": ("badge", BADGE + "results: {a: {name: x, type: Score}}\n", "is not valid under any"),
    "limit in words": ("badge", BADGE + "results: {a: {name: x, type: RawScore, maximum: ten}}\n", "does not match"),
    "award without a name": ("record", AWARD.replace("name: Ada\n", ""), "'name' is a required property"),
    "day in another form": ("record", AWARD.replace("2026-05-14", "14/05/2026"), "does not match"),
    "value that is a list": ("record", AWARD + "results: {written: [1]}\n", "is not of type"),
    "nothing where a value belongs": ("record", AWARD + "role:\n", "is not of type"),
    "cohort of nobody": ("record", "badge: knots\nawarded: 2026-05-14\nrecipients: []\n", "non-empty"),
    "recipient without a name": ("record", COHORT.replace("name: Grace Hopper, ", ""), "'name' is a required property"),
    "recipient with an unknown field": (
        "record",
        COHORT.replace("email: grace", "mail: grace"),
        "'mail' was unexpected",
    ),
    "revocation without a reason": ("record", "revoke: x\ndate: 2026-05-14\n", "'reason' is a required property"),
    "revocation with another reason": ("record", "revoke: x\ndate: 2026-05-14\nreason: spite\n", "is not one of"),
    "key in an unknown state": (
        "keys",
        "keys: [{id: key-1, publicKeyMultibase: z6, created: 2026-05-01, state: lost}]\n",
        "is not one of",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_schema_underlines(what: str) -> None:
    name, text, words = BROKEN[what]
    assert any(words in error for error in errors(name, text)), errors(name, text)


def fields(value: Any) -> list[tuple[str, dict[str, Any]]]:
    """(name, schema) of every field, at every depth."""
    if isinstance(value, list):
        return [found for item in value for found in fields(item)]
    if not isinstance(value, dict):
        return []
    own = value.get("properties")
    found = list(own.items()) if isinstance(own, dict) else []
    return found + [item for inner in value.values() for item in fields(inner)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_says_what_it_is_for(name: str) -> None:
    schema = json.loads(read_schema(name))
    assert schema["title"] and schema["description"]
    for field, about in fields(schema):
        sentence = about.get("description", "")
        assert "$ref" in about or (sentence[:1].isupper() and sentence[-1:] == "."), field


def test_examples_are_as_their_field_says() -> None:
    for name in SCHEMAS:
        schema = json.loads(read_schema(name))
        for field, about in fields(schema):
            for example in about.get("examples", []):
                within = {"$defs": schema.get("$defs", {}), **about}
                assert not list(Draft7Validator(within).iter_errors(example)), (name, field, example)


@pytest.mark.parametrize("name", SCHEMAS)
def test_command_prints_the_schema(name: str) -> None:
    result = CliRunner().invoke(main, ["schema", name])
    assert result.exit_code == 0 and result.stdout == read_schema(name)


def test_command_refuses_an_unknown_name() -> None:
    result = CliRunner().invoke(main, ["schema", "award"])
    assert result.exit_code == 2 and "record" in result.stderr
