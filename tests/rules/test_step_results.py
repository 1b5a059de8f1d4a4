"""What a job handler returned: every shape of `assets`, whose word counts, and what is refused."""

import pytest
from hypothesis import given, settings

from graph.declarations.parse import parse_definition
from graph.errors import InvalidInput
from graph.rules.step_results import ReportedAsset, parse_outputs
from tests.rules.strategies import ANYTHING

NOW = 1_767_225_600_000
STEP = parse_definition(
    {
        "slug": "w",
        "steps": [
            {
                "id": "s",
                "consumes": [{"assetId": "input"}],
                "produces": [
                    {"assetId": "Plain", "schema": {"type": "object"}, "freshness": {"ttlMs": 5}},
                    {"assetId": "static", "partitioning": {"type": "static", "keys": ["eu", "us"]}},
                    {"assetId": "daily", "partitioning": {"type": "timeWindow", "granularity": "day"}},
                    {"assetId": "dynamic", "partitioning": {"type": "dynamic"}},
                ],
            }
        ],
    }
).definition.steps[0]


def read(assets: object, run_partition: str | None = None) -> list[ReportedAsset]:
    return parse_outputs({"files": 3, "assets": assets}, run_partition=run_partition, step=STEP, now=NOW).assets


def refused(assets: object, run_partition: str | None = None) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as error:
        read(assets, run_partition)
    assert error.value.details is not None
    return error.value.details["field"], error.value.code


@pytest.mark.parametrize(
    "assets",
    [
        [{"assetId": "plain", "payload": {"n": 1}}],
        {"assetId": "plain", "payload": {"n": 1}},
        {"plain": {"payload": {"n": 1}}},
        {"plain": {"assetId": "PLAIN", "n": 1}},
        [{"assetId": "plain", "n": 1}],
        {
            "assetId": "plain",
            "n": 1,
            "producedAt": None,
            "partitionKey": None,
            "schema": None,
            "freshness": None,
        },
    ],
)
def test_each_shape_says_the_same(assets):
    (asset,) = read(assets, "2026-01-01")
    declared = STEP.produced("plain")
    assert declared is not None
    assert asset._replace(field="") == ReportedAsset(
        "", "plain", "plain", None, {"n": 1}, {"type": "object"}, declared.freshness, NOW, False, declared
    )


@pytest.mark.parametrize("result", [None, {}, {"assets": None}, {"assets": []}, {"assets": {}}, [], "done", 5])
def test_a_result_may_hold_no_assets(result):
    assert parse_outputs(result, run_partition=None, step=STEP, now=NOW) == ([], [])


@pytest.mark.parametrize("payload", [None, 0, "", [], {"payload": 1}])
def test_a_payload_is_any_json(payload):
    assert read([{"assetId": "plain", "payload": payload, "note": "beside it"}])[0].payload == payload


def test_no_payload_key_and_nothing_else_is_an_empty_object():
    assert read({"plain": {}})[0].payload == {}


def test_produced_at_is_taken_with_its_offset():
    assert read([{"assetId": "plain", "producedAt": "2026-01-01T02:00:00+02:00"}])[0].produced_at == NOW


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-01-01", "2026-01-01T00:00:00", "", 5, True, {}, "9999-01-01T00:00:00Z"]
)
def test_produced_at_that_cannot_be_read_is_named(text):
    assets = [{"assetId": "static", "partitionKey": "eu"}, {"assetId": "plain", "producedAt": text}]
    assert refused(assets) == ("result.assets[1].producedAt", "invalid_produced_at")


def test_the_report_overrides_schema_and_freshness():
    own = read([{"assetId": "plain", "schema": {"type": "array", "ttlMs": 7}, "payload": []}])[0]
    assert own.schema == {"type": "array", "ttlMs": 7}
    assert own.freshness is not None
    assert own.freshness.ttl_ms == 7
    both = read([{"assetId": "plain", "schema": {"ttlMs": 7}, "freshness": {"cadenceMs": 9}}])[0]
    assert both.freshness is not None
    assert both.freshness.as_document() == {"cadenceMs": 9}
    kept = read([{"assetId": "plain", "schema": {"type": "array"}}])[0]
    assert kept.freshness is not None
    assert kept.freshness.ttl_ms == 5


def test_whose_partition_key_counts():
    assert read({"static": {"partitionKey": "eu"}}, "us")[0].partition == "eu"
    assert read({"static": {}}, "us")[0].partition == "us"
    assert read({"daily": {}}, "2026-01-31")[0].partition == "2026-01-31"
    assert read({"dynamic": {"partitionKey": "any thing"}})[0].partition == "any thing"
    assert read({"plain": {}}, "us")[0].partition is None
    assert read({"other": {}}, "us")[0].partition is None
    assert read({"other": {"partitionKey": "x"}}, "us")[0].partition == "x"


