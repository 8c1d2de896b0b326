"""The browser's eddsa-rdfc-2022: the same vectors as credentials/securing/rdfc.py, the same N-Quads, the same refusals in the same words."""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.credentials.securing.contexts import CONTEXTS
from site_builder.credentials.securing.rdfc import CanonicalizationError, canonicalize_nquads, canonicalize_rdf
from site_builder.encoding import EncodingError, parse_json
from tests import test_canonical as python
from tests.sampling import examples
from tests.test_proof import WORKED, Worked
from tests.test_verifiers_agree import VERIFICATION, Json, Node, as_base64, running_node
from tests.vector_files import VECTOR_CONTEXTS, VECTORS, read_json_vector, read_vector

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js 20")

RDFC_BUNDLE = VERIFICATION / "browser" / "dist" / "rdfc.js"


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with running_node() as running:
        yield running


def in_node(document: Any, node: Node, *, contexts: Mapping[str, Any] = CONTEXTS) -> Json:
    raw = json.dumps(document).encode("ascii")
    return node.ask({"rdf": as_base64(raw), "contexts": dict(contexts)})


def in_python(document: Json, *, contexts: Mapping[str, Any] = CONTEXTS) -> Json:
    try:
        read = parse_json(json.dumps(document).encode("ascii"))
        return {"ok": canonicalize_rdf(read, contexts=contexts).decode("utf-8"), "reason": ""}
    except (CanonicalizationError, EncodingError) as error:
        return {"ok": None, "reason": str(error)}


def agreed(document: Json, node: Node, *, contexts: Mapping[str, Any] = CONTEXTS) -> Json:
    expected = in_python(document, contexts=contexts)
    assert in_node(document, node, contexts=contexts) == expected
    return expected


# -- the specifications' vectors -------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", python.EVALUATED, ids=lambda entry: entry["id"])
def test_w3c_evaluation_test_is_met_byte_for_byte(entry: Json, node: Node) -> None:
    expected = (VECTORS / "rdfc10" / entry["result"]).read_text("utf-8")
    assert node.ask({"nquads": read_vector(f"rdfc10/{entry['action']}")}) == {"ok": expected, "reason": ""}


@pytest.mark.parametrize("graph", python.POISON.values(), ids=python.POISON.keys())
def test_poison_graph_is_refused_in_the_same_words(graph: str, node: Node) -> None:
    with pytest.raises(CanonicalizationError, match="poison graph") as refused:
        canonicalize_nquads(graph)
    assert node.ask({"nquads": graph}) == {"ok": None, "reason": str(refused.value)}


def test_graph_that_is_only_somewhat_alike_is_put_into_the_same_order(node: Node) -> None:
    graph = "".join(python.clique(5, name) for name in "abcd")
    assert node.ask({"nquads": graph}) == {"ok": canonicalize_nquads(graph).decode(), "reason": ""}


@pytest.mark.parametrize(
    "worked", [worked for worked in WORKED if "rdfc" in worked.folder], ids=lambda worked: worked.folder
)
def test_the_w3c_s_worked_example_is_met(worked: Worked, node: Node) -> None:
    document = read_json_vector(f"vc-di-eddsa/{worked.unsigned}")
    assert agreed(document, node, contexts=VECTOR_CONTEXTS)["ok"] == worked.text("canonDoc")
    assert agreed(worked.json("proofConfig"), node, contexts=VECTOR_CONTEXTS)["ok"] == worked.text("proofCanon")


@pytest.mark.parametrize("name", ["obv3p0", "clrv2p0"])
def test_the_implementation_guide_s_example_is_met(name: str, node: Node) -> None:
    found = agreed(read_json_vector(f"ob3-impl-guide/{name}/unsigned.json"), node, contexts=VECTOR_CONTEXTS)["ok"]
    assert found.rstrip("\n") == read_vector(f"ob3-impl-guide/{name}/document-canon.txt").rstrip("\n")


# -- claims that nothing would sign ----------------------------------------------------------------------------------


@pytest.mark.parametrize("document", python.SHAPES.values(), ids=python.SHAPES.keys())
def test_both_sign_the_same_of_a_credential(document: Json, node: Node) -> None:
    assert agreed(document, node)["ok"]


