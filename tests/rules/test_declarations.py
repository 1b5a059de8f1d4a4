"""Definitions: what is accepted, what it comes to mean, and everything that is wrong told at once."""

import copy
import json
import time

import pytest
from hypothesis import given, settings

from graph.declarations.definition import WorkflowDefinition
from graph.declarations.parse import load_definition, parse_definition
from graph.errors import InvalidInput
from tests.rules.strategies import ANYTHING

REPORT = {
    "slug": "directory-insights-report",
    "version": 3,
    "triggers": [{"type": "manual"}],
    "steps": [
        {"id": "scan", "jobSlug": "scan-directory", "timeoutMs": 5_000, "retryPolicy": {"maxAttempts": 2}},
        {
            "id": "report",
            "name": "Write the report",
            "type": "service",
            "dependsOn": ["scan", "scan"],
            "consumes": [{"assetId": "Directory.Scan"}],
            "produces": [
                {
                    "assetId": "directory.insights.Report",
                    "schema": {"type": "object", "required": ["outputDir"]},
                    "freshness": {"ttlMs": 60_000},
                    "autoMaterialize": {"onUpstreamUpdate": True, "priority": None},
                    "partitioning": {"type": "static", "keys": ["eu", "us"]},
                    "description": "charts\nand tables",
                    "owner": "insights",
                    "tags": ["gold"],
                    "importance": "high",
                    "colour": "blue",
                }
            ],
        },
    ],
}


def workflow(*steps: object, **keys: object) -> dict:
    return {"slug": "w", "steps": list(steps), **keys}


def producing(**asset: object) -> dict:
    return workflow({"id": "s", "produces": [{"assetId": "a", **asset}]})


def problems(document: object, slug: str | None = None) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        parse_definition(document, slug=slug)  # type: ignore[arg-type]
    details = refused.value.details
    assert details is not None
    first = details["errors"][0]
    assert (refused.value.code, details["field"]) == (first["code"], first["field"])
    assert refused.value.message.startswith(first["message"])
    json.dumps(details).encode()
    return [(error["field"], error["code"]) for error in details["errors"]]


def test_a_definition_is_read_with_its_defaults_and_kept_as_sent():
    sent = copy.deepcopy(REPORT)
    definition, warnings = parse_definition(sent)
    assert sent == REPORT
    assert definition.document == REPORT
    assert warnings == ()
    assert (definition.key, definition.name, definition.version) == (definition.slug, definition.slug, 3)
    assert (definition.description, definition.on_invalid_payload) == (None, "record")
    scan, report = definition.steps
    assert (scan.name, scan.type, scan.depends_on, scan.produces) == ("scan", "job", (), ())
    assert (report.name, report.type, report.depends_on) == ("Write the report", "service", ("scan",))
    assert report.consumes[0].as_document() == {}
    assert report.consumed("directory.scan") is report.consumes[0]
    assert report.produced("directory.scan") is None
    asset = report.produced("directory.insights.report")
    assert asset is not None
    sent_asset = REPORT["steps"][1]["produces"][0]
    assert {"assetId": asset.asset_id, "colour": "blue", **asset.as_document()} == sent_asset
    assert definition.step("report") is report
    assert definition.step("Report") is None


def test_a_stored_definition_reads_the_same():
    assert load_definition(REPORT) == parse_definition(REPORT).definition
    assert hash(load_definition(REPORT)) == hash(parse_definition(REPORT).definition)
    without = {name: value for name, value in REPORT.items() if name != "slug"}
    assert load_definition(without, slug="Directory-Insights-Report").key == "directory-insights-report"


def test_the_path_may_name_the_workflow():
    assert parse_definition({"steps": [{"id": "a"}]}, slug="My-Flow").definition.slug == "my-flow"
    assert parse_definition(workflow({"id": "a"}), slug="W").definition.slug == "w"
    assert problems(workflow({"id": "a"}), slug="v") == [("slug", "slug_mismatch")]
    assert problems({"slug": "W", "steps": [{"id": "a"}]}, slug="W") == [("slug", "invalid_slug")]
    assert problems({"steps": [{"id": "a"}]}) == [("slug", "invalid_definition")]


def test_nulls_are_as_good_as_nothing():
    asset = dict.fromkeys(("schema", "freshness", "autoMaterialize", "partitioning", "owner", "tags", "importance"))
    step: dict = {"id": "s", "name": None, "type": None, "dependsOn": None, "consumes": None}
    step["produces"] = [{"assetId": "a", **asset}]
    document = workflow(step, name=None, version=None, description=None)
    assert parse_definition(document).definition.steps[0].produces[0].as_document() == {}


