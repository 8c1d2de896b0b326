"""The rosette: the same in both languages, another for each credential, small enough to publish beside each."""

from __future__ import annotations

import base64
import copy
import gzip
import hashlib
import io
import itertools
import json
import re
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from defusedxml.ElementTree import fromstring
from PIL import Image, ImageChops, ImageStat

from site_builder import kept
from site_builder.credentials.rosette import drawing as rosettes
from site_builder.credentials.rosette.drawing import (
    RosettePath,
    rosette_digest,
    rosette_paths,
    rosette_svg,
    rosette_words,
)
from site_builder.credentials.rosette.layers import draw_body, draw_border, draw_motif, draw_ring
from site_builder.credentials.rosette.lines import TURN, divide, wave
from site_builder.encoding import only_slow_roads
from site_builder.verification.page.compare import compare_page
from site_builder.verification.report import sentence
from site_builder.verification.whole_site import verify_site
from tests.support import BASE, fake_key, issue_all, publish_to, write_repository
from tests.test_verifiers_agree import CREDENTIAL, Node, leaves, page, sign, unsigned_credential
from tests.test_verifiers_agree import node as node
from tests.vector_files import DEMO_CREDENTIALS, read_json_vector

ROOT = Path(__file__).parents[1]
VECTOR_FILE: dict[str, list[dict[str, Any]]] = read_json_vector("rosette/vectors.json")
CHANCE = [hashlib.sha256(f"chance {number}".encode()).digest() for number in range(300)]


def sha256_hex(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


# -- vectors, in both languages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", VECTOR_FILE["documents"], ids=lambda vector: str(vector["digest"][:8]))
def test_a_document_s_rosette_is_that_of_its_vector(vector: dict[str, Any], node: Node) -> None:
    digest = rosette_digest(vector["document"])
    assert digest.hex() == vector["digest"]
    raw = base64.b64encode(json.dumps(vector["document"]).encode("ascii")).decode("ascii")
    assert node.ask({"rosette": raw})["digest"] == vector["digest"]


@pytest.mark.parametrize(
    "vector", VECTOR_FILE["documents"] + VECTOR_FILE["digests"], ids=lambda v: str(v["digest"][:8])
)
def test_a_digest_s_words_and_drawing_are_those_of_its_vector(vector: dict[str, Any], node: Node) -> None:
    digest = bytes.fromhex(vector["digest"])
    assert " ".join(rosette_words(digest)) == vector["words"]
    assert sha256_hex(rosette_svg(digest)) == vector["svg_sha256"]
    found = node.ask({"digest": digest.hex()})
    assert " ".join(found["words"]) == vector["words"]
    assert sha256_hex(found["svg"].encode("ascii")) == vector["svg_sha256"]


# Together they have each of the 640 layers that there are: any other rosette is put together from theirs.
EVERY_LAYER = [
    bytes([0, 0, 0, number, order, order, order, further, kind, kind, further, kind, kind])
    for number, (further, order, kind) in enumerate(itertools.product(range(4), range(8), range(8)))
]


def test_both_languages_draw_every_layer_and_what_chance_gives(node: Node) -> None:
    for digest in [*(chosen + bytes(19) for chosen in EVERY_LAYER), *CHANCE[:50]]:
        found = node.ask({"digest": digest.hex()})
        assert found["svg"].encode("ascii") == rosette_svg(digest)
        assert tuple(found["words"]) == rosette_words(digest)
        assert [RosettePath(**path) for path in found["paths"]] == rosette_paths(digest)


def test_layers_that_were_kept_are_those_that_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(kept, "_FOLDER", tmp_path / "kept")
    (tmp_path / "kept").mkdir()
    digests = [chosen + bytes(19) for chosen in EVERY_LAYER]
    with only_slow_roads():
        plain = [rosette_svg(digest) for digest in digests]

    def quick() -> int:
        """Draws all rosettes, and says how many layers that took."""
        monkeypatch.setattr(rosettes, "_layers", {})
        drawn = list[Any]()

        def noting(*choice: int) -> bytes:
            drawn.append(choice)
            return draw(*choice)

        monkeypatch.setattr(rosettes, "_drawn", noting)
        assert [rosette_svg(digest) for digest in digests] == plain
        return len(drawn)

    draw = rosettes._drawn
    first, again = quick(), quick()
    assert first == 640 and again == 8, "the first few are drawn before anything is read"
    (file,) = (tmp_path / "kept").iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + b"!")
    assert quick() == 640 and file.read_bytes() == whole
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    file.write_bytes(whole[:100])
    assert quick() == 640 and file.read_bytes() == whole[:100]


