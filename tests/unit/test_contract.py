"""The contract: generated files, their validity, and compatibility in both directions with every version."""

import copy
import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator

from schemas import CONTRACT_VERSION, headers
from schemas.article import RawArticle
from schemas.derived import EntityEvent, StatementEvent
from schemas.described import DEAD_LETTER_HEADERS, EVENT_TYPES, RAW_HEADERS, WITHDRAWAL_HEADERS, event_headers
from schemas.enriched import EnrichedArticle
from schemas.generate import FOLDER, generated
from schemas.reasons import Reason
from schemas.topics import TOPICS
from workers.nlp.document import Rejected
from workers.nlp.pipeline import Pipeline

FIXTURES = Path(__file__).parent / "fixtures"
VERSIONS = sorted(p for p in (FIXTURES / "contract").iterdir() if p.is_dir())
TYPES = {
    "raw-article": RawArticle,
    "enriched-article": EnrichedArticle,
    "statement-event": StatementEvent,
    "entity-event": EntityEvent,
}
SCHEMA_NAMES = [*TYPES, "dead-letter-headers"]

each_version = pytest.mark.parametrize("version", VERSIONS, ids=lambda p: p.name)
each_type = pytest.mark.parametrize("name", TYPES)
each_schema = pytest.mark.parametrize("name", SCHEMA_NAMES)


