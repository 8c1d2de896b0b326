"""A page's Markdown is compared with its source, in Python and in the browser: punctuation, emphasis, links and numbers count."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import time

import pytest

from site_builder.records.fields.markdown import render_markdown, unsafe_reason
from site_builder.records.fields.markdown_source import disagreement, markdown_agrees
from tests.sampling import examples
from tests.vector_files import ROOT

REL = 'rel="nofollow noopener noreferrer ugc"'
A = f'<a href="https://a.example/" {REL}>a</a>'

# (source, what a page shows)
HONEST = [
    ("1.5 days", "<p>1.5 days</p>"),
    ("-5", "<p>-5</p>"),
    ("5 * 6 and a_b_c", "<p>5 * 6 and a_b_c</p>"),
    ("a > b & <b>", "<p>a &gt; b &amp; &lt;b&gt;</p>"),
    (r"\*a\* C:\dir", r"<p>*a* C:\dir</p>"),
    ("a\n  b", "<p>a b</p>"),
    ("a *b* _c_ **d** ***e***", "<p>a <em>b</em> <em>c</em> <strong>d</strong> <em><strong>e</strong></em></p>"),
    ("We began in\n2024. It was fun.", "<p>We began in 2024. It was fun.</p>"),
    ("3. a\n4. b", '<ol start="3"> <li>a</li> <li>b</li> </ol>'),
    ("1. a\n1. b", "<ol> <li>a</li> <li>b</li> </ol>"),
    ("- a\n  - b\n\n  c", "<ul> <li> <p>a</p> <ul> <li>b</li> </ul> <p>c</p> </li> </ul>"),
    ("# a #\n\nb\n---", "<h3>a</h3> <h4>b</h4>"),
    ("> a\nb\n>\n> c\n\nd", "<blockquote> <p>a b</p> <p>c</p> </blockquote> <p>d</p>"),
    ("`a*b*` `` ` ``", "<p><code>a*b*</code> <code>`</code></p>"),
    ("```\n*a*\n\nb\n```\n\n    c", "<pre><code>*a* b </code></pre> <pre><code>c </code></pre>"),
    ("a  \nb\\\nc\n\n***", "<p>a<br> b<br> c</p> <hr>"),
    ("[a](https://a.example/) <https://b.example/?c&d>",
     f'<p>{A} <a href="https://b.example/?c&amp;d" {REL}>https://b.example/?c&amp;d</a></p>'),
    ("Write to <ada@example.org>.", "<p>Write to &lt;ada@example.org&gt;.</p>"),
    ("the club`s\n\n- the team`s", "<p>the club`s</p> <ul> <li>the team`s</li> </ul>"),
]  # fmt: skip
LIES = [
    ("1.5 days", "<p>15 days</p>"),
    ("-5", "<p>5</p>"),
    ("- 5", "<p>5</p>"),
    ("Did not\nfail", "<p>Did not</p> <ul></ul> <p>fail</p>"),
    ("a", "<p>a</p> <ol></ol>"),
    ("-5", "<ul> <li>5</li> </ul>"),
    ("-\xa05", "<ul> <li>5</li> </ul>"),
    ("now here", "<p>nowhere</p>"),
    ("nowhere", "<p>now here</p>"),
    ("5*6", "<p>56</p>"),
    ("2**3", "<p>2<em></em>3</p>"),
    ("2 * 3 * 4", "<p>2 <em> 3 </em> 4</p>"),
    ("a_b_c", "<p>a<em>b</em>c</p>"),
    ("2*(3)*4", "<p>2<em>(3)</em>4</p>"),
    ("`2*3*4`", "<p>`2<em>3</em>4`</p>"),
    ("```\n2*3*4\n````", "<p>``` 2<em>3</em>4 ````</p>"),
    ("    2*3*4", "<p>2<em>3</em>4</p>"),
    (r"`a\.b`", "<p><code>a.b</code></p>"),
    ("a > b", "<p>a b</p>"),
    ("a\n> b", "<p>a b</p>"),
    ("> a\n> > 5", "<blockquote> <p>a 5</p> </blockquote>"),
    ("a, then b", "<p>b, then a</p>"),
    ("a *not* b", "<p>a not b</p>"),
    ("*not* b", "<p><em>not b</em></p>"),
    ("a not *b*", "<p>a <em>not</em> b</p>"),
    ("**a**", "<p><em>a</em></p>"),
    ("3. a\n4. b", "<ol> <li>a</li> <li>b</li> </ol>"),
    ("1. a\n2. b", '<ol start="2"> <li>a</li> <li>b</li> </ol>'),
    ("1. a\n2. b", "<ul> <li>a</li> <li>b</li> </ul>"),
    ("1. a\n1) b", "<ol> <li>a</li> <li>b</li> </ol>"),
    ("1. a\n2. b", "<ol> <li>a</li> </ol>"),
    ("- a\n  - b", "<ul> <li>a</li> <li>b</li> </ul>"),
    ("- a\n- b", "<ul> <li>a <ul> <li>b</li> </ul> </li> </ul>"),
    ("- a\n\n  b", "<ul> <li> <p>a</p> </li> </ul> <p>b</p>"),
    ("a", "<h3>a</h3>"),
    ("# a", "<p>a</p>"),
    ("# a", "<h4>a</h4>"),
    ("# a\nb", "<h3>a b</h3>"),
    ("a\n\nb", "<p>a b</p>"),
    ("a\nb", "<p>a</p> <p>b</p>"),
    ("a\n\n***", "<p>a</p>"),
    ("[a](https://a.example/b)", f"<p>{A}</p>"),
    ("[a](https://a.example/)", "<p>a</p>"),
    ("a https://a.example/", f"<p>{A} https://a.example/</p>"),
    ("[a](https://a.example/)", "<p>" + A.replace(REL, 'rel=""') + "</p>"),
    ("[a](https://a.example/)", "<p>" + A.replace("<a ", '<a class="b" ') + "</p>"),
    (r"\[a](https://a.example/)", rf"<p>\{A}</p>"),
    ("[a](javascript:b)", f'<p><a href="javascript:b" {REL}>a</a></p>'),
    ("a", "<p>a</p><script>b</script>"),
    ("a", "<p hidden>a</p>"),
    ("a", "<p>a</p><!-- b -->"),
    ("a", "a"),
    ("a", "<p>a"),
    ("a", "<p>a</p></p>"),
    ("a", "<ul>a</ul>"),
    ("&copy;", "<p>©</p>"),
    ("a" * 100_001, "<p>" + "a" * 100_001 + "</p>"),
]  # fmt: skip
HOSTILE = ["*", "[", ">", "> ", "`", "` `` ", "_a", "*a*", "\\", "\\*", "- ", "1. ", "# ", "#\n", "<https://", "](", "~~~\n", "\n", "\t", " ", "  \n", "a\n>", "=\n"]  # fmt: skip


def in_browser(pairs: list[tuple[str, str]]) -> list[bool]:
    """What the browser's program says of each."""
    if shutil.which("node") is None:
        pytest.skip("needs Node.js 20")
    done = subprocess.run(
        ["node", str(ROOT / "tests/browser/markdown.mjs")],
        input=json.dumps(pairs),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answers: list[bool] = json.loads(done.stdout)
    return answers


def shown(text: str) -> str:
    """What a page shows of Markdown, in the form in which pages are compared."""
    return re.sub("[\t\n\f\r ]+", " ", render_markdown(text).replace("&nbsp;", "\xa0"))


@pytest.mark.parametrize(("source", "html"), HONEST)
def test_page_that_shows_what_was_signed_agrees(source: str, html: str) -> None:
    assert disagreement(html, source) == 0
    assert shown(source).strip() == html
    assert unsafe_reason(source) == ""


@pytest.mark.parametrize(("source", "html"), LIES, ids=range(len(LIES)))
def test_page_that_shows_something_else_does_not(source: str, html: str) -> None:
    assert not markdown_agrees(html, source)


def test_browser_says_the_same() -> None:
    pairs = [(html, source) for source, html in [*HONEST, *LIES]]
    assert in_browser(pairs) == [True] * len(HONEST) + [False] * len(LIES)


def test_line_is_named_on_which_they_part() -> None:
    assert disagreement("<p>a</p> <p>c</p>", "a\n\nb") == 3


WORDS = r"""a not 5 -5 1.5 2*3 x_y *em* **st** _u_ ***b*** `c` <https://a.example/b> [l](https://a.example/) \* C:\x & <b> é "q" (p)
2024. #1 > *a~**b**~c* : ... é! ~""".replace("\n", " ").split(" ")


def line_of(chance: random.Random) -> str:
    return " ".join(chance.choice(WORDS).replace("~", " ") for _ in range(chance.randint(1, 6)))


def markdown_of(chance: random.Random, depth: int = 0) -> str:
    """Markdown as people write it: paragraphs, headings, lists, quotes and code, in each other."""
    blocks = [block_of(chance, chance.randrange(9 if depth < 3 else 3), depth) for _ in range(chance.randint(1, 3))]
    return "\n\n".join(blocks)


def block_of(chance: random.Random, kind: int, depth: int) -> str:
    if kind < 3:
        return chance.choice(["\n", "  \n", "\\\n"]).join(["a " + line_of(chance), "b " + line_of(chance)])
    if kind == 3:
        return "#" * chance.randint(1, 6) + " " + line_of(chance)
    if kind == 4:
        return "a\n" + chance.choice(["===", "---"])
    if kind == 5:
        return f"```\n{line_of(chance)}\n\n{line_of(chance)}\n```"
    inner = [markdown_of(chance, depth + 1) for _ in range(chance.randint(1, 3))]
    if kind == 6:
        return inner[0].join(["> ", ""]).replace("\n", "\n> ")
    number = chance.randint(0, 11)
    markers = [f"{number + place}. " if kind == 7 else "- " for place in range(len(inner))]
    indented = [mark + text.replace("\n", "\n" + " " * len(mark)) for mark, text in zip(markers, inner, strict=True)]
    return chance.choice(["\n", "\n\n"]).join(indented)


def edited(chance: random.Random, html: str) -> str:
    """A page with one letter or sign of its text taken away, added or changed."""
    places = [match.start() for match in re.finditer(r"(?<![&\w;])[^\s<>&;](?![^<]*>)", html)]
    place = chance.choice(places)
    if chance.random() < 0.5:
        return html[:place] + html[place + 1 :]
    other = chance.choice([sign for sign in "x7.-+!" if sign != html[place]])
    return html[:place] + other + html[place + chance.randint(0, 1) :]


def test_whatever_is_rendered_agrees_and_no_edit_of_it_does() -> None:
    chance = random.Random(1)
    texts = [text for _ in range(examples(150)) if unsafe_reason(text := markdown_of(chance)) == ""]
    # What is refused is rare: back-ticks and stars that meet by chance.
    assert len(texts) > 0.97 * examples(150)
    pairs = [(shown(text), text) for text in texts]
    edits = [(edited(chance, html), text) for html, text in pairs]
    assert [pair for pair in edits if markdown_agrees(*pair)] == []
    assert in_browser([*pairs, *edits]) == [True] * len(pairs) + [False] * len(edits)


def test_neither_a_hostile_page_nor_a_hostile_source_takes_long() -> None:
    long = [(piece * 29_000)[:29_000] for piece in HOSTILE]
    pairs = [("<p>" + text.replace("<", "&lt;").replace(">", "&gt;"), text) for text in long]
    pairs += [(page * 10_000, text) for page in ("<em>", "<ul><li>", "<blockquote>", "<") for text in long[::4]]
    pairs += [("<p>" + "<em>a</em>" * 9_000 + "</p>", "*a*" * 9_000), (f"<p>{'`a ' * 9_000}</p>", "`a " * 9_000)]
    runs = " ".join("`" * length for length in range(1, 240))
    pairs += [("<hr>", "- - -" + " " * 29_000 + "x"), (f"<p>{runs}</p>", runs)]
    started = time.process_time()
    assert {markdown_agrees(*pair) for pair in pairs} <= {True, False}
    assert time.process_time() - started < 6
    assert len(in_browser(pairs)) == len(pairs)


def test_a_text_longer_than_records_hold_is_not_read() -> None:
    assert markdown_agrees(f"<p>{'a' * 30_000}</p>", "a" * 30_000)
    longer = (f"<p>{'a' * 30_001}</p>", "a" * 30_001)
    assert not markdown_agrees(*longer)
    assert in_browser([longer]) == [False]