def test_the_browser_has_the_same_list_of_words() -> None:
    ours = ROOT / "site_builder/credentials/rosette/words.json"
    assert (
        ROOT / "site_builder/verification/browser/src/credentials/rosette/words.json"
    ).read_bytes() == ours.read_bytes()


def test_the_vectors_show_every_figure_in_every_layer() -> None:
    digests = [bytes.fromhex(vector["digest"]) for vector in VECTOR_FILE["digests"]]
    for place in (4, 5, 6, 8, 9, 11, 12):
        assert {digest[place] % 8 for digest in digests} == set(range(8))
    for place in (7, 10):
        assert {digest[place] % 4 for digest in digests} == set(range(4))


# -- one credential, one rosette ------------------------------------------------------------------------------------------------


def test_one_changed_character_anywhere_changes_words_and_drawing() -> None:
    words, drawing = rosette_words(rosette_digest(CREDENTIAL)), rosette_svg(rosette_digest(CREDENTIAL))
    texts = [(pointer, value) for pointer, value in leaves(CREDENTIAL) if isinstance(value, str)]
    changed = [(pointer, value) for pointer, value in texts if not pointer.startswith("/proof")]
    assert len(changed) > 30
    for pointer, value in changed:
        other = copy.deepcopy(CREDENTIAL)
        *steps, last = pointer.split("/")[1:]
        holder: Any = other
        for step in steps:
            holder = holder[int(step) if isinstance(holder, list) else step]
        holder[int(last) if isinstance(holder, list) else last] = value[:-1] + ("y" if value[-1] != "y" else "z")
        digest = rosette_digest(other)
        assert rosette_words(digest) != words and rosette_svg(digest) != drawing, pointer


def test_signing_again_with_another_key_changes_nothing() -> None:
    again = sign(unsigned_credential(), key=fake_key("another"))
    assert again["proof"] != CREDENTIAL["proof"]
    assert rosette_digest(again) == rosette_digest(CREDENTIAL) == rosette_digest(unsigned_credential())


def test_the_demo_s_credentials_have_rosettes_and_words_of_their_own() -> None:
    digests = [rosette_digest(json.loads(file.read_bytes())) for file in DEMO_CREDENTIALS]
    assert len({rosette_words(digest) for digest in digests}) == len(digests)
    assert len({rosette_svg(digest) for digest in digests}) == len(digests) > 50


# -- the drawing ----------------------------------------------------------------------------------------------------------------


ORDERS = (4, 5, 6, 7, 8, 9, 10, 12)
# Every figure that can be drawn, by layer: the number of its sectors and the path of one.
LAYERS: dict[str, list[tuple[int, str]]] = {
    "border": [(n, draw_border(kind, n, outline=line)) for kind in range(8) for n in ORDERS for line in range(4)],
    "body": [(n, draw_body(kind, n, extra=extra)) for kind in range(8) for n in ORDERS for extra in range(4)],
    "ring": [(n, draw_ring(kind, n)) for kind in range(8) for n in ORDERS],
    "motif": [
        (n, draw_motif(kind, n))
        for kind in range(8)
        for n in ((5, 7, 8, 9, 10, 12, 14, 16) if kind in (1, 4, 6) else range(3, 11))
    ],
}


@pytest.mark.parametrize("name", LAYERS)
def test_no_two_figures_of_a_layer_are_the_same(name: str) -> None:
    assert len(set(LAYERS[name])) == len(LAYERS[name])


@pytest.mark.parametrize("name", LAYERS)
def test_a_figure_is_written_in_whole_numbers(name: str) -> None:
    for _, path in LAYERS[name]:
        assert re.fullmatch(r"(?:[MLQlqta](?:-?[0-9]+(?: ?(?=[-0-9]))?)+)+", path), path[:80]


def test_the_largest_rosette_has_12_kb_and_5_kb_with_gzip() -> None:
    # 47 characters for each further turn of the largest figures together, and 500 for what stands around them.
    largest = [max(len(path) + 47 * order for order, path in layer) for layer in LAYERS.values()]
    assert sum(largest) + 500 <= 12 * 1024
    assert max(len(gzip.compress(rosette_svg(digest), 9)) for digest in CHANCE) <= 5 * 1024


def stops(path: str) -> list[tuple[int, int]]:
    """Every point at which a piece of a path ends."""
    found: list[tuple[int, int]] = []
    for command, text in re.findall(r"([MLQlqta])([-0-9 ]+)", path):
        numbers = [int(number) for number in re.findall(r"-?[0-9]+", text)]
        size = {"q": 4, "a": 7}.get(command, 2)
        for *_, x, y in (numbers[place : place + size] for place in range(0, len(numbers), size)):
            found.append((x, y) if command == "M" else (found[-1][0] + x, found[-1][1] + y))
    return found


