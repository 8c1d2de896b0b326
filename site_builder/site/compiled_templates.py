"""The templates of the theme as Jinja has compiled them, kept where Python keeps what it has compiled of this package.

To compile those that a build needs takes a fifth of a second, to read them back four milliseconds. What is kept is believed as Python
believes its own files there: whoever can write them can change the program. Of other templates, such as those of a repository's own theme,
nothing is kept, nor of an environment that compiles in another way than ours and MkDocs' do."""

from __future__ import annotations

import hashlib
import marshal
import sys
import tempfile
from importlib.util import cache_from_source
from pathlib import Path

import jinja2
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator

from site_builder.encoding import are_fast_roads_open

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
    """Jinja's cache of compiled templates. templates: the folder whose templates are kept. kept: the folder that they are kept in."""

    def __init__(self, templates: Path, *, kept: Path | None = None) -> None:
        self._templates = templates
        self._kept = Path(cache_from_source(__file__)).parent if kept is None else kept

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """What is kept of a template; empty if it has to be compiled."""
        settings = _settings_of(environment)
        if not are_fast_roads_open() or settings is None or not filename or Path(filename).parent != self._templates:
            return Bucket(environment, "", "")
        told = repr((sys.version, jinja2.__version__, settings, name, filename))
        # Named as what it is: compiled Python, which a check of a change looks for.
        key = f"{name}.{hashlib.sha256(told.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}.pyc"
        checksum = hashlib.sha256(f"{told}\0{source}".encode("utf-8", "surrogateescape")).hexdigest()
        bucket = Bucket(environment, key, checksum)
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Reads what is kept, if it is whole and of the same source."""
        try:
            raw = (self._kept / bucket.key).read_bytes()
        except OSError:
            return
        if raw[:32] == _digest(bucket, raw[32:]):
            bucket.code = marshal.loads(raw[32:])  # noqa: S302  # as Python reads its own

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps what was compiled, unless Python keeps nothing either, or the folder takes nothing."""
        if not bucket.key or sys.dont_write_bytecode:
            return
        code = marshal.dumps(bucket.code)
        try:
            self._kept.mkdir(exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._kept, delete=False) as file:
                try:
                    file.write(_digest(bucket, code) + code)
                    file.flush()
                    Path(file.name).replace(self._kept / bucket.key)
                except OSError:
                    Path(file.name).unlink()
        except OSError:
            return


def _digest(bucket: Bucket, code: bytes) -> bytes:
    return hashlib.sha256(bucket.checksum.encode("ascii") + code).digest()


def _settings_of(environment: Environment) -> tuple[object, ...] | None:
    """By what templates that it compiles differ from another's; None where something could be added that cannot be told here."""
    values = tuple(getattr(environment, name) for name in _SETTINGS)
    is_ours = type(environment) is Environment and environment.code_generator_class is CodeGenerator
    is_plain = all(value is None or isinstance(value, str | bool) for value in values) and environment.finalize is None
    extensions = sorted(environment.extensions)
    return (*values, *extensions) if is_ours and is_plain and _KNOWN_EXTENSIONS.issuperset(extensions) else None
