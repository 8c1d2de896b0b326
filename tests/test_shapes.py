"""Compiled shapes: the same canonical form and the same refusals as the full algorithm and as pyoxigraph, for every document."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from site_builder.credentials.securing import rdfc, second_opinion
from site_builder.credentials.securing.contexts import CONTEXTS, ROWS
from site_builder.credentials.securing.data_integrity import ProofError, add_proof_set, verify_proof, without_proof
from site_builder.credentials.securing.rdfc import CanonicalizationError, canonicalize_rdf
from site_builder.credentials.securing.second_opinion import DifferentFormError, Sample, compare_with_second
from site_builder.credentials.securing.shape_store import ShapeStore
from site_builder.credentials.securing.shapes import STEERING
from site_builder.encoding import EncodingError, only_slow_roads, parse_json
from tests import test_canonical as canonical
from tests.full_shape import FULL_SHAPE
from tests.sampling import IS_LONG, sampled
from tests.support import NOW, fake_key
from tests.vector_files import DEMO_CREDENTIALS, VECTORS

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch) -> ShapeStore:
    """Shapes of this test alone."""
    own = ShapeStore()
    monkeypatch.setattr(rdfc, "_SHAPES", own)
    return own


def outcome(document: Any) -> bytes | str:
    """The canonical form, or the sentence that refuses it."""
    try:
        return canonicalize_rdf(document)
    except CanonicalizationError as error:
        return str(error)


def full_outcome(document: Any) -> bytes | str:
    with only_slow_roads():
        return outcome(document)


# -- the same answers ------------------------------------------------------------------------------------------------


def test_every_credential_of_the_demo_has_the_same_form_on_both_roads(store: ShapeStore) -> None:
    documents = [without_proof(json.loads(file.read_bytes())) for file in sampled(DEMO_CREDENTIALS, every=12)]
    for document in documents:
        assert [outcome(document) for _ in range(3)] == [full_outcome(document)] * 3
    assert store.answers >= len(documents)


# Quotation marks, escapes, line ends, %, what JSON-LD and N-Quads write themselves, other scripts, and what sorts in two ways.
TEXTS = [
    *(
        "Ada",
        "Grace Hopper",
        "a",
        "",
        " ",
        '"',
        '\\"',
        "\\",
        "\\\\n",
        "line\nline",
        "tab\tcr\r",
        "100 %",
        "%s %b %(a)s",
        "{x}",
    ),
    *(
        "_:c14n0",
        "_:b0",
        "<https://a.example/>",
        '" .\n<urn:a:b>',
        "@type",
        "https://a.example/ b",
        "Köln",
        "日本",
        "قشر",
        "\u2028\ufeff",
    ),
    *("\x00", "\x08", "\x7f", "\U0001f600", "\uff21", "mark5e1f0a7c1m", "true", "5", "null", "😀 \ufffd"),
]
OPTIONAL = [
    "description",
    "image",
    "evidence",
    "validUntil",
    "awardedDate",
    "result",
    "identifier",
    "source",
    "alignment",
    "tag",
    "related",
]
OPTIONAL += [
    "resultDescription",
    "otherIdentifier",
    "endorsement",
    "address",
    "parentOrg",
    "narrative",
    "name",
    "credentialStatus",
]


def of_shape(shape: int) -> Json:
    """A credential with some of the optional fields, lists of some lengths, and some numbers: always the same for a number."""
    chance = random.Random(shape)

    def changed(value: Any) -> Any:
        if isinstance(value, dict):
            kept = {key: inner for key, inner in value.items() if key not in OPTIONAL or chance.random() < 0.5}
            return {key: changed(inner) for key, inner in chance.sample(list(kept.items()), len(kept))}
        if isinstance(value, list):
            times = chance.choice([1, 1, 1, 2, 3]) if all(isinstance(inner, dict) for inner in value) else 1
            return [changed(inner) for inner in value * times]
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value
        return chance.choice([value, 0, 7, 2.5, 100, 1e21])

    document = changed(FULL_SHAPE)
    if chance.random() < 0.2:
        document["credentialSubject"] = [document["credentialSubject"], changed(FULL_SHAPE["credentialSubject"])]
    return document  # type: ignore[no-any-return]


def with_values(document: Json, chance: random.Random) -> Json:
    """The document with other texts and addresses; in some, addresses coincide, or are none."""
    few = chance.random() < 0.15
    odd = chance.random() < 0.2

    def address() -> str:
        if odd and chance.random() < 0.05:
            return chance.choice(
                [
                    "urn:x:ü",
                    "x",
                    "_:b1",
                    "ftp://a.example/",
                    "https://a.example/a b",
                    "https://a.example/ https://b.example/",
                    "type:x",
                    "https://www.w3.org/ns/i18n#",
                ]
            )
        scheme = chance.choice(["https://a.example/", "did:web:a.example", "urn:uuid:", "http://b.example/?q=%20#"])
        return f"{scheme}{chance.randrange(9 if few else 10**9)}"

    def changed(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: changed(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [changed(inner, key) for inner in value]
        if not isinstance(value, str) or key in STEERING:
            return value
        if value.startswith(("https:", "did:", "urn:")):
            return address()
        texts = TEXTS if odd else TEXTS[:24]
        return (
            chance.choice(texts) if chance.random() < 0.2 else f"{chance.choice(TEXTS[:24])} {chance.randrange(10**9)}"
        )

    return changed(document)  # type: ignore[no-any-return]


def test_random_credentials_have_one_form_in_pyld_in_pyoxigraph_and_in_shapes(store: ShapeStore) -> None:
    count, shapes = (5_000, 250) if IS_LONG else (72, 6)
    accepted = 0
    for number in range(count):
        # One shape after the other: there are more of them in a long run than are kept.
        document = with_values(of_shape(number // (count // shapes)), random.Random(number))
        expected = full_outcome(document)
        assert outcome(document) == expected, number
        if isinstance(expected, bytes):
            accepted += 1
            if IS_LONG or number % 6 == 0:
                compare_with_second(document, expected)
    assert accepted > count / 2
    assert store.answers > accepted / 2


def hostile_changes() -> Iterator[tuple[str, Callable[[Json], None]]]:
    yield from canonical.AT_A_PLACE.items()
    for name, (key, value) in canonical.ON_AN_OBJECT.items():
        yield name, canonical.put("issuer", key, value)


def test_what_is_refused_is_refused_in_the_same_words_when_its_shape_is_known() -> None:
    original = canonical.demo()
    assert len({outcome(original) for _ in range(3)}) == 1
    for name, change in sampled(list(hostile_changes()), every=2):
        document = copy.deepcopy(original)
        change(document)
        expected = full_outcome(document)
        assert isinstance(expected, str), name
        assert outcome(document) == expected, name


def test_no_value_of_a_leaf_makes_a_difference_between_the_roads() -> None:
    original = canonical.demo()
    assert len({outcome(original) for _ in range(3)}) == 1
    cases = [(path, other) for path, value in canonical.leaves(original) for other in canonical.other_values(value)]
    ids = [inner for path, inner in canonical.leaves(original) if path[-1] == "id"]
    cases += [(path, other) for path, value in canonical.leaves(original) if path[-1] == "id" for other in ids]
    for path, other in sampled(cases, every=17):
        document = copy.deepcopy(original)
        canonical.at(document, path[:-1])[path[-1]] = other
        assert outcome(document) == full_outcome(document), (path, other)


def test_vectors_of_others_have_the_same_form_on_both_roads() -> None:
    files = [
        file
        for folder in ("verification", "others", "issued-elsewhere")
        for file in sorted((VECTORS / folder).rglob("*.json"))
    ]
    seen = 0
    for file in sampled(files, every=12):
        try:
            document = parse_json(file.read_bytes())
        except EncodingError:
            continue
        if isinstance(document, dict) and "@context" in document:
            seen += 1
            document = without_proof(document)
            assert [outcome(document) for _ in range(3)] == [full_outcome(document)] * 3, file.name
    assert seen


# -- the cases in which a shape does not serve -----------------------------------------------------------------------


def known(document: Json) -> Json:
    """The document, its shape known."""
    for _ in range(2):
        assert isinstance(outcome(document), bytes)
    return document


def test_claims_cannot_move_into_a_part_that_takes_the_id_of_the_whole() -> None:
    document = known(canonical.demo())
    document["credentialSubject"]["achievement"]["id"] = document["id"]
    assert outcome(document) == "a part of this document has the id of the whole"


def test_two_parts_that_take_one_id_are_one_thing(store: ShapeStore) -> None:
    document = known(canonical.demo())
    before = store.answers
    document["credentialSubject"]["achievement"]["criteria"]["id"] = document["issuer"]["id"]
    assert outcome(document) == full_outcome(document)
    assert store.answers == before


@pytest.mark.parametrize(
    "odd",
    ["https://a.example/ https://b.example/", "did:a:b did:a:c", "https://a.example/ ", " https://a.example/", ""],
)
def test_two_addresses_in_the_place_of_one_are_none(odd: str) -> None:
    document = known(canonical.demo())
    document["credentialSubject"]["achievement"]["criteria"]["id"] = odd
    expected = full_outcome(document)
    assert isinstance(expected, str)
    assert outcome(document) == expected


def test_a_text_that_is_said_twice_is_signed_once(store: ShapeStore) -> None:
    document = canonical.demo()
    document["credentialSubject"]["achievement"]["tag"] = ["one", "two"]
    known(document)
    before = store.answers
    document["credentialSubject"]["achievement"]["tag"] = ["one", "one"]
    assert outcome(document) == full_outcome(document)
    assert store.answers == before


def test_parts_that_cannot_be_told_apart_take_the_full_algorithm(store: ShapeStore) -> None:
    document = canonical.demo()
    document["evidence"] = [{"type": ["Evidence"], "name": "a"}, {"type": ["Evidence"], "name": "b"}]
    known(document)
    before = store.answers
    document["evidence"][1]["name"] = "a"
    assert outcome(document) == full_outcome(document)
    assert store.answers == before


def test_a_value_that_is_no_json_takes_the_full_algorithm(store: ShapeStore) -> None:
    document = known(canonical.demo())
    before = store.answers
    document["credentialSubject"]["achievement"]["tag"] = tuple(document["credentialSubject"]["achievement"]["tag"])
    assert outcome(document) == full_outcome(document)
    assert store.answers == before


def test_shapes_of_strangers_are_few_and_cost_little(store: ShapeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[Any] = []
    monkeypatch.setattr(rdfc, "compile_shape", lambda flat, **_: compiled.append(flat))
    minimal = {"@context": FULL_SHAPE["@context"], "id": "urn:a:b", "type": ["VerifiableCredential"]}
    for number in range(130):
        document = minimal | {"credentialStatus": {"type": "BitstringStatusListEntry", "statusSize": number}}
        for _ in range(1 if number % 2 else 3):
            assert isinstance(outcome(document), bytes)
    # One time each is never enough, and so many that nobody asks for again are no more compiled.
    assert len(compiled) == 65
    assert len(store.shapes) == 128


def test_addresses_of_the_fast_road_are_taken_as_they_are_by_every_context() -> None:
    terms: set[str] = set()
    steering: set[str] = {"@context", "@language", "@direction"}

    def look(context: Any) -> None:
        for entry in context if isinstance(context, list) else [context]:
            for term, meaning in entry.items() if isinstance(entry, dict) else ():
                terms.add(term)
                inner = meaning if isinstance(meaning, dict) else {"@id": meaning}
                if inner.get("@id") == "@type" or inner.get("@type") == "@vocab":
                    steering.add(term)
                look(inner.get("@context", []))

    for row in ROWS:
        look(CONTEXTS[row.url]["@context"])
    assert len(terms) > 150
    assert terms.isdisjoint({"https", "http", "did", "urn", "mailto"})
    assert not any(":" in term for term in terms)
    assert steering == STEERING


# -- the second implementation ---------------------------------------------------------------------------------------


def test_the_first_document_of_each_shape_is_compared_and_then_one_of_many() -> None:
    sample = Sample()
    wanted = [sample.wants("a" if number % 2 else "b") for number in range(1, 501)]
    assert [number for number, is_wanted in enumerate(wanted, 1) if is_wanted] == [1, 2, 250, 500]


def test_nothing_is_signed_on_which_the_two_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("site_builder.credentials.securing.data_integrity._SAMPLE", Sample())
    monkeypatch.setattr(second_opinion, "_second_form", lambda document: b"")
    with pytest.raises(DifferentFormError, match="two programs give this document different canonical forms"):
        add_proof_set(
            canonical.demo(), signing_key=fake_key(), verification_method="did:web:a.example#key-1", created=NOW
        )


def test_a_form_of_other_values_is_noticed() -> None:
    document = canonical.demo()
    form = canonicalize_rdf(document)
    compare_with_second(document, form)
    with pytest.raises(DifferentFormError):
        compare_with_second(document | {"name": "Another"}, form)


def test_proofs_made_on_one_road_hold_on_the_other() -> None:
    def signed() -> Json:
        return add_proof_set(
            canonical.demo(), signing_key=fake_key(), verification_method="did:web:a.example#key-1", created=NOW
        )

    def check(document: Json) -> None:
        for proof in document["proof"]:
            verify_proof(document, proof, public_key=fake_key().public_key())

    fast = [signed() for _ in range(3)]
    with only_slow_roads():
        slow = signed()
        check(fast[2])
    assert fast == [slow] * 3
    check(slow)
    for road in (check, lambda document: only_slow_roads()(check)(document)):
        with pytest.raises(ProofError, match="something was changed after signing"):
            road(slow | {"name": "Another"})
