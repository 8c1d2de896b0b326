"""The committed JSON Schemas, read without the models that they were made of: a command that lists them starts at once."""

from __future__ import annotations

from importlib import resources

__all__ = ["SCHEMAS", "read_schema"]

# The kinds of files that people write; the models of each are in records/models/schema.py.
SCHEMAS = ("issuer", "badge", "record", "change", "keys")


def read_schema(name: str) -> str:
    """The committed schema of a kind of file: one of SCHEMAS."""
    return resources.files("site_builder.records").joinpath("schemas", f"{name}.json").read_text("ascii")
