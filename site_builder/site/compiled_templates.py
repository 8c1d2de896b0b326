"""The templates of the theme as Jinja has compiled them, kept for the next run (kept.py).

To compile those that a build needs takes a fifth of a second, to read them back four milliseconds. Of other templates, such as those of a
repository's own theme, nothing is kept, nor of an environment that compiles in another way than ours and MkDocs' do."""

from __future__ import annotations

import hashlib
import marshal
import sys
from pathlib import Path

import jinja2
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator

from site_builder.kept import keep, read_kept

__all__ = ["CompiledTemplates"]

# All that decides how Jinja compiles a template, but for functions.
_SETTINGS = (
    *("block_start_string", "block_end_string", "variable_start_string", "variable_end_string"),
    *("comment_start_string", "comment_end_string", "line_statement_prefix", "line_comment_prefix"),
    *("trim_blocks", "lstrip_blocks", "newline_sequence", "keep_trailing_newline"),
    *("optimized", "autoescape", "is_async", "sandboxed"),
)
# MkDocs adds one of them to its own, for translations, of which our templates have none.
_KNOWN_EXTENSIONS = {"jinja2.ext.InternationalizationExtension", "mkdocs.localization.NoBabelExtension"}


class CompiledTemplates(BytecodeCache):
    """Jinja's cache of compiled templates. templates: the folder whose templates are kept."""

    def __init__(self, templates: Path) -> None:
        self._templates = templates

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """What is kept of a template; empty if it has to be compiled. key: its name there, "" where none is kept.

        checksum: what it is made from."""
        settings = _settings_of(environment)
        if settings is None or not filename or Path(filename).parent != self._templates:
            return Bucket(environment, "", "")
        told = repr((sys.version, jinja2.__version__, settings, name, filename))
        key = f"{name}.{hashlib.sha256(told.encode('utf-8')).hexdigest()[:16]}"
        bucket = Bucket(environment, key, f"{told}\0{source}")
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Reads what is kept."""
        raw = read_kept(bucket.key, _made_from(bucket))
        if raw is not None:
            bucket.code = marshal.loads(raw)  # noqa: S302  # as Python reads its own

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps what was compiled."""
        if bucket.key:
            keep(bucket.key, _made_from(bucket), marshal.dumps(bucket.code))


def _made_from(bucket: Bucket) -> bytes:
    return bucket.checksum.encode("utf-8", "surrogateescape")


def _settings_of(environment: Environment) -> tuple[object, ...] | None:
    """By what templates that it compiles differ from another's; None where something could be added that cannot be told here."""
    values = tuple(getattr(environment, name) for name in _SETTINGS)
    is_ours = type(environment) is Environment and environment.code_generator_class is CodeGenerator
    is_plain = all(value is None or isinstance(value, str | bool) for value in values) and environment.finalize is None
    extensions = sorted(environment.extensions)
    return (*values, *extensions) if is_ours and is_plain and _KNOWN_EXTENSIONS.issuperset(extensions) else None