@pytest.mark.parametrize(
    ("schema", "freshness", "meant"),
    [
        ({"ttlMs": 5, "type": "object"}, None, {"ttlMs": 5}),
        ({"freshness": {"cadenceMs": 7}, "ttlMs": 5}, None, {"cadenceMs": 7}),
        ({"ttlMs": 5}, {"maxAgeMs": 9}, {"maxAgeMs": 9}),
        ({"properties": {"ttlMs": {"type": "integer"}}}, None, None),
    ],
)
def test_freshness_may_stand_inside_the_schema(schema, freshness, meant):
    declared = parse_definition(producing(schema=schema, freshness=freshness)).definition.steps[0].produces[0]
    assert declared.schema == schema
    assert declared.as_document().get("freshness") == meant


@pytest.mark.parametrize("side", ["produces", "consumes"])
def test_assets_named_twice_are_folded_to_the_first(side):
    step = {
        "id": "s",
        side: [{"assetId": "Abc", "owner": "x"}, {"assetId": "b"}, {"assetId": "aBC", "owner": "y"}],
    }
    definition, warnings = parse_definition(workflow(step))
    kept = getattr(definition.steps[0], side)
    assert [(asset.asset_id, asset.owner) for asset in kept] == [("Abc", "x"), ("b", None)]
    assert [(warning.field, warning.code) for warning in warnings] == [(f"steps[0].{side}[2]", "duplicate_asset")]


def test_every_problem_is_told_at_once():
    document = workflow(
        {
            "id": "a",
            "dependsOn": ["b", "zz"],
            "produces": [{"assetId": "#"}, {"assetId": "x", "schema": {"type": 5}}],
        },
        {"id": "b", "dependsOn": ["a"], "type": "cron"},
        {"id": "a"},
        version="1",
    )
    assert problems(document) == [
        ("version", "invalid_definition"),
        ("steps[0].produces[0].assetId", "invalid_asset_id"),
        ("steps[1].type", "invalid_definition"),
        ("steps[2].id", "duplicate_step"),
        ("steps[0].dependsOn[1]", "missing_dependency"),
        ("steps[0].dependsOn", "cycle_detected"),
        ("steps[0].produces[1].schema.type", "invalid_schema"),
    ]


def test_a_cycle_is_named():
    chain = [{"id": name, "dependsOn": [needs]} for name, needs in (("a", "b"), ("b", "c"), ("c", "a"))]
    with pytest.raises(InvalidInput, match=r"'(a' → 'b' → 'c' → 'a|b' → 'c' → 'a' → 'b|c' → 'a' → 'b' → 'c)'"):
        parse_definition(workflow({"id": "z", "dependsOn": ["a"]}, *chain))
    assert problems(workflow({"id": "a", "dependsOn": ["a"]})) == [("steps[0].dependsOn", "cycle_detected")]
    diamond = [{"id": "c", "dependsOn": ["b", "a"]}, {"id": "b", "dependsOn": ["a"]}, {"id": "a"}]
    assert len(parse_definition(workflow(*diamond)).definition.steps) == 3


BAD_ASSETS = [
    ({"assetId": ".a"}, "assetId", "invalid_asset_id"),
    ({"assetId": "a" * 201}, "assetId", "invalid_asset_id"),
    ({"assetId": "a\n"}, "assetId", "invalid_asset_id"),
    ({"assetId": None}, "assetId", "invalid_definition"),
    ({"schema": True}, "schema", "invalid_definition"),
    ({"schema": {"$ref": "http://x/y"}}, "schema.$ref", "remote_reference"),
    ({"schema": {"ttlMs": "5"}}, "schema.ttlMs", "invalid_definition"),
    ({"schema": {"freshness": {"ttlMs": 0}}}, "schema.freshness.ttlMs", "invalid_definition"),
    ({"freshness": {}}, "freshness", "empty_freshness"),
    ({"freshness": {"ttlMs": None}}, "freshness", "empty_freshness"),
    ({"freshness": {"ttlMs": 5.0}}, "freshness.ttlMs", "invalid_definition"),
    ({"freshness": {"cadenceMs": True}}, "freshness.cadenceMs", "invalid_definition"),
    ({"freshness": {"maxAgeMs": 31_536_000_001}}, "freshness.maxAgeMs", "invalid_definition"),
    ({"freshness": 5}, "freshness", "invalid_definition"),
    ({"autoMaterialize": {}}, "autoMaterialize", "empty_auto_materialize"),
    ({"autoMaterialize": {"enabled": "yes"}}, "autoMaterialize.enabled", "invalid_definition"),
    ({"autoMaterialize": {"priority": 1_000_001}}, "autoMaterialize.priority", "invalid_definition"),
    ({"partitioning": {"type": "daily"}}, "partitioning", "invalid_definition"),
    ({"partitioning": {"keys": ["a"]}}, "partitioning", "invalid_definition"),
    ({"partitioning": {"type": "static", "keys": []}}, "partitioning.keys", "invalid_definition"),
    ({"partitioning": {"type": "static", "keys": ["a", " "]}}, "partitioning.keys[1]", "blank_text"),
    ({"partitioning": {"type": "static", "keys": ["k"] * 501}}, "partitioning.keys", "invalid_definition"),
    ({"partitioning": {"type": "timeWindow"}}, "partitioning.granularity", "invalid_definition"),
    (
        {"partitioning": {"type": "timeWindow", "granularity": "day", "timezone": "localtime"}},
        "partitioning.timezone",
        "unknown_timezone",
    ),
    (
        {"partitioning": {"type": "timeWindow", "granularity": "day", "format": "YYYY"}},
        "partitioning.format",
        "invalid_format",
    ),
    (
        {"partitioning": {"type": "timeWindow", "granularity": "day", "lookbackWindows": 10_001}},
        "partitioning.lookbackWindows",
        "invalid_definition",
    ),
    ({"partitioning": {"type": "dynamic", "maxKeys": 100_001}}, "partitioning.maxKeys", "invalid_definition"),
    (
        {"partitioning": {"type": "dynamic", "retentionDays": 0}},
        "partitioning.retentionDays",
        "invalid_definition",
    ),
    ({"owner": "a\x00"}, "owner", "control_character"),
    ({"description": "\x1b"}, "description", "control_character"),
    ({"tags": ["a"] * 51}, "tags", "invalid_definition"),
    ({"importance": "urgent"}, "importance", "invalid_definition"),
]


