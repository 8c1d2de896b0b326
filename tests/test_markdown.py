"""Narratives: safe HTML, comparable with what was signed, and rendered in a bounded time."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from site_builder.encoding import only_slow_roads
from site_builder.records.fields.markdown import render_markdown, unsafe_reason

LENGTH = 20_000
PATHOLOGICAL = {
    "open brackets": "[",
    "images": "![",
    "emphasis": "*a _b ",
    "emphasis that opens": "**a ",
    "emphasis that closes": "a**",
    "stars": "*",
    "quotes": "> ",
    "lists in quotes": "> - ",
    "lists": "- ",
    "numbered lists": "1. ",
    "links": "[a](https://a.example ",
    "link ends": "](https://",
    "autolinks": "<https://",
    "comments": "<!--",
    "declarations": "<![CDATA[",
    "backslashes": "\\",
    "entities": "&",
    "fences": "```\n",
    "headings": "# a\n",
    "tabs": "\t",
    "lines": "\n",
    "references": "[a]: https://a.example/\n",
    "brackets and backslashes": "[\\",
}


@pytest.mark.parametrize("piece", PATHOLOGICAL.values(), ids=PATHOLOGICAL)
def test_pathological_text_is_done_with_soon(piece: str) -> None:
    started = time.process_time()
    unsafe_reason((piece * LENGTH)[:LENGTH])
    unsafe_reason(" ".join("`" * count for count in range(1, 199)))
    assert time.process_time() - started < 3


@given(
    st.text(alphabet="aZ09 ,.;:'()?%-\n*_[]<&", max_size=40)
    | st.from_regex(r"[A-Za-z](?: ?[A-Za-z0-9,.;:'()?%-])*", fullmatch=True)
)
@example("a.")
@example("https://a.example")
@example("a - b")
@example("a" * 20_001)
def test_a_line_without_marks_is_what_the_parser_makes_of_it(text: str) -> None:
    fast = render_markdown(text), unsafe_reason(text)
    with only_slow_roads():
        assert (render_markdown(text), unsafe_reason(text)) == fast


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a *b* **c**", "<p>a <em>b</em> <strong>c</strong></p>\n"),
        ("# a", "<h3>a</h3>\n"),
        ("###### a", "<h6>a</h6>\n"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        (
            "[a](https://a.example/)",
            '<p><a href="https://a.example/" rel="nofollow noopener noreferrer ugc">a</a></p>\n',
        ),
        ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>\n"),
        ("[a](javascript:x)", "<p>[a](javascript:x)</p>\n"),
    ],
)
def test_text_is_rendered(text: str, html: str) -> None:
    assert render_markdown(text) == html
    assert unsafe_reason(text) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("![a](https://a.example/b.png)", "picture"),
        ("[a](http://a.example/)", "link"),
        ("[a](/b)", "link"),
        ("[a][b]\n\n[b]: https://a.example/", "link"),
        ('[a](https://a.example/ "b")', "link"),
        ("[a](https://a.example/ü)", "link"),
        ("[a](mailto:ada@example.org)", "link"),
        ("&copy; a", "entity"),
        ("```python\na\n```", "after ```"),
        ("a\n\n# #", "line 3"),
    ],
)
def test_text_that_a_page_could_not_show_whole_is_refused(text: str, reason: str) -> None:
    assert reason in unsafe_reason(text)


SHAPED = st.lists(
    st.sampled_from(
        [
            *PATHOLOGICAL.values(),
            "a",
            ")",
            "]",
            "](https://a.example/)",
            ">",
            "`",
            "\n\n",
            "&lt;",
            "<b onclick=x>",
            "javascript:x",
        ]
    ),
    max_size=30,
).map("".join)


@given(SHAPED | st.text(max_size=200))
def test_any_text_becomes_safe_html(text: str) -> None:
    unsafe_reason(text)
    html = render_markdown(text)
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", html))
    assert tags <= set("p strong em a ul ol li code pre blockquote br hr h3 h4 h5 h6".split())
    for attributes in re.findall(r"<[a-z0-9]+ ([^>]*)>", html):
        rest = re.sub(r'href="https://[^"]*"|rel="[a-z ]*"|start="[0-9]*"', "", attributes)
        assert not rest.strip()
