"""What the templates of credential pages can print, as data: the page with a place for each value, by which verifiers know it.

A template holds text, names, `if` and `for`, and no other logic, so that its pattern says all that it can print. The form of a pattern:
verification/page/pattern.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any

from jinja2 import Environment, nodes

from site_builder.errors import Error
from site_builder.site.theme import SAID
from site_builder.verification.catalogue import wording
from site_builder.verification.page.canonical import VOID, fold

__all__ = ["PAGES", "TemplateError", "page_patterns", "pattern_sources"]

# By what the page of a credential says: that it was earned, that it was withdrawn, that nothing is kept of it.
PAGES = {"statement": "statement.html", "tombstone": "tombstone.html", "erased": "erased.html"}
_FRAME, _BASE = "_frame.html", "base.html"
# Around the number of a piece in the text of a page, so that text with such pieces can be taken apart as HTML.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:[^<>\"]|\"[^\"]*\")*)>|<!doctype html>")
_ATTRIBUTE = re.compile(rf'([a-z][a-z0-9:-]*)(?:="([^"]*)")?|{_OPEN}([0-9]+){_CLOSE}')

Pattern = list[Any]
# What a macro was given, by its own names for it: a text, or a name of the page.
Names = dict[str, nodes.Const | nodes.Name]


class TemplateError(Error):
    """A template with something that no pattern can say."""


class _Unsaid(Exception):
    """The node that no pattern can say, and what it is."""

    def __init__(self, node: nodes.Node, what: str = "") -> None:
        super().__init__(what)
        self.node = node
        self.what = what or type(node).__name__


def page_patterns(environment: Environment) -> dict[str, Pattern]:
    """The pattern of each page of PAGES, from the templates of an environment. Raises TemplateError."""
    return {name: _Compiler(environment).compiled(template) for name, template in PAGES.items()}


def pattern_sources(environment: Environment) -> dict[str, str]:
    """The source of each template that the patterns of our theme are made from. Raises TemplateError."""
    return {name: _source(environment, name) for name in (*PAGES.values(), _FRAME, _BASE)}


def _source(environment: Environment, template: str) -> str:
    if environment.loader is None:
        raise TemplateError("there are no templates")
    return environment.loader.get_source(environment, template)[0]


class _Compiler:
    """Turns a template into the text of a page with marks, each the number of a piece: a name, a condition, rows."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.trees: dict[str, nodes.Template] = {}
        self.macros = {macro.name: macro for macro in self._parsed(_FRAME).find_all(nodes.Macro)}
        self.blocks: dict[str, nodes.Block] = {}
        self.pieces: list[Pattern] = []

    def _parsed(self, template: str) -> nodes.Template:
        self.trees[template] = self.environment.parse(_source(self.environment, template), template)
        return self.trees[template]

    def compiled(self, template: str) -> Pattern:
        """The pattern of a page. Raises TemplateError."""
        try:
            return self._compiled(template)
        except _Unsaid as unsaid:
            node = unsaid.node
            files = (file for file, tree in self.trees.items() if any(node is one for one in tree.find_all(type(node))))
            what = f"{next(files, template)}:{node.lineno}: the page of a credential cannot be checked if its template has {unsaid.what}"
            raise TemplateError(f"{what}; it may have text, names, 'if' and 'for'") from None

    def _compiled(self, template: str) -> Pattern:
        tree = self._parsed(template)
        parent = next(tree.find_all(nodes.Extends), None)
        for block in tree.find_all(nodes.Block):
            self.blocks.setdefault(block.name, block)
        if parent is not None:
            tree = self._parsed(_text_of(parent.template))
        text = self._text(tree.body, {})
        return self._pattern(self._canonical(text).strip(" "))

    # --- templates to marked text ---

    def _text(self, body: list[nodes.Node], names: Names) -> str:
        return "".join(self._piece(node, names) for node in body)

    def _piece(self, node: nodes.Node, names: Names) -> str:
        match node:
            case nodes.Output():
                return "".join(self._printed(part, names) for part in node.nodes)
            case nodes.If():
                return self._condition(node, names)
            case nodes.For():
                return self._rows(node, names)
            case nodes.Block():
                return self._text(self.blocks.get(node.name, node).body, names)
            case nodes.Import() | nodes.Macro():
                return ""
        raise _Unsaid(node)

    def _printed(self, node: nodes.Node, names: Names) -> str:
        match node:
            case nodes.TemplateData():
                return node.data
            case nodes.Call(node=nodes.Getattr(node=nodes.Name(name="f"), attr=macro)):
                called = self.macros.get(macro)
                if called is None or node.kwargs or len(node.args) != len(called.args):
                    raise _Unsaid(node, f"a call of {macro}, which no macro answers")
                given = [value if isinstance(value, nodes.Const) else _named(value, names) for value in node.args]
                return self._text(
                    called.body, dict(zip((argument.name for argument in called.args), given, strict=True))
                )
            case nodes.Name(name=name) if isinstance(fixed := names.get(name), nodes.Const):
                return escape(str(fixed.value))
        name = _named(node, names).name
        first, _, rest = name.partition(".")
        if first not in SAID:
            return self._mark([name])
        if rest not in wording()[SAID[first]]:
            raise _Unsaid(node, f"a sentence {rest}, which the catalogue lacks")
        return escape(wording()[SAID[first]][rest], quote=False)

    def _condition(self, node: nodes.If, names: Names) -> str:
        if node.elif_:
            raise _Unsaid(node, "elif")
        then, otherwise = self._text(node.body, names), self._text(node.else_, names)
        if isinstance(node.test, nodes.Not):
            return self._mark(["if", _named(node.test.node, names).name, otherwise, then])
        return self._mark(["if", _named(node.test, names).name, then, otherwise])

    def _rows(self, node: nodes.For, names: Names) -> str:
        if node.else_ or node.test or not isinstance(node.target, nodes.Name):
            raise _Unsaid(node, "rows with a condition, several names or an else")
        return self._mark(["for", node.target.name, _named(node.iter, names).name, self._text(node.body, names)])

    def _mark(self, piece: Pattern) -> str:
        self.pieces.append(piece)
        return f"{_OPEN}{len(self.pieces) - 1}{_CLOSE}"

    # --- marked text to a pattern ---

    def _pattern(self, text: str) -> Pattern:
        """Literal text and pieces, each with the patterns in it."""
        found: Pattern = []
        for index, part in enumerate(_MARK.split(text)):
            if index % 2:
                found.append(self._with_patterns(self.pieces[int(part)]))
            elif part:
                found.append(part)
        return found

    def _with_patterns(self, piece: Pattern) -> Pattern:
        match piece:
            case ["if", name, then, otherwise]:
                return ["if", name, self._pattern(self._canonical(then)), self._pattern(self._canonical(otherwise))]
            case ["for", name, rows, body]:
                return ["for", name, rows, self._pattern(self._canonical(body))]
        return piece

    # --- the canonical form (verification/page/canonical.py), of text with marks ---

    def _canonical(self, text: str) -> str:
        """Of an attribute that depends on something: as it is, with its mark in the place of its value."""
        attribute = _ATTRIBUTE.fullmatch(text.strip(" "))
        return f" {text.strip(' ')}" if attribute and attribute[2] else "".join(self._parts(text))

    def _parts(self, text: str) -> Iterator[str]:
        end = 0
        for tag in _TAG.finditer(text):
            yield fold(_retold(text[end : tag.start()]))
            end = tag.end()
            if tag[2] and not tag[1]:
                yield f"<{tag[2]}{''.join(self._attributes(tag[3]))}>"
            elif tag[2] and tag[2] not in VOID:
                yield f"</{tag[2]}>"
        yield fold(_retold(text[end:]))

    def _attributes(self, text: str) -> list[str]:
        """Attributes in the order of their names; one that depends on something is a mark in its place."""
        found = []
        for name, value, mark in _ATTRIBUTE.findall(text):
            inner = _ATTRIBUTE.search(self.pieces[int(mark)][2]) if mark else None
            written = f"{_OPEN}{mark}{_CLOSE}" if mark else f' {name}="{value}"'
            found.append((inner[1] if inner else name, written))
        return [written for _, written in sorted(found)]


def _named(node: nodes.Node, names: Names) -> nodes.Name:
    """The name that an expression is, such as page.facts. names: what a macro was given, in whose place its own names stand."""
    match node:
        case nodes.Name():
            given = names.get(node.name, node)
            if isinstance(given, nodes.Name):
                return given
        case nodes.Getattr():
            return nodes.Name(f"{_named(node.node, names).name}.{node.attr}", "load")
    raise _Unsaid(node, f"{type(node).__name__} in place of a name")


def _text_of(node: nodes.Node) -> str:
    if not isinstance(node, nodes.Const):
        raise _Unsaid(node, "a name that is not fixed")
    return str(node.value)


def _retold(text: str) -> str:
    return escape(unescape(text), quote=False)