# jsonld.js keeps its own tables in plain objects, so these could be found where nothing was defined.
INHERITED = {name: (name, "Ada") for name in ("__proto__", "constructor", "toString", "hasOwnProperty", "valueOf")}


@pytest.mark.parametrize("where", [(), ("issuer",), python.ACHIEVEMENT], ids=str)
@pytest.mark.parametrize(
    ("key", "value"), (python.ON_AN_OBJECT | INHERITED).values(), ids=(python.ON_AN_OBJECT | INHERITED).keys()
)
def test_property_that_nothing_would_sign_is_refused_in_the_same_words(
    key: str, value: Any, where: python.Path, node: Node
) -> None:
    document = python.demo()
    python.put(*where, key, value)(document)
    assert agreed(document, node)["reason"]


@pytest.mark.parametrize("change", python.AT_A_PLACE.values(), ids=python.AT_A_PLACE.keys())
def test_claims_that_nothing_would_sign_are_refused_in_the_same_words(
    change: Callable[[Json], None], node: Node
) -> None:
    document = python.demo()
    change(document)
    assert agreed(document, node)["reason"]


@pytest.mark.parametrize("name", ["__proto__", "constructor", "toString", "hasOwnProperty"])
def test_type_or_id_that_every_object_inherits_is_none(name: str, node: Node) -> None:
    for place in (("issuer", "type", ["Profile", name]), ("issuer", "id", name), (*python.ACHIEVEMENT, "type", [name])):
        document = python.demo()
        python.put(*place)(document)
        assert agreed(document, node)["reason"]


def test_text_may_say_what_it_likes(node: Node) -> None:
    for text in ("__proto__", "constructor", "_:b0", "@id", "\u2028\u0080", '\\ " \n\r\t', "\U0001f9d1 \uffff"):
        assert agreed(python.demo() | {"name": text}, node)["ok"]


def test_language_and_direction_are_signed_alike(node: Node) -> None:
    for words in ({"@language": "de-CH"}, {"@direction": "rtl"}, {"@language": "he", "@direction": "rtl"}):
        assert agreed(python.demo() | {"name": {"@value": "a", **words}}, node)["ok"]


@pytest.mark.parametrize("number", [0, -0.0, 8, 8.0, 1.5, -2.25, 1e20, 1e21, 1.5e300, 1e-6, 9007199254740991, 1e-5])
def test_number_is_written_alike(number: float, node: Node) -> None:
    document = python.demo()
    python.put(*python.ACHIEVEMENT, "creditsAvailable", number)(document)
    agreed(document, node)


def test_unknown_context_is_named_and_nothing_is_fetched(node: Node) -> None:
    url = "https://example.org/context.json"
    document = python.demo()
    document["@context"].append(url)
    assert url in agreed(document, node)["reason"]


@settings(max_examples=examples(100), derandomize=True, deadline=None)
@given(place=st.sampled_from(list(python.objects(python.SHAPES["the first"]))), key=python.KEYS, value=python.VALUES)
def test_property_both_sign_or_refuse_whatever_is_added(place: python.Path, key: str, value: Any, node: Node) -> None:
    document = copy.deepcopy(python.SHAPES["the first"])
    python.at(document, place)[key] = value
    assert in_node(document, node)["ok"] == in_python(document)["ok"]


# -- the bundle ------------------------------------------------------------------------------------------------------


def test_bundle_makes_no_code_of_text_and_asks_for_nothing() -> None:
    text = RDFC_BUNDLE.read_text("ascii")
    assert not re.search(
        r"\beval\b|\bFunction\(|new Function|\bfetch\(|XMLHttpRequest|import\(|innerHTML|document\.", text
    )


def test_licences_of_the_libraries_are_shipped_with_the_bundle() -> None:
    text = RDFC_BUNDLE.with_name("rdfc.LICENSES.txt").read_text("utf-8")
    for line in ("jsonld 9.0.0", "rdf-canonize 5.0.0", "Redistributions in binary form", "The ISC License"):
        assert line in text
