"""YAML as people may write it here: mappings, lists and text, and nothing that can surprise.

The guard works on the parser's events, before anything is built: 60 kB of brackets crash a C parser that recurses, and an alias bomb
is small until something walks it. Every scalar stays the text that was written (`010`, `no`, `12:30`); the models give it its type.
Source of the syntax: YAML 1.1 as PyYAML reads it, without anchors, aliases, tags, merge keys and duplicate keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from site_builder.errors import Error, Problem
from site_builder.records.fields.text import quote_word
from site_builder.records.formats.left_by_git import left_by_git

__all__ = [
    "ItemSpan",
    "Lines",
    "Parsed",
    "YamlRefused",
    "list_spans",
    "parse_yaml",
    "unsaid_fields",
    "yaml_events",
]

MAX_YAML_BYTES = 65_536
MAX_DEPTH = 12
MAX_EVENTS = 5_000
_SPLIT = "over 800 recipients: split the file in two, or use CSV, which has no such limit"
_WRITE_OUT = "write the value out; text that begins with & or * stands between 'single quotes'"
# A line ends here for the parser, and for hardly any editor, diff or web page: what looks like the end of a comment could be a recipient.
_UNSEEN_BREAK = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = tuple[str | int, ...]


class YamlRefused(Error):
    """A YAML file that is not read; it carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class Lines:
    """On which line (1-based) each value of a file stands, by its path of keys and positions."""

    of_path: dict[Path, int] = field(default_factory=dict)

    def find(self, path: Path) -> int:
        """The line of a value, or of the nearest one around it."""
        while path and path not in self.of_path:
            path = path[:-1]
        return self.of_path.get(path, 1)


@dataclass(frozen=True)
class Parsed:
    """The content of a YAML file: mappings, lists and text only, with the line of each value."""

    value: dict[str, Any]
    lines: Lines


def parse_yaml(raw: bytes, *, file: str) -> Parsed:
    """The mapping in a YAML file. Raises YamlRefused with one problem, the first that was met."""
    if len(raw) > MAX_YAML_BYTES:
        what = f"this file is larger than {MAX_YAML_BYTES // 1024} KiB ({_SPLIT.split(':')[0]})"
        raise YamlRefused(Problem(file, 0, "FIL003", what, _SPLIT.split(": ")[1]))
    builder = _Builder(file)
    for event in yaml_events(raw, file):
        builder.add(event)
    if not isinstance(builder.root, dict):
        fix = "begin with a line such as 'badge: first-aid-basic'"
        raise YamlRefused(Problem(file, 1, "YML007", "this file is not a list of 'name: value' lines", fix))
    return Parsed(builder.root, Lines(builder.lines))


