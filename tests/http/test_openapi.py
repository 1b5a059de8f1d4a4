import json
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel

from app.http import build_openapi
from app.http.openapi import error_codes
from tests.http.sample import ENDPOINTS
from tests.http.test_endpoint import endpoint


def document(authenticated: bool = True) -> dict[str, Any]:
    return build_openapi(ENDPOINTS, title="Books", version="1", authenticated=authenticated)


def test_it_is_json_and_its_schemas_are_schemas() -> None:
    made = document()
    assert json.loads(json.dumps(made)) == made
    for schema in made["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere() -> None:
    made = document()
    names = {f"#/components/schemas/{name}" for name in made["components"]["schemas"]}

    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if "$ref" in value else set()
            return own.union(*(references(child) for child in value.values()))
        return set().union(*(references(child) for child in value)) if isinstance(value, list) else set()

    assert references(made) <= names
    assert "#/components/schemas/Error" in references(made)


def test_parameters_bodies_and_descriptions_are_told() -> None:
    paths = document()["paths"]
    limit = paths["/books"]["get"]["parameters"][0]
    assert limit == {
        "name": "limit",
        "in": "query",
        "description": "How many at most.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
    }
    put = paths["/shelves/{shelf}/{bookId}"]["put"]
    assert [parameter["name"] for parameter in put["parameters"]] == ["shelf", "bookId"]
    assert put["parameters"][0]["schema"]["examples"] == ["fiction"]
    assert put["requestBody"]["required"] is True
    assert paths["/shelves/{shelf}/{bookId}/mark"]["post"]["requestBody"]["required"] is False
    assert put["security"] == [{"token": ["write"]}]
    assert {"200", "304"} <= paths["/books"]["get"]["responses"].keys()
    assert "304" not in put["responses"]
    assert "security" not in paths["/healthz"]["get"]


def test_errors_are_told_with_their_codes() -> None:
    put = next(endpoint for endpoint in ENDPOINTS if endpoint.name == "putBook")
    with_tokens, without = error_codes(put, authenticated=True), error_codes(put, authenticated=False)
    assert list(with_tokens) == [400, 401, 403, 409, 413, 415, 500]
    assert with_tokens[403] == ["cross_origin", "forbidden"]
    assert without[403] == ["cross_origin", "host_not_allowed"]
    assert {"invalid_book_id", "invalid_json", "invalid_parameter", "unknown_field"} <= set(with_tokens[400])
    assert 401 not in without


def test_the_name_of_the_error_shape_is_kept_free() -> None:
    class Error(BaseModel):
        pass

    with pytest.raises(ValueError, match="'Error' is taken"):
        build_openapi([endpoint(answers={200: Error})], title="", version="", authenticated=False)


def test_two_models_of_one_name_stay_apart() -> None:
    def model(field: str) -> type[BaseModel]:
        return type("Thing", (BaseModel,), {"__annotations__": {field: int}, "__module__": f"made.{field}"})

    table = [endpoint(path=f"/{name}", answers={200: model(name)}) for name in ("a", "b")]
    made = build_openapi(table, title="", version="", authenticated=False)
    references = {
        made["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["data"][
            "$ref"
        ]
        for path in ("/a", "/b")
    }
    assert len(references) == 2
