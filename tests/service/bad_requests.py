"""Requests with one thing wrong each, and what each is to be refused with."""

from typing import Any, NamedTuple

from tests.service.client import produced, step, workflow

MIB = 1024 * 1024


class Bad(NamedTuple):
    """A request, and what it is to be refused with. `body` is sent as it is when it is bytes."""

    name: str
    method: str
    path: str
    body: Any
    code: str
    field: str | None = None
    status: int = 400


def register(name: str, change: dict[str, Any], code: str, field: str) -> Bad:
    """A definition with one thing wrong, to replace the one that is there."""
    return Bad(name, "PUT", "/workflows/known", workflow("known", step("make")) | change, code, field)


def in_step(name: str, change: dict[str, Any], code: str, field: str) -> Bad:
    return register(name, {"steps": [step("make") | change]}, code, f"steps[0].{field}")


def in_asset(name: str, change: dict[str, Any], code: str, field: str) -> Bad:
    return in_step(name, {"produces": [{"assetId": "asset"} | change]}, code, f"produces[0].{field}")


def report(name: str, body: Any, code: str, field: str | None, status: int = 400) -> Bad:
    return Bad(name, "POST", "/workflow-runs/run/steps/make/report", body, code, field, status)


def reported(name: str, asset: Any, code: str, field: str, status: int = 400) -> Bad:
    body = {"status": "succeeded", "attempt": 2, "result": {"assets": [asset]}}
    return report(name, body, code, f"result.assets[0]{field}", status)


def hook(name: str, change: dict[str, Any], code: str, field: str) -> Bad:
    """A webhook with one thing wrong."""
    return Bad(name, "POST", "/webhooks", {"url": "https://1.1.1.1/"} | change, code, field)


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


DOUBLING = {
    "$ref": "#/$defs/d0",
    "$defs": {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(30)} | {"d30": {}},
}