def test_a_partition_of_an_unpartitioned_asset_is_kept_with_a_warning():
    outputs = parse_outputs({"assets": {"plain": {"partitionKey": "x"}}}, run_partition=None, step=STEP, now=NOW)
    assert outputs.assets[0].partition == "x"
    assert [warning.code for warning in outputs.warnings] == ["undeclared_partitioning"]


@pytest.mark.parametrize("asset_id", ["other", "input"])
@pytest.mark.parametrize("step", [STEP, None])
def test_an_undeclared_asset_is_observed(asset_id, step):
    ((asset,), (warning,)) = parse_outputs({"assets": {asset_id: {}}}, run_partition=None, step=step, now=NOW)
    assert (asset.observed, asset.declaration, asset.schema, asset.freshness) == (True, None, None, None)
    assert (warning.field, warning.code) == (f'result.assets["{asset_id}"]', "undeclared_asset")


def test_a_misspelt_key_beside_a_payload_is_told():
    outputs = parse_outputs(
        {"assets": [{"assetId": "plain", "payload": 1, "produced_at": "x", "note": 1}]},
        run_partition=None,
        step=STEP,
        now=NOW,
    )
    assert [warning.field for warning in outputs.warnings] == ["result.assets[0].produced_at"]


@pytest.mark.parametrize(
    ("assets", "run_partition", "field", "code"),
    [
        ("plain", None, "result.assets", "invalid_input"),
        ([5], None, "result.assets[0]", "invalid_input"),
        ({"plain": 5}, None, 'result.assets["plain"]', "invalid_input"),
        ([{"payload": 1}], None, "result.assets[0].assetId", "invalid_input"),
        ({"payload": 1}, None, "result.assets.assetId", "invalid_input"),
        ({"assetId": 5}, None, "result.assets.assetId", "invalid_input"),
        ([{"assetId": "a/b"}], None, "result.assets[0].assetId", "invalid_asset_id"),
        ({"a/b": {}}, None, 'result.assets["a/b"]', "invalid_asset_id"),
        ({"plain": {"assetId": "other"}}, None, 'result.assets["plain"].assetId', "invalid_input"),
        ([{"assetId": "plain"}, {"assetId": "PLAIN"}], None, "result.assets[1]", "duplicate_asset"),
        (
            [{"assetId": "static"}, {"assetId": "static", "partitionKey": "eu"}],
            "eu",
            "result.assets[1]",
            "duplicate_asset",
        ),
        ([{"assetId": "static"}], None, "result.assets[0].partitionKey", "partition_key_required"),
        ([{"assetId": "dynamic"}], None, "result.assets[0].partitionKey", "partition_key_required"),
        ([{"assetId": "static"}], "asia", "result.assets[0].partitionKey", "unknown_partition"),
        (
            [{"assetId": "daily", "partitionKey": "2026-1-1"}],
            None,
            "result.assets[0].partitionKey",
            "unknown_partition",
        ),
        ([{"assetId": "static", "partitionKey": 5}], None, "result.assets[0].partitionKey", "invalid_input"),
        (
            [{"assetId": "dynamic", "partitionKey": " "}],
            None,
            "result.assets[0].partitionKey",
            "invalid_input",
        ),
        (
            [{"assetId": "dynamic", "partitionKey": "x" * 201}],
            None,
            "result.assets[0].partitionKey",
            "invalid_input",
        ),
        (
            [{"assetId": "dynamic", "partitionKey": "\x00"}],
            None,
            "result.assets[0].partitionKey",
            "invalid_input",
        ),
        (
            [{"assetId": "plain", "schema": {"type": 5}}],
            None,
            "result.assets[0].schema.type",
            "invalid_schema",
        ),
        ([{"assetId": "plain", "schema": True}], None, "result.assets[0].schema", "invalid_schema"),
        (
            [{"assetId": "plain", "freshness": {"ttlMs": "5"}}],
            None,
            "result.assets[0].freshness.ttlMs",
            "invalid_definition",
        ),
        ([{"assetId": "plain", "freshness": {}}], None, "result.assets[0].freshness", "empty_freshness"),
        ([{"assetId": f"a{i}"} for i in range(1_001)], None, "result.assets", "too_many_assets"),
    ],
)
def test_what_is_refused_names_its_place(assets, run_partition, field, code):
    assert refused(assets, run_partition) == (field, code)


def test_two_partitions_of_one_asset_are_two_productions():
    assets = [{"assetId": "static", "partitionKey": key} for key in ("eu", "us")]
    assert [asset.partition for asset in read(assets)] == ["eu", "us"]


@given(assets=ANYTHING)
@settings(max_examples=300, deadline=None)
def test_anything_is_read_or_refused(assets):
    try:
        productions = read(assets, "eu")
    except InvalidInput as error:
        named = (error.details or {}).get("field", "")
    else:
        named = "result.assets"
        assert len({(asset.key, asset.partition) for asset in productions}) == len(productions)
    assert named.startswith("result.assets")