@pytest.mark.parametrize(("asset", "field", "code"), BAD_ASSETS)
def test_one_wrong_thing_about_an_asset_is_one_problem(asset, field, code):
    assert problems(producing(**asset)) == [(f"steps[0].produces[0].{field}", code)]


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ([], ""),
        (workflow(), "steps"),
        (workflow(*({"id": str(i)} for i in range(101))), "steps"),
        (workflow(5), "steps[0]"),
        (workflow({"id": ""}), "steps[0].id"),
        (workflow({"id": "a"}, version=0), "version"),
        (workflow({"id": "a"}, version=1.0), "version"),
        (workflow({"id": "a"}, version=True), "version"),
        (workflow({"id": "a"}, name="x" * 201), "name"),
        (workflow({"id": "a"}, onInvalidPayload="ignore"), "onInvalidPayload"),
        (workflow({"id": "a", "dependsOn": ["a"] * 26}), "steps[0].dependsOn"),
        (workflow({"id": "a", "produces": {"assetId": "a"}}), "steps[0].produces"),
        (workflow({"id": "a", "produces": [{"assetId": f"a{i}"} for i in range(51)]}), "steps[0].produces"),
        (workflow({"id": "a", "consumes": ["a"]}), "steps[0].consumes[0]"),
        (workflow({"id": "a\ud800"}), "steps[0].id"),
    ],
)
def test_one_wrong_thing_about_a_workflow(document, field):
    assert problems(document)[0] == (field, "invalid_definition")


def test_a_flood_of_problems_is_cut():
    steps = [{"id": str(i), "produces": [{"assetId": "#"}] * 50} for i in range(100)]
    assert len(problems(workflow(*steps))) == 100
    started = time.monotonic()
    problems(workflow({"id": "a", "dependsOn": [5] * 1_000_000}))
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"])
def test_iana_zones_are_known(zone):
    partitioning = {"type": "timeWindow", "granularity": "hour", "timezone": zone}
    assert parse_definition(producing(partitioning=partitioning)).warnings == ()


def outcome(document: object) -> WorkflowDefinition | InvalidInput:
    try:
        return parse_definition(document, slug="w").definition  # type: ignore[arg-type]
    except InvalidInput as error:
        return error


@given(document=ANYTHING)
@settings(max_examples=300, deadline=None)
def test_anything_is_read_or_refused(document):
    before = copy.deepcopy(document)
    read = outcome(document)
    assert isinstance(read, WorkflowDefinition) or (read.details and read.details["errors"])
    assert document == before


@given(value=ANYTHING)
@settings(max_examples=300, deadline=None)
def test_anything_may_stand_in_the_place_of_an_asset(value):
    read = outcome(workflow({"id": "a", "produces": [value], "dependsOn": [value]}, value))
    assert isinstance(read, InvalidInput)
    assert read.details
    assert read.details["field"].startswith("steps")


def test_twenty_steps_are_read_in_about_a_millisecond():
    schema = {"type": "object", "properties": {f"f{i}": {"type": "string"} for i in range(6)}}
    steps = [
        {"id": f"s{i}", "jobSlug": "x", "dependsOn": [f"s{i - 1}"] if i else [], "timeoutMs": 5}
        | {"produces": [{"assetId": f"a.{i}", "schema": schema, "freshness": {"ttlMs": 5}}]}
        for i in range(20)
    ]
    document = workflow(*steps)
    parse_definition(document)
    best = 1.0
    for _ in range(20):
        started = time.perf_counter()
        parse_definition(document)
        best = min(best, time.perf_counter() - started)
    assert best < 0.005