CASES = [
    # JSON
    report("no body", b"", "invalid_json", None),
    report("broken JSON", b'{"status": ', "invalid_json", None),
    report("a control character as it is", b'{"status": "a\x01"}', "invalid_json", None),
    report("not UTF-8", b'{"status": "\xff"}', "invalid_json", None),
    report("half a surrogate pair", b'{"status": "\\ud800"}', "invalid_json", None),
    report("NaN", b'{"status": "succeeded", "result": NaN}', "invalid_json", None),
    report("duplicate keys", b'{"status": "succeeded", "status": "failed"}', "duplicate_key", None),
    report(
        "a huge integer",
        b'{"status": "succeeded", "result": {"n": 9223372036854775808}}',
        "number_out_of_range",
        "result.n",
    ),
    report("a huge float", b'{"status": "succeeded", "result": 1e400}', "number_out_of_range", "result"),
    report("4,000 digits", b'{"status": "succeeded", "result": ' + b"9" * 4000 + b"}", "number_out_of_range", "result"),
    report("nesting over 64", {"status": "succeeded", "result": nested(64)}, "nesting_too_deep", None),
    report("nesting of 100,000", b"[" * 100_000, "nesting_too_deep", None),
    report("a list", [], "invalid_input", ""),
    report("a body over the limit", b'"' + b"x" * 4 * MIB + b'"', "body_too_large", None, 413),
    # reports
    report("a wrong status", {"status": "done"}, "invalid_input", "status"),
    report("a wrong type", {"status": "succeeded", "attempt": "2"}, "invalid_input", "attempt"),
    report("no such attempt", {"status": "succeeded", "attempt": 0}, "invalid_input", "attempt"),
    report(
        "a time without an offset", {"status": "failed", "startedAt": "2026-01-01T00:00"}, "invalid_input", "startedAt"
    ),
    report("a wrong input", {"status": "failed", "inputs": [{}, {"assetId": "a b"}]}, "invalid_input", "inputs[0]"),
    report("an input's id", {"status": "failed", "inputs": [{"assetId": "a b"}]}, "invalid_input", "inputs[0].assetId"),
    report(
        "an unknown key of an input",
        {"status": "failed", "inputs": [{"asset": "a"}]},
        "unknown_field",
        "inputs[0].asset",
    ),
    report(
        "an input that is not there",
        produced(attempt=2, inputs=[{"assetId": "asset", "version": 9}]),
        "input_not_found",
        "inputs[0]",
        404,
    ),
    report(
        "assets of a wrong type",
        {"status": "succeeded", "result": {"assets": "asset"}},
        "invalid_input",
        "result.assets",
    ),
    report("too many assets", produced(*[{"assetId": "a"}] * 1001, attempt=2), "too_many_assets", "result.assets"),
    report(
        "an asset twice", produced({"assetId": "a"}, {"assetId": "A"}, attempt=2), "duplicate_asset", "result.assets[1]"
    ),
    report("another report of the attempt", produced({"assetId": "asset", "payload": 2}), "report_conflict", None, 409),
    reported("an asset of a wrong type", 1, "invalid_input", ""),
    reported("an asset without an id", {"payload": 1}, "invalid_input", ".assetId"),
    reported("an asset id out of the pattern", {"assetId": "a b"}, "invalid_asset_id", ".assetId"),
    reported("an asset id with a line end", {"assetId": "asset\n"}, "invalid_asset_id", ".assetId"),
    reported("an asset id of 201 characters", {"assetId": "a" * 201}, "invalid_asset_id", ".assetId"),
    reported("a bad producedAt", {"assetId": "a", "producedAt": "soon"}, "invalid_produced_at", ".producedAt"),
    reported(
        "producedAt in 1969",
        {"assetId": "a", "producedAt": "1969-12-31T23:59:59Z"},
        "invalid_produced_at",
        ".producedAt",
    ),
    reported("a blank partition key", {"assetId": "a", "partitionKey": " "}, "invalid_input", ".partitionKey"),
    reported("a control character", {"assetId": "a", "partitionKey": "a\x1fb"}, "invalid_input", ".partitionKey"),
    reported("no partition key", {"assetId": "daily"}, "partition_key_required", ".partitionKey"),
    reported(
        "an unknown partition", {"assetId": "daily", "partitionKey": "2026-02-30"}, "unknown_partition", ".partitionKey"
    ),
    reported("empty freshness", {"assetId": "a", "freshness": {}}, "empty_freshness", ".freshness"),
    reported(
        "freshness of a wrong type",
        {"assetId": "a", "freshness": {"ttlMs": "1"}},
        "invalid_definition",
        ".freshness.ttlMs",
    ),
    reported("a schema that is none", {"assetId": "a", "schema": {"type": "txt"}}, "invalid_schema", ".schema.type"),
    reported("a schema of a wrong type", {"assetId": "a", "schema": []}, "invalid_schema", ".schema"),
    reported(
        "a remote schema",
        {"assetId": "a", "schema": {"$ref": "http://127.0.0.1:9/"}},
        "remote_reference",
        ".schema.$ref",
    ),
    reported("a payload over 1 MiB", {"assetId": "asset", "payload": "x" * MIB}, "payload_too_large", ".payload", 413),
    report(
        "a large payload in a map",
        {"status": "succeeded", "attempt": 2, "result": {"assets": {"a": {"payload": "x" * MIB}}}},
        "payload_too_large",
        'result.assets["a"].payload',
        413,
    ),
    report(
        "a payload that breaks its schema",
        produced({"assetId": "checked", "payload": {}}, attempt=2),
        "payload_invalid",
        None,
        422,
    ),
    report(
        "a catastrophic pattern",
        produced({"assetId": "a", "schema": {"pattern": "^(a|a)+$"}, "payload": "a" * 40 + "!"}, attempt=2),
        "validation_too_slow",
        "payload",
        422,
    ),
    report(
        "references that double",
        produced({"assetId": "a", "schema": DOUBLING, "payload": 1}, attempt=2),
        "validation_too_slow",
        "payload",
        422,
    ),
    report(
        "a schema that recurses without end",
        produced({"assetId": "a", "schema": {"$ref": "#"}, "payload": 1}, attempt=2),
        "validation_too_slow",
        "payload",
        422,
    ),
    # runs
    Bad("an unknown field", "POST", "/workflows/known/runs", {"runkey": "a"}, "unknown_field", "runkey"),
    Bad(
        "a control character in a text", "POST", "/workflows/known/run", {"runKey": "a\x00"}, "invalid_input", "runKey"
    ),
    Bad("a blank id", "POST", "/workflows/known/runs", {"id": ""}, "invalid_run_id", "id"),
    Bad("a long run key", "POST", "/workflows/known/run", {"runKey": "a" * 121}, "invalid_input", "runKey"),
    Bad("an active run key", "POST", "/workflows/known/run", {"runKey": "pending"}, "run_key_active", None, 409),
    Bad("an unknown end", "POST", "/workflow-runs/run/finish", {"status": "ended"}, "invalid_input", "status"),
    Bad("no end", "POST", "/workflow-runs/run/finish", {}, "invalid_input", "status"),
    # definitions
    Bad("a definition that is a list", "PUT", "/workflows/known", [1], "invalid_input", ""),
    Bad("an id in capitals", "POST", "/workflows", workflow("Known", step("make")), "invalid_slug", "slug"),
    register("another slug", {"slug": "other"}, "slug_mismatch", "slug"),
    register("no steps", {"steps": []}, "invalid_definition", "steps"),
    register("101 steps", {"steps": [step(str(n)) for n in range(101)]}, "invalid_definition", "steps"),
    register("steps of a wrong type", {"steps": {"id": "a"}}, "invalid_definition", "steps"),
    register("a version of 0", {"version": 0}, "invalid_definition", "version"),
    register("a version in text", {"version": "1"}, "invalid_definition", "version"),
    register("a control character in the name", {"name": "a\x07"}, "control_character", "name"),
    register("a blank name", {"name": " "}, "blank_text", "name"),
    register("a step twice", {"steps": [step("a"), step("a")]}, "duplicate_step", "steps[1].id"),
    register(
        "an unknown dependency", {"steps": [step("a", dependsOn=["b"])]}, "missing_dependency", "steps[0].dependsOn[0]"
    ),
    register(
        "a cycle",
        {"steps": [step("a", dependsOn=["b"]), step("b", dependsOn=["a"])]},
        "cycle_detected",
        "steps[0].dependsOn",
    ),
    register(
        "a step that waits for itself", {"steps": [step("a", dependsOn=["a"])]}, "cycle_detected", "steps[0].dependsOn"
    ),
    in_step("a step without an id", {"id": None}, "invalid_definition", "id"),
    in_step("an unknown type", {"type": "task"}, "invalid_definition", "type"),
    in_step("26 dependencies", {"dependsOn": [str(n) for n in range(26)]}, "invalid_definition", "dependsOn"),
    in_step("51 assets", {"consumes": [{"assetId": f"a{n}"} for n in range(51)]}, "invalid_definition", "consumes"),
    in_asset("an asset id out of the pattern", {"assetId": "-a"}, "invalid_asset_id", "assetId"),
    in_asset("no freshness", {"freshness": {}}, "empty_freshness", "freshness"),
    in_asset("freshness of no time", {"freshness": {"ttlMs": 0}}, "invalid_definition", "freshness.ttlMs"),
    in_asset(
        "freshness of two years", {"freshness": {"ttlMs": 2 * 31_536_000_000}}, "invalid_definition", "freshness.ttlMs"
    ),
    in_asset("no automation", {"autoMaterialize": {}}, "empty_auto_materialize", "autoMaterialize"),
    in_asset("an unknown partitioning", {"partitioning": {"type": "hash"}}, "invalid_definition", "partitioning"),
    in_asset(
        "an unknown zone",
        {"partitioning": {"type": "timeWindow", "granularity": "day", "timezone": "Moon"}},
        "unknown_timezone",
        "partitioning.timezone",
    ),
    in_asset(
        "a format that repeats",
        {"partitioning": {"type": "timeWindow", "granularity": "day", "format": "YYYY"}},
        "invalid_format",
        "partitioning.format",
    ),
    in_asset("no keys", {"partitioning": {"type": "static", "keys": []}}, "invalid_definition", "partitioning.keys"),
    in_asset(
        "a schema that is none",
        {"schema": {"properties": {"a": {"type": 5}}}},
        "invalid_schema",
        "schema.properties.a.type",
    ),
    in_asset(
        "an unknown dialect", {"schema": {"$schema": "http://example.com/mine"}}, "invalid_schema", "schema.$schema"
    ),
    in_asset("a reference to nothing", {"schema": {"$ref": "#/$defs/none"}}, "invalid_schema", "schema.$ref"),
    in_asset(
        "a remote reference",
        {"schema": {"items": {"$ref": "file:///etc/passwd"}}},
        "remote_reference",
        "schema.items.$ref",
    ),
    in_asset("a pattern that is none", {"schema": {"pattern": "("}}, "invalid_schema", "schema.pattern"),
    in_asset(
        "a pattern that fills the memory",
        {"schema": {"pattern": "(((a{99}){99}){99}){99}"}},
        "invalid_schema",
        "schema.pattern",
    ),
    in_asset("a schema over 256 KiB", {"schema": {"description": "x" * 256 * 1024}}, "schema_too_large", "schema"),
    Bad("a patch that is a list", "PATCH", "/workflows/known", [], "invalid_input", ""),
    Bad("a patch of the slug", "PATCH", "/workflows/known", {"slug": "other"}, "invalid_input", "slug"),
    Bad("a patch without steps", "PATCH", "/workflows/known", {"steps": None}, "invalid_definition", "steps"),
    hook("a webhook by http", {"url": "http://1.1.1.1/"}, "webhook_url_refused", "url"),
    hook("a webhook to nowhere", {"url": "hooks"}, "webhook_url_refused", "url"),
    hook("a webhook to the own machine", {"url": "https://127.0.0.1/"}, "webhook_url_refused", "url"),
    hook("a webhook to a number", {"url": "https://2130706433/"}, "webhook_url_refused", "url"),
    hook("a webhook to metadata", {"url": "https://169.254.169.254/latest"}, "webhook_url_refused", "url"),
    hook("a webhook to a name of the own machine", {"url": "https://localhost/"}, "webhook_url_refused", "url"),
    hook("a webhook with a user", {"url": "https://a:b@1.1.1.1/"}, "webhook_url_refused", "url"),
    hook("a short secret", {"secret": "whsec_c2hvcnQ="}, "invalid_input", "secret"),
    hook("a secret that is no base64", {"secret": "whsec_" + "!" * 40}, "invalid_input", "secret"),
    hook("an unknown importance", {"minimumImportance": "huge"}, "invalid_input", "minimumImportance"),
    hook("an unknown key of a webhook", {"retries": 3}, "unknown_field", "retries"),
    hook("an unknown type of events", {"filter": {"types": ["asset.lost"]}}, "invalid_input", "filter.types[0]"),
    hook("a wrong asset in a filter", {"filter": {"assets": ["a*b"]}}, "invalid_input", "filter.assets[0]"),
    Bad(
        "a webhook for what is upstream of nothing",
        "POST",
        "/webhooks",
        {"url": "https://1.1.1.1/", "filter": {"upstreamOf": "nowhere"}},
        "asset_not_found",
        None,
        404,
    ),
    Bad("a webhook that is not there", "PATCH", f"/webhooks/wh_{'0' * 20}", {}, "webhook_not_found", None, 404),
]
