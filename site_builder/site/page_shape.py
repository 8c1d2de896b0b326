"""Pages that thousands of credentials share a template for: rendered once for each shape that their values have, and then filled.

A template of a credential's page has text, names, `if` and `for` alone (page_patterns.py refuses all else), so that all but the values
themselves depends on which of them are there. For each such shape Jinja renders one page with marks in the place of its texts, which must
come back as a template prints texts, and one as it is, which must be the same as the marked page filled. Every other page is Jinja's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from operator import attrgetter, itemgetter
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from site_builder.site.theme import UndefinedError, current_templates, render, template_environment

__all__ = ["only_jinja", "render_shaped"]

# A large site has some hundreds, of ten kilobytes each.
_MOST_SHAPES = 1024
_MOST_TEXTS = 500

# A page's template and values but for their texts: kinds, names, numbers, and which texts are there.
_Key = tuple[Any, ...]


@dataclass
class _Texts:
    """The texts in a page's values that are not empty, in their order: those that a template escapes, and those that it does not."""

    plain: list[str] = field(default_factory=list)
    markup: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Shape:
    """A page with gaps. pieces: its fixed text, with an empty piece for each gap. is_current: whether its templates are.

    gaps: picks what fills them, in their order, out of all texts, of which those that are markup come last."""

    pieces: list[bytes]
    gaps: Callable[[Sequence[bytes]], tuple[bytes, ...]]
    is_current: Callable[[], bool]

    def filled(self, texts: _Texts) -> bytes | None:
        """The page with other texts; None for texts with a NUL in them."""
        # As markupsafe.escape has it, for all at once and on bytes: a call for each would take longer than all the rest.
        joined = (
            "\0".join(texts.plain).encode("utf-8").replace(b"&", b"&amp;").replace(b">", b"&gt;").replace(b"<", b"&lt;")
        )
        escaped = joined.replace(b"'", b"&#39;").replace(b'"', b"&#34;").split(b"\0")
        if len(escaped) != len(texts.plain):
            return None
        escaped += [markup.encode("utf-8") for markup in texts.markup]
        pieces = self.pieces.copy()
        pieces[1::2] = self.gaps(escaped)
        return b"".join(pieces)


_seen = set[_Key]()
# None for one whose pages differ in more than their texts.
_shapes: dict[_Key, _Shape | None] = {}
_is_on = True


@contextmanager
def only_jinja() -> Iterator[None]:
    """For tests: Jinja renders every page."""
    global _is_on
    before, _is_on = _is_on, False
    try:
        yield
    finally:
        _is_on = before


def render_shaped(template: str, **values: Any) -> bytes:
    """A page, as theme.render gives it. template: one of page_patterns.PAGES."""
    # The template that there is now: it is another one when it was changed, or is looked for in another place.
    texts, tokens = _Texts(), [template_environment().get_template(template), *values]
    if not _is_on or not _take_apart(values.values(), tokens, texts):
        return render(template, **values)
    key = tuple(tokens)
    shape = _shapes.get(key)
    if shape and not shape.is_current():
        _shapes.clear()
        shape = None
    page = shape.filled(texts) if shape else None
    if page is None:
        page = render(template, **values)
        _learn(key, template, values, texts, page)
    return page


def _learn(key: _Key, template: str, values: dict[str, Any], texts: _Texts, page: bytes) -> None:
    """Makes the shape of a page that is met a second time. page: as Jinja rendered it."""
    if key in _shapes or len(texts.plain) + len(texts.markup) > _MOST_TEXTS:
        return
    if len(_shapes) + len(_seen) >= _MOST_SHAPES:
        _seen.clear()
        _shapes.clear()
    if key not in _seen:
        _seen.add(key)
        return
    _seen.remove(key)
    try:
        shape = _shape(render(template, **_marked(values, _Texts())).decode("utf-8"), len(texts.plain))
    except UndefinedError:
        shape = None
    _shapes[key] = shape if shape and shape.filled(texts) == page else None


def _take_apart(values: Iterable[Any], tokens: list[Any], texts: _Texts) -> bool:
    """Collects the texts in values, and in tokens all that is no text; False for a value that could print anything."""
    for value in values:
        kind = type(value)
        if kind is str:
            tokens.append("text" if value else "")
            if value:
                texts.plain.append(value)
        elif kind is bool or kind is int or value is None:
            tokens.append((kind, value))
        elif kind is Markup:
            tokens.append("markup" if value else "")
            if value:
                texts.markup.append(value)
        elif kind is list or kind is tuple:
            tokens.append(len(value))
            if not _take_apart(value, tokens, texts):
                return False
        elif kind is dict:
            tokens.append(tuple(value))
            if not _take_apart(value.values(), tokens, texts):
                return False
        elif is_dataclass(kind):
            tokens.append(kind)
            if not _take_apart(_parts(kind)(value), tokens, texts):
                return False
        else:
            return False
    return True


@cache
def _parts(kind: type) -> Callable[[Any], Iterable[Any]]:
    """What gives the values of a dataclass's fields."""
    first, *others = (field.name for field in fields(kind))
    return attrgetter(first, *others) if others else lambda value: (getattr(value, first),)


# --- marks ------------------------------------------------------------------------------------------------------------

# Of both cases and with every letter that is escaped, so that a template that does anything else to a text is found out.
_PLAIN_MARK, _MARKUP_MARK = "\ue000Aa&<>\"'{}\ue001", "\ue002Aa{}\ue003"
_MARK = re.compile("\ue000Aa&amp;&lt;&gt;&#34;&#39;([0-9]+)\ue001|\ue002Aa([0-9]+)\ue003")
_BROKEN = re.compile("[\ue000-\ue003]")


def _marked(value: Any, texts: _Texts) -> Any:
    """The same value with a mark in the place of each of its texts; of a dataclass with nothing but its fields."""
    kind = type(value)
    if kind is dict:
        return {name: _marked(inner, texts) for name, inner in value.items()}
    if kind is list or kind is tuple:
        return [_marked(inner, texts) for inner in value]
    if is_dataclass(kind):
        return SimpleNamespace(**{field.name: _marked(getattr(value, field.name), texts) for field in fields(kind)})
    if not value or not isinstance(value, str):
        return value
    known, mark = (texts.markup, _MARKUP_MARK) if kind is Markup else (texts.plain, _PLAIN_MARK)
    known.append(value)
    return kind(mark.format(len(known) - 1))


def _shape(page: str, number: int) -> _Shape | None:
    """The shape of a page with marks. number: of the texts that are escaped; None where a mark came back as no template prints one."""
    pieces, gaps, end = list[str](), list[int](), 0
    for mark in _MARK.finditer(page):
        pieces += [page[end : mark.start()], ""]
        gaps.append(int(mark[1]) if mark[1] else number + int(mark[2]))
        end = mark.end()
    pieces.append(page[end:])
    if len(gaps) < 2 or any(_BROKEN.search(piece) for piece in pieces):
        return None
    return _Shape([piece.encode("utf-8") for piece in pieces], itemgetter(*gaps), current_templates())