def yaml_events(raw: bytes, file: str, *, loader: Any = _Loader) -> Iterator[yaml.Event]:
    """What PyYAML's parser meets in a file. Raises YamlRefused for what is not YAML."""
    left = left_by_git(raw)
    if left:
        raise YamlRefused(Problem(file, left[0], "YML001", *left[1:]))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise YamlRefused(
            Problem(file, line, "YML006", "this file is not UTF-8 text", "save it again with the encoding UTF-8")
        ) from error
    unseen = _UNSEEN_BREAK.search(text)
    if unseen:
        raise YamlRefused(_unseen_break(text[: unseen.start()], unseen[0], file))
    try:
        yield from yaml.parse(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        raise YamlRefused(_syntax_problem(error, text, file)) from error
    except (yaml.YAMLError, ValueError) as error:
        # The C parser counts bytes, the other one characters.
        position = getattr(error, "position", 0) or 0
        before = text[:position].encode() if loader is yaml.SafeLoader else text.encode()[:position]
        line = before.count(b"\n") + 1
        what = "this file has a character that YAML does not allow"
        raise YamlRefused(Problem(file, line, "YML001", what, "delete it; it is probably invisible")) from error


def _unseen_break(before: str, sign: str, file: str) -> Problem:
    what = f"a line ends within this line, which most programs do not show (U+{ord(sign):04X})"
    fix = "put an ordinary line break in its place, or delete it if what follows is no line of its own"
    return Problem(file, before.count("\n") + 1, "YML001", what, fix)


# What people meet most, in their words instead of the parser's.
_IN_WORDS = {
    "mapping values are not allowed in this context": "a colon within text, or a line that begins too far left or right",
    "did not find expected key": "a line that begins too far left or right",
    "could not find expected ':'": "a line without a colon",
    "did not find expected '-' indicator": "a line that begins too far left or right",
}


def _syntax_problem(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    written = ([*text.split("\n"), ""])[line - 1 : line]
    if written and "\t" in written[0][: len(written[0]) - len(written[0].lstrip())]:
        return Problem(file, line, "YML001", "this line is indented with a tab", "use spaces: two for each level")
    context = error.context or ""
    if error.context_mark and context.startswith(("while scanning a quoted", "while parsing a flow")):
        sign = "quotation mark" if "quoted" in context else "bracket"
        what = f"the {sign} that opens here is not closed, or what stands behind it cannot be read"
        fix = f"close it; text with a {sign} of its own stands between the other kind of quotation marks"
        return Problem(file, error.context_mark.line + 1, "YML001", what, fix)
    what = f"this line cannot be read as YAML ({_IN_WORDS.get(error.problem or '', error.problem or 'syntax')})"
    fix = "look at the line above as well; put text with a colon, a # or a quotation mark between 'single quotes'"
    return Problem(file, line, "YML001", what, fix)


class Unsaid(str):
    """Text that stands without quotes where other readers of YAML see no value at all, such as ``null``."""

    __slots__ = ()


# Source: YAML 1.2.2, 10.3.2 (core schema), tag:yaml.org,2002:null.
_NOTHING = {"null", "Null", "NULL", "~"}


def _holds_unsaid(value: Any) -> bool:
    """Whether a list holds such a word, by itself or as a value of one of its mappings."""
    items = value if isinstance(value, list) else []
    return any(isinstance(item, Unsaid) or (isinstance(item, dict) and bool(unsaid_fields(item))) for item in items)


def unsaid_fields(fields: Mapping[str, Any]) -> frozenset[str]:
    """Names of the fields whose value, or one in whose list, is YAML's own word for nothing; ``results.written`` inside of another."""
    found = {name for name, value in fields.items() if isinstance(value, Unsaid) or _holds_unsaid(value)}
    inner = {name: value for name, value in fields.items() if isinstance(value, dict)}
    return frozenset(found | {f"{name}.{key}" for name, value in inner.items() for key in unsaid_fields(value)})


@dataclass
class _Open:
    """A mapping or list that has begun: the next key of a mapping once it was read."""

    value: dict[str, Any] | list[Any]
    path: Path
    key: str | None = None


class _Builder:
    """Builds plain values from events, and refuses what may not stand in a file."""

    def __init__(self, file: str) -> None:
        self.file, self.root, self.open = file, None, list[_Open]()
        self.lines: dict[Path, int] = {}
        self.count = self.documents = 0

    def add(self, event: yaml.Event) -> None:
        self.count += 1
        line = event.start_mark.line + 1 if event.start_mark else 1
        if self.count > MAX_EVENTS:
            self._refuse(
                line, "YML004", f"this file has too many entries ({_SPLIT.split(':')[0]})", _SPLIT.split(": ")[1]
            )
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._refuse(line, "YML002", "& and * (YAML anchors and aliases) are not used here", _WRITE_OUT)
        if getattr(event, "tag", None):
            self._refuse(line, "YML002", "! (a YAML tag) is not used here", "delete the word that begins with !")
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._refuse(line, "YML007", "a second document begins here (---)", "one file holds one record")
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin({}, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin([], line)
        elif isinstance(event, yaml.ScalarEvent):
            is_nothing = not event.style and event.value in _NOTHING
            self._scalar(Unsaid(event.value) if is_nothing else event.value, line)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.open.pop()

    def _begin(self, value: dict[str, Any] | list[Any], line: int) -> None:
        if len(self.open) >= MAX_DEPTH:
            self._refuse(
                line, "YML003", f"more than {MAX_DEPTH} levels are nested here", "records are flat: delete the brackets"
            )
        path = self._place(value, line)
        self.open.append(_Open(value, path))

    def _scalar(self, text: str, line: int) -> None:
        parent = self.open[-1] if self.open else None
        if parent is None or isinstance(parent.value, list) or parent.key is not None:
            self._place(text, line)
            return
        if text in parent.value:
            what = f"{quote_word(text, 'a name before a colon')} stands here twice"
            self._refuse(line, "YML005", what, "delete one of the two lines")
        if text == "<<":
            self._refuse(line, "YML002", "<< (a YAML merge key) is not used here", "write the values out")
        parent.key = text
        self.lines[(*parent.path, text)] = line

    def _place(self, value: Any, line: int) -> Path:
        if not self.open:
            self.root = value
            return ()
        parent = self.open[-1]
        if isinstance(parent.value, list):
            parent.value.append(value)
            path: Path = (*parent.path, len(parent.value) - 1)
            self.lines[path] = line
            return path
        if parent.key is None:
            self._refuse(line, "YML001", "a name before the colon is missing, or is not a word", "write 'name: value'")
        key, parent.key = str(parent.key), None
        parent.value[key] = value
        return (*parent.path, key)

    def _refuse(self, line: int, code: str, what: str, fix: str) -> None:
        raise YamlRefused(Problem(self.file, line, code, what, fix))


@dataclass(frozen=True)
class ItemSpan:
    """Where an item of a list begins and its last value ends, in characters. in_brackets: of a list in [flow style]."""

    start: int
    end: int
    in_brackets: bool


def list_spans(raw: bytes, name: str, *, file: str) -> list[ItemSpan]:
    """Where the mappings in a file's list `name` stand, in their order; none without that list.

    raw: without a byte order mark. Raises YamlRefused, as parse_yaml."""
    builder = _SpanBuilder(file, name)
    for event in yaml_events(raw, file):
        builder.add(event)
    return builder.spans


def _indexes(event: yaml.Event) -> tuple[int, int]:
    """Where an event begins and ends, in characters."""
    assert event.start_mark and event.end_mark
    return event.start_mark.index, event.end_mark.index


class _SpanBuilder(_Builder):
    """Notes where each item of one list begins and ends."""

    def __init__(self, file: str, name: str) -> None:
        super().__init__(file)
        self.name, self.spans = name, list[ItemSpan]()
        self.start = self.end = 0
        self.in_brackets = False

    def add(self, event: yaml.Event) -> None:
        index = self.open[-1].path if self.open else ()
        start, end = _indexes(event)
        if isinstance(event, yaml.ScalarEvent) or end > start:
            # A collection without brackets has no end of its own: its mark is where the next thing begins.
            self.end = end
        if isinstance(event, yaml.MappingEndEvent) and index[:1] == (self.name,) and len(index) == 2:
            self.spans.append(ItemSpan(self.start, self.end, self.in_brackets))
        super().add(event)
        path = self.open[-1].path if self.open else ()
        if isinstance(event, yaml.SequenceStartEvent) and path == (self.name,):
            self.in_brackets = bool(event.flow_style)
        if isinstance(event, yaml.MappingStartEvent) and path[:1] == (self.name,) and len(path) == 2:
            self.start = start
