"""Near misses are told, and nothing else is."""

import pytest

from graph.declarations.parse import parse_definition
from graph.errors import InvalidInput


def told(document: dict) -> list[tuple[str, str]]:
    warnings = parse_definition(document).warnings
    return [(warning.field, warning.message.split("did you mean ")[1]) for warning in warnings]


@pytest.mark.parametrize(
    ("level", "key", "meant"),
    [
        ("workflow", "verson", "version"),
        ("workflow", "on_invalid_payload", "onInvalidPayload"),
        ("step", "produce", "produces"),
        ("step", "consume", "consumes"),
        ("step", "depends_on", "dependsOn"),
        ("step", "dependOn", "dependsOn"),
        ("step", "producess", "produces"),
        ("asset", "freshnes", "freshness"),
        ("asset", "partitionng", "partitioning"),
        ("asset", "partition", "partitioning"),
        ("asset", "shema", "schema"),
        ("asset", "automaterialize", "autoMaterialize"),
        ("asset", "tag", "tags"),
        ("freshness", "ttlms", "ttlMs"),
        ("freshness", "maxAge", "maxAgeMs"),
        ("autoMaterialize", "enable", "enabled"),
        ("partitioning", "timeZone", "timezone"),
        ("partitioning", "lookbackWindow", "lookbackWindows"),
    ],
)
def test_a_near_miss_names_the_right_key(level, key, meant):
    places = {
        "freshness": {"cadenceMs": 5},
        "autoMaterialize": {"priority": 5},
        "partitioning": {"type": "timeWindow", "granularity": "day"},
    }
    asset: dict = {"assetId": "a"}
    if level in places:
        asset[level] = {**places[level], key: 1}
    elif level == "asset":
        asset[key] = 1
    step = {"id": "s", "consumes" if meant == "produces" else "produces": [asset]}
    document = {"slug": "w", "steps": [step]}
    target = {"workflow": (document, ""), "step": (step, "steps[0].")}.get(level)
    if target:
        target[0][key] = 1
        assert told(document) == [(f"{target[1]}{key}", f"'{meant}'?")]
    else:
        inner = f".{level}" if level in places else ""
        assert told(document) == [(f"steps[0].produces[0]{inner}.{key}", f"'{meant}'?")]


def test_a_misspelt_required_key_is_an_error_and_not_advice():
    with pytest.raises(InvalidInput, match="assetId' is required"):
        parse_definition({"slug": "w", "steps": [{"id": "s", "produces": [{"assetID": "a"}]}]})


def test_a_key_beside_the_right_one_is_no_near_miss():
    assert told({"slug": "w", "steps": [{"id": "s", "produces": [], "produce": 1}]}) == []


def test_keys_of_orchestrators_raise_no_alarm():
    workflow = "parameters parametersSchema defaultParameters outputSchema triggers metadata tags schedule dag owner"
    step = (
        "jobSlug serviceSlug parameters timeoutMs retryPolicy storeResultAs storeResponseAs requiredSecrets "
        "bundle request captureResponse requireHealthy "
        "allowDegraded template collection maxItems maxConcurrency "
        "env image command args inputs outputs when if needs resources description title version status"
    )
    asset = "format path uri kind label namespace displayName title columns unit source version docs"
    document = {
        "slug": "w",
        **dict.fromkeys(workflow.split(), 1),
        "steps": [
            {
                "id": "s",
                **dict.fromkeys(step.split(), 1),
                "produces": [{"assetId": "a", **dict.fromkeys(asset.split(), 1)}],
            }
        ],
    }
    assert parse_definition(document).warnings == ()
