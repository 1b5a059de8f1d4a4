"""A property-based client reads the OpenAPI document and looks for an answer that it does not tell of."""

import schemathesis
from hypothesis import settings
from schemathesis.checks import CHECKS, load_all_checks

import tests.schemathesis_hooks  # noqa: F401
from app.http.auth import create_token, parse_tokens
from tests.http.sample import BASE_URL, make_app

SECRET, LINE = create_token("everything", ["read", "report", "write"])
load_all_checks()
EXAMPLES = settings(max_examples=25, deadline=None, derandomize=True)


def describe(guarded: bool) -> schemathesis.BaseSchema:
    headers = {"Host": BASE_URL.removeprefix("http://")}
    if guarded:
        headers["Authorization"] = f"Bearer {SECRET}"
    app = make_app(parse_tokens(LINE) if guarded else ())
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, headers=headers)
    schema.config.update(base_url=BASE_URL, headers=headers)
    return schema


def call(case: schemathesis.Case) -> None:
    # A documented 503 is what this operation is there for; every other check applies to it.
    expected = [CHECKS.get_one("not_a_server_error")] if case.operation.path == "/away" else []
    case.call_and_validate(excluded_checks=expected)


with_tokens = describe(guarded=True)
without_tokens = describe(guarded=False)


@with_tokens.parametrize()
@EXAMPLES
def test_no_undocumented_answer_with_tokens(case: schemathesis.Case) -> None:
    call(case)


@without_tokens.parametrize()
@EXAMPLES
def test_no_undocumented_answer_without_tokens(case: schemathesis.Case) -> None:
    call(case)
