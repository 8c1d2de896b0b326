"""YAML that another program owns (mkdocs.yml): every value with its place, line and tags, and nothing built of them.

MkDocs gives some tags a meaning (`!ENV`, `!relative`, `!!python/name:`), so they are read here and not refused; aliases and merge keys
(`<<`) are followed, so that a value is found wherever it ends up. The parser is the one that MkDocs uses: two parsers of YAML differ in
details, and a value that only one of them sees could be hidden from the other. Sources: YAML 1.1 as PyYAML reads it; MkDocs 1.6,
mkdocs.utils.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from site_builder.errors import Problem
from site_builder.records.fields.text import quote_word
from site_builder.records.formats.yaml_events import (
    MAX_DEPTH,
    MAX_EVENTS,
    MAX_YAML_BYTES,
    Path,
    YamlRefused,
    yaml_events,
)

__all__ = ["Setting", "TaggedYaml", "read_tagged_yaml"]

_CORE = "tag:yaml.org,2002:"
_MERGE = f"{_CORE}merge"
# What a value is without a tag, or with one that changes nothing for a reader.
_USUAL = {None, "!", _MERGE, *(_CORE + name for name in "null bool int float timestamp str seq map value".split())}


@dataclass(frozen=True)
class Setting:
    """A value of the file, or a key of one of its mappings.

    path: its keys and positions, such as ("nav", 0, "Home"); a key has that of its value. kind: key, text, list or mapping. text: as
    written, "" for a list or a mapping. tags: in full, such as "!ENV" or "tag:yaml.org,2002:python/name:a.b", from the outermost value
    around it to its own. line: 1-based; of an alias, where it was written out."""

    path: Path
    kind: str
    text: str
    tags: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class TaggedYaml:
    """A file. value: its mapping, with every scalar as text and without tags; {} if it is none. settings: all that is in it.

    Where a merge key (`<<`) brings a value that is written out as well, both are in settings, and the one that counts comes last."""

    value: dict[str, Any]
    settings: tuple[Setting, ...]


def read_tagged_yaml(raw: bytes, *, file: str) -> TaggedYaml:
    """All that a file says. Raises YamlRefused with one problem: syntax, size, depth, number, or a key that is there twice."""
    if len(raw) > MAX_YAML_BYTES:
        what = f"this file is larger than {MAX_YAML_BYTES // 1024} KiB"
        raise YamlRefused(Problem(file, 0, "FIL003", what, "make it smaller"))
    graph = _Graph(file)
    # The parser of yaml.Loader, which MkDocs uses; SafeLoader has the same and builds nothing either.
    for event in yaml_events(raw, file, loader=yaml.SafeLoader):
        graph.add(event)
    walk = _Walk(file)
    value = walk.visit(graph.root, (), ()) if graph.root else {}
    return TaggedYaml(value if isinstance(value, dict) else {}, tuple(walk.settings))


@dataclass
class _Node:
    """A value as it is written. items: (key or None, value). key: the one that waits for its value."""

    kind: str
    tag: str
    text: str
    line: int
    is_merge: bool = False
    items: list[tuple[_Node | None, _Node]] = field(default_factory=list)
    key: _Node | None = None


class _Refusing:
    def __init__(self, file: str) -> None:
        self.file, self.count = file, 0

    def refuse(self, line: int, code: str, what: str, fix: str) -> NoReturn:
        raise YamlRefused(Problem(self.file, line, code, what, fix))

    def take(self, line: int) -> None:
        self.count += 1
        if self.count > MAX_EVENTS:
            self.refuse(line, "YML004", "this file has too many entries", "make it shorter, and use & and * less")

    def guard_depth(self, depth: int, line: int) -> None:
        if depth > MAX_DEPTH:
            what = f"more than {MAX_DEPTH} levels are nested here"
            self.refuse(line, "YML003", what, "make it flatter; nothing may contain itself")


class _Graph(_Refusing):
    """The values as they are written, put together from the parser's events; an alias leads to the value that it names."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.root: _Node | None = None
        self.open = list[_Node]()
        self.anchors: dict[str, _Node] = {}
        self.documents = 0

    def add(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        self.take(line)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.refuse(line, "YML007", "a second document begins here (---)", "one file holds one document")
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                self.refuse(line, "YML001", "this alias (*) names nothing that comes before it", "write the value out")
            self._place(self.anchors[event.anchor], line)
        elif isinstance(event, yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._begin(event, line)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.open.pop()

    def _begin(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, line: int) -> None:
        node = _node(event, line)
        self._place(node, line)
        if event.anchor:
            self.anchors[event.anchor] = node
        if node.kind != "text":
            self.open.append(node)
            self.guard_depth(len(self.open), line)

    def _place(self, node: _Node, line: int) -> None:
        parent = self.open[-1] if self.open else None
        if parent is None:
            self.root = node
        elif parent.kind == "list":
            parent.items.append((None, node))
        elif parent.key is None:
            if node.kind != "text":
                self.refuse(line, "YML001", "a name before the colon is not a word", "write 'name: value'")
            parent.key = node
        else:
            parent.items.append((parent.key, node))
            parent.key = None


def _node(event: yaml.ScalarEvent | yaml.CollectionStartEvent, line: int) -> _Node:
    tag = "" if event.tag in _USUAL else str(event.tag)
    if not isinstance(event, yaml.ScalarEvent):
        return _Node("mapping" if isinstance(event, yaml.MappingStartEvent) else "list", tag, "", line)
    # PyYAML's resolver takes a word without quotation marks by its look, and any word that has the tag "!".
    looks_like_merge = event.value == "<<" and event.implicit[0]
    return _Node("text", tag, event.value, line, is_merge=looks_like_merge or event.tag == _MERGE)


class _Walk(_Refusing):
    """Every value at every place where it ends up, each alias as if it were written out."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.settings = list[Setting]()

    def visit(self, node: _Node, path: Path, tags: tuple[str, ...], *, depth: int = 0) -> Any:
        """The plain value of a node; what it says is noted on the way."""
        self.guard_depth(depth, node.line)
        tags = self._note(node, node.kind, path, tags)
        if node.kind == "text":
            return node.text
        if node.kind == "list":
            return [
                self.visit(inner, (*path, place), tags, depth=depth + 1) for place, (_, inner) in enumerate(node.items)
            ]
        value = dict[str, Any]()
        for key, inner in self._pairs(node, depth):
            place = (*path, key.text)
            self._note(key, "key", place, tags)
            value[key.text] = self.visit(inner, place, tags, depth=depth + 1)
        return value

    def _note(self, node: _Node, kind: str, path: Path, tags: tuple[str, ...]) -> tuple[str, ...]:
        self.take(node.line)
        if node.tag:
            tags = (*tags, node.tag)
        self.settings.append(Setting(path, kind, node.text, tags, node.line))
        return tags

    def _pairs(self, node: _Node, depth: int) -> list[tuple[_Node, _Node]]:
        """The entries of a mapping: first what merge keys bring, then its own, so that the last of one name counts."""
        self.guard_depth(depth, node.line)
        merged, own = list[tuple[_Node, _Node]](), dict[str, tuple[_Node, _Node]]()
        for key, value in node.items:
            assert key is not None
            if key.is_merge:
                merged += self._merged(value, depth + 1)
            elif key.text in own:
                what = f"{quote_word(key.text, 'a name before a colon')} stands here twice"
                self.refuse(key.line, "YML005", what, "delete one of the two lines")
            else:
                own[key.text] = (key, value)
        return [*merged, *own.values()]

    def _merged(self, value: _Node, depth: int) -> Iterator[tuple[_Node, _Node]]:
        # Of several mappings the first counts. Source: YAML Merge Key Language-Independent Type.
        parts = [value] if value.kind == "mapping" else [part for _, part in reversed(value.items)]
        if value.kind == "text" or any(part.kind != "mapping" for part in parts):
            self.refuse(value.line, "YML001", "<< (a merge key) names something else than mappings", "write it out")
        for part in parts:
            for pair in self._pairs(part, depth):
                self.take(part.line)
                yield pair