@cache
def schema(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


@cache
def asyncapi() -> dict[str, Any]:
    return yaml.safe_load((FOLDER / "asyncapi.yaml").read_text(encoding="utf-8"))


def fixture(version: Path, name: str) -> bytes:
    return (version / f"{name}.json").read_bytes()


# Generated files


@pytest.mark.parametrize("file", generated())
def test_committed_file_is_what_would_be_generated(file: str) -> None:
    assert (FOLDER / file).read_text(encoding="utf-8") == generated()[file], "run `make schemas`"


def test_nothing_else_that_looks_generated_is_committed() -> None:
    found = {p.name for p in FOLDER.iterdir() if p.suffix in {".json", ".yaml", ".yml"}}
    assert found == set(generated())


@each_schema
def test_schema_is_valid_2020_12(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@each_schema
def test_everything_is_described(name: str) -> None:
    """A consumer reads the schema alone: each type and each field that refers to none says what it is."""
    root = schema(name)
    for title, kind in {root["title"]: root, **root.get("$defs", {})}.items():
        assert kind["description"], title
        for field, value in kind["properties"].items():
            refers = "$ref" in json.dumps(value)
            assert value.get("description") or refers or field in {"kind", "span", "id"}, f"{title}.{field}"


# AsyncAPI


def test_asyncapi_is_valid() -> None:
    packed = (FIXTURES / "asyncapi" / "3.0.0-without-id.json.gz").read_bytes()
    specification = json.loads(gzip.decompress(packed))
    errors = list(Draft7Validator(specification).iter_errors(asyncapi()))
    assert not errors, errors[0]


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [r for v in node.values() for r in references(v)]
    return [r for v in node for r in references(v)] if isinstance(node, list) else []


def resolve(document: dict[str, Any], reference: str) -> Any:
    file, _, pointer = reference.partition("#")
    node = json.loads((FOLDER / file).read_text(encoding="utf-8")) if file else document
    for part in pointer.split("/")[1:]:
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return node


def test_every_reference_resolves() -> None:
    for document in (asyncapi(), *(schema(name) for name in SCHEMA_NAMES)):
        assert document
        for reference in references(document):
            assert resolve(document, reference), reference


def test_asyncapi_tells_the_topics_as_declared() -> None:
    channels = asyncapi()["channels"]
    assert list(channels) == [t.role for t in TOPICS]
    for topic in TOPICS:
        channel, kafka = channels[topic.role], channels[topic.role]["bindings"]["kafka"]
        assert channel["address"] == topic.name
        assert kafka["partitions"] == topic.partitions
        told = kafka["topicConfiguration"]
        assert {
            "cleanup.policy": ",".join(told["cleanup.policy"]),
            "retention.ms": str(told["retention.ms"]),
            "max.message.bytes": str(told["max.message.bytes"]),
        } == topic.config
        reference, *others = channel["messages"].values()
        assert others == ([] if topic.role == "dead" else [{"$ref": "#/components/messages/Withdrawal"}])
        message = resolve(asyncapi(), reference["$ref"])
        assert message["bindings"]["kafka"]["key"]["description"] == topic.key


def test_every_header_of_the_contract_is_described() -> None:
    named = {
        value
        for name, value in vars(headers).items()
        if name.isupper() and isinstance(value, str) and name not in {"JSON", "ERROR_PREFIX"}
    }
    described = {
        h.name
        for hs in (RAW_HEADERS, DEAD_LETTER_HEADERS, WITHDRAWAL_HEADERS, *map(event_headers, EVENT_TYPES))
        for h in hs
    }
    assert described == named


# Compatibility: FULL_TRANSITIVE


def test_this_version_has_its_fixtures() -> None:
    assert f"v{CONTRACT_VERSION}" in {v.name for v in VERSIONS}


@each_version
@each_type
def test_old_message_decodes_and_loses_nothing(version: Path, name: str) -> None:
    old = fixture(version, name)
    decoded = msgspec.json.decode(old, type=TYPES[name])
    again = msgspec.to_builtins(decoded)
    assert contains(again, json.loads(old), raw=name == "raw-article")


def contains(new: Any, old: Any, *, raw: bool) -> bool:
    """Whether `new` says all that `old` says; a raw article's type does not hold unknown fields."""
    if isinstance(old, dict):
        known = {k: v for k, v in old.items() if not raw or k in RawArticle.__struct_fields__}
        return all(k in new and contains(new[k], v, raw=False) for k, v in known.items())
    if isinstance(old, list):
        return len(new) == len(old) and all(contains(n, o, raw=False) for n, o in zip(new, old, strict=True))
    return bool(new == old)


@each_version
@each_schema
def test_old_message_satisfies_its_own_schema_and_todays(version: Path, name: str) -> None:
    message = json.loads(fixture(version, name))
    Draft202012Validator(schema(name, version / "schemas")).validate(message)
    Draft202012Validator(schema(name)).validate(message)


@each_version
@each_schema
def test_fields_were_only_added_and_with_defaults(version: Path, name: str) -> None:
    old, new = schema(name, version / "schemas"), schema(name)
    before = {old["title"]: old, **old.get("$defs", {})}
    after = {new["title"]: new, **new.get("$defs", {})}
    assert set(before) <= set(after), "a type went"
    for title, kind in before.items():
        told, tells = without_prose(kind), without_prose(after[title])
        assert set(told.get("required", [])) == set(tells.get("required", [])), f"{title}: required fields"
        for field, value in told["properties"].items():
            now = widened(tells["properties"].get(field), value, before, after)
            assert now == value, f"{title}.{field} changed"
        for field in set(tells["properties"]) - set(told["properties"]):
            assert name == "dead-letter-headers" or "default" in tells["properties"][field], (
                f"{title}.{field}"
            )


def widened(new: Any, old: Any, before: dict[str, Any], after: dict[str, Any]) -> Any:
    """`new`, where a reference to a type that only adds optional fields counts as the old one's."""
    if isinstance(new, dict) and isinstance(old, dict):
        told, tells = (str(node.get("$ref", "")).rpartition("/")[2] for node in (old, new))
        if told != tells and told in before and tells in after:
            was, now = without_prose(before[told]), without_prose(after[tells])
            more = now["properties"].keys() - was["properties"].keys()
            same = {field: now["properties"][field] for field in was["properties"]} == was["properties"]
            only_adds = same and all("default" in now["properties"][field] for field in more)
            return old if only_adds and now.get("required") == was.get("required") else new
        return {k: widened(v, old.get(k), before, after) for k, v in new.items()}
    if isinstance(new, list) and isinstance(old, list) and len(new) == len(old):
        return [widened(n, o, before, after) for n, o in zip(new, old, strict=True)]
    return new


def without_prose(node: Any) -> Any:
    """A schema without titles and descriptions (properties of those names stay)."""
    if isinstance(node, dict):
        kept = {k: v for k, v in node.items() if k not in {"title", "description"} or isinstance(v, dict)}
        return {k: without_prose(v) for k, v in kept.items()}
    return [without_prose(v) for v in node] if isinstance(node, list) else node


@each_version
@each_type
def test_a_reader_of_today_ignores_fields_of_tomorrow(version: Path, name: str) -> None:
    message = json.loads(fixture(version, name))
    today = msgspec.json.decode(msgspec.json.encode(message), type=TYPES[name])
    tomorrow = with_more_fields(message)
    assert tomorrow != message
    Draft202012Validator(schema(name)).validate(tomorrow)
    decoded = msgspec.json.decode(msgspec.json.encode(tomorrow), type=TYPES[name])
    if isinstance(decoded, EnrichedArticle):  # the raw article inside keeps what it does not know
        assert decoded.article["field_of_tomorrow"] == [1]
        decoded = msgspec.structs.replace(decoded, article=message["article"])
    assert decoded == today


def with_more_fields(node: Any) -> Any:
    if isinstance(node, dict):
        more = {k: v if k == "models" else with_more_fields(v) for k, v in copy.deepcopy(node).items()}
        return more | {"field_of_tomorrow": [1]}
    return [with_more_fields(v) for v in node] if isinstance(node, list) else node


# What the raw article's schema says beyond the types


def pipeline_takes(pipeline: Pipeline, article: dict[str, Any]) -> bool:
    try:
        pipeline.enrich(article)
    except Rejected as rejected:
        return rejected.reason is not Reason.SCHEMA
    return True


def test_an_integer_id_is_taken_as_its_decimal_text(pipeline: Pipeline) -> None:
    text, number = (pipeline.enrich({"body": "شهردار گفت: راه باز است.", "id": i}) for i in ("7", 7))
    assert number.article["id"] == "7"
    assert number.statements == text.statements


@pytest.mark.parametrize(
    ("article", "valid"),
    [
        ({"body": "متن", "id": "1"}, True),
        ({"body": "متن", "url": "https://a.example/1", "tags": ["الف"], "published": 1536741000}, True),
        ({"body": "متن"}, False),
        ({"body": "متن", "id": None}, False),
        ({"body": "متن", "id": "", "url": None}, False),
        ({"id": "1", "title": "بی‌متن"}, False),
        ({"body": 7, "id": "1"}, False),
        ({"body": "متن", "id": True}, False),
    ],
)
def test_raw_article_schema_agrees_with_the_worker(
    article: dict[str, Any], valid: bool, pipeline: Pipeline
) -> None:
    assert Draft202012Validator(schema("raw-article")).is_valid(article) is valid
    assert pipeline_takes(pipeline, article) is valid