def test_the_drawing_stays_within_its_picture() -> None:
    for _, path in itertools.chain(*LAYERS.values()):
        for x, y in stops(path):
            # Half a line's width less than the edge.
            assert x * x + y * y <= 4080 * 4080, path[:40]


def test_the_file_is_plain_svg_without_text_script_style_or_address() -> None:
    for digest in CHANCE[:50]:
        root = fromstring(rosette_svg(digest))
        assert {element.tag.rpartition("}")[2] for element in root.iter()} == {"svg", "path", "use"}
        names = {name for element in root.iter() for name in element.attrib}
        assert names == {
            "viewBox",
            "fill",
            "stroke",
            "stroke-linecap",
            "stroke-linejoin",
            "id",
            "stroke-width",
            "d",
            "href",
            "transform",
        }
        assert all(element.get("href", "#").startswith("#") for element in root.iter())


def test_the_integer_sine_is_a_sine_to_four_places() -> None:
    # Twelve exact values, and the symmetries that give all others from the first quarter.
    assert [wave(TURN * part // 12) for part in range(12)] == [
        *(0, 5000, 8660, 10000, 8660, 5000, 0, -5000, -8660, -10000, -8660, -5000)
    ]
    for angle in range(0, TURN, 997):
        assert wave(angle) == -wave(angle + TURN // 2) == wave(TURN // 2 - angle) == wave(angle - TURN)
        # sin² + cos² = 1
        assert abs(wave(angle) ** 2 + wave(angle + TURN // 4) ** 2 - 10**8) < 5 * 10**4


@pytest.mark.parametrize(("number", "expected"), [(7, 2), (5, 1), (6, 2), (-6, -1), (-7, -2), (0, 0), (-5, -1)])
def test_division_rounds_to_the_nearest_and_halves_upwards(number: int, expected: int) -> None:
    assert divide(number, 4) == expected


def test_the_element_for_a_page_looks_as_the_file_does() -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    digest = bytes.fromhex(VECTOR_FILE["documents"][0]["digest"])
    sources = ROOT / "site_builder/verification/browser/src"
    with sync_api.sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        opened = browser.new_page(viewport={"width": 300, "height": 300})

        def answer(route: Any) -> None:
            name = urlsplit(route.request.url).path.removeprefix("/")
            kinds = {".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml"}
            body = (
                rosette_svg(digest)
                if name == "rosette.svg"
                else (sources / name).read_bytes()
                if name
                else b"<!doctype html>"
            )
            route.fulfill(headers={"content-type": kinds.get(Path(name).suffix, "text/html")}, body=body)

        opened.route("**/*", answer)
        opened.goto(BASE)
        opened.evaluate(
            """async (digest) => {
                const { rosetteElement } = await import("/credentials/rosette/drawing.js");
                const element = rosetteElement(Uint8Array.from(digest));
                element.setAttribute("width", 280);
                document.body.replaceChildren(element);
            }""",
            list(digest),
        )
        assert opened.locator("svg[aria-hidden=true] > path").count() == sum(
            path.turns for path in rosette_paths(digest)
        )
        element = opened.screenshot()
        opened.set_content('<img src="rosette.svg" alt="" width="280">', wait_until="load")
        file = opened.screenshot()
        browser.close()
    assert mean_difference(element, file) < 1 < mean_difference(element, blank(300))


def blank(side: int) -> bytes:
    """A white PNG."""
    made = io.BytesIO()
    Image.new("RGB", (side, side), "white").save(made, "PNG")
    return made.getvalue()


def mean_difference(one: bytes, other: bytes) -> float:
    """How far two PNGs of one size differ, in steps of 255."""
    pictures = [Image.open(io.BytesIO(raw)).convert("L") for raw in (one, other)]
    return float(ImageStat.Stat(ImageChops.difference(*pictures)).mean[0])


# -- the words ------------------------------------------------------------------------------------------------------------------

WORDS: list[str] = json.loads((ROOT / "site_builder/credentials/rosette/words.json").read_text("utf-8"))


def edits(one: str, other: str) -> int:
    """How many letters must be added, left out or changed."""
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one, 1):
        last, row[0] = row[0], index
        for place, against in enumerate(other, 1):
            last, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, last + (letter != against))
    return row[-1]


def test_there_are_256_short_words_in_order() -> None:
    assert len(WORDS) == 256 == len(set(WORDS)) and sorted(WORDS) == WORDS
    assert all(re.fullmatch("[a-z]{3,8}", word) for word in WORDS)


def test_no_word_is_nearly_another_or_begins_one() -> None:
    for one, other in itertools.combinations(WORDS, 2):
        assert edits(one, other) >= 2 and not other.startswith(one) and one[:5] != other[:5], (one, other)


def test_each_byte_gives_a_word_of_its_own() -> None:
    assert [rosette_words(bytes([byte, 0, 0, 0]))[0] for byte in range(256)] == WORDS


# -- the page and the site ------------------------------------------------------------------------------------------------------


def test_the_page_of_a_withdrawn_credential_states_no_words() -> None:
    words = f'<p class="words">{" ".join(rosette_words(rosette_digest(CREDENTIAL)))}</p>'
    withdrawn = page(tombstone=True)
    assert compare_page(withdrawn, CREDENTIAL) == ""
    stated = withdrawn.html.replace("</article>", f"{words}</article>")
    assert compare_page(page(stated), CREDENTIAL) == sentence("altered", "fixed")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of two credentials, the second one withdrawn."""
    root = write_repository(tmp_path_factory.mktemp("repository"))
    issue_all(root)
    withdrawn = sorted(root.glob("content/signed/school/*"))[1].name
    record = f"revoke: {withdrawn}\ndate: 2026-06-01\nreason: other\n"
    (root / "content/records/school/revoke.yml").write_text(record, "utf-8")
    issue_all(root, seed="revoke")
    return publish_to(root, tmp_path_factory.mktemp("site"))


def verdicts(folder: Path) -> dict[str, tuple[str, str]]:
    """Verdict and last sentence of each credential, by its folder."""
    reports = verify_site(folder, now=datetime(2026, 6, 2, tzinfo=UTC))
    return {
        path.split("/")[1]: (report.verdict, report.checks[-1].sentence if report.checks else report.headline)
        for path, report in reports
    }


def spoiled(site: Path, tmp_path: Path) -> tuple[Path, Path, Path]:
    """A copy of the site, and its folders of the credential that holds and of the withdrawn one."""
    copied = shutil.copytree(site, tmp_path / "site")
    held, withdrawn = sorted(copied.glob("c/*"))
    return copied, held, withdrawn


def test_a_site_publishes_the_rosette_of_each_credential_that_holds(site: Path) -> None:
    held, withdrawn = sorted(site.glob("c/*"))
    document = json.loads((held / "credential.json").read_bytes())
    assert (held / "rosette.svg").read_bytes() == rosette_svg(rosette_digest(document))
    assert not (withdrawn / "rosette.svg").exists()
    assert f'data-as="words">{" ".join(rosette_words(rosette_digest(document)))}<' in (held / "index.html").read_text(
        "utf-8"
    )
    assert verdicts(site) == {
        held.name: ("holds", "Its images carry this credential."),
        withdrawn.name: ("revoked", "Its images carry this credential."),
    }


def test_the_rosette_of_another_credential_fails(site: Path, tmp_path: Path) -> None:
    copied, held, withdrawn = spoiled(site, tmp_path)
    other = rosette_svg(rosette_digest(json.loads((withdrawn / "credential.json").read_bytes())))
    (held / "rosette.svg").write_bytes(other)
    assert verdicts(copied)[held.name] == ("fails", "The rosette next to it belongs to another credential.")


def test_a_rosette_with_one_more_byte_fails(site: Path, tmp_path: Path) -> None:
    copied, held, _ = spoiled(site, tmp_path)
    (held / "rosette.svg").write_bytes((held / "rosette.svg").read_bytes() + b"\n")
    assert verdicts(copied)[held.name][0] == "fails"


def test_a_missing_rosette_fails(site: Path, tmp_path: Path) -> None:
    copied, held, _ = spoiled(site, tmp_path)
    (held / "rosette.svg").unlink()
    assert verdicts(copied)[held.name] == ("fails", "rosette.svg is missing next to it.")


def test_another_picture_beside_a_withdrawn_credential_fails(site: Path, tmp_path: Path) -> None:
    copied, held, withdrawn = spoiled(site, tmp_path)
    shutil.copy(held / "rosette.svg", withdrawn / "rosette.svg")
    assert verdicts(copied)[withdrawn.name][0] == "fails"


@pytest.mark.parametrize("raw", [b"", b"[]", b'{"a": "\\ud800"}', b"{"])
def test_a_credential_that_cannot_be_read_has_no_rosette(raw: bytes, site: Path, tmp_path: Path) -> None:
    copied, held, _ = spoiled(site, tmp_path)
    (held / "credential.json").write_bytes(raw)
    assert verdicts(copied)[held.name][0] == "fails"
