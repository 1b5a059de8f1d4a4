"""From a definition as sent to what it declares, or to the list of everything that is wrong with it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError

from graph.declarations.definition import AssetDeclaration, StepDeclaration, WorkflowDefinition
from graph.declarations.freshness import freshness_in
from graph.declarations.models import MAX_ASSETS, MAX_STEPS, AssetDocument, StepDocument, WorkflowDocument
from graph.declarations.problems import Problem, problems_of, refusal
from graph.declarations.structure import structure_problems
from graph.declarations.warnings import InputWarning, near_misses
from graph.errors import InvalidInput
from graph.rules import deadline
from graph.rules.identifiers import asset_key, check_slug, workflow_key
from graph.rules.payload_schema import check_schema
from graph.rules.schema_check import MAX_ALL_CHECKS_MS


class Parsed(NamedTuple):
    """A definition and what its author should look at."""

    definition: WorkflowDefinition
    warnings: tuple[InputWarning, ...]


def parse_definition(document: dict[str, Any], *, slug: str | None = None) -> Parsed:
    """Read a definition under the rules of the REST contract ("Declarations").

    `slug` is that of the path: the document may then leave its own out, and must not contradict it.

    Raises InvalidInput with every problem in `details.errors` (`{field, message, code}`, up to 100); its code
    and `details.field` are those of the first: `invalid_definition`, `invalid_slug`, `slug_mismatch`,
    `invalid_asset_id`, `duplicate_step`, `missing_dependency`, `cycle_detected`, `invalid_schema`,
    `remote_reference`, `schema_too_large`, `empty_freshness`, `empty_auto_materialize`, `invalid_format`,
    `unknown_timezone`, `control_character`, `blank_text`.
    """
    if not isinstance(document, dict):
        raise refusal([Problem("", "The definition must be an object.", "invalid_definition")])
    problems: list[Problem] = []
    read = _read(document, slug, problems)
    problems += structure_problems(document.get("steps"))
    problems += _schema_problems(document)
    if problems or read is None:
        raise refusal(problems)
    folded: list[InputWarning] = []
    return Parsed(_definition(read, document, folded), (*folded, *near_misses(document)))


def load_definition(document: dict[str, Any], *, slug: str | None = None) -> WorkflowDefinition:
    """A definition that `parse_definition` accepted before: its schemas are not checked again."""
    problems: list[Problem] = []
    read = _read(document, slug, problems)
    if read is None:
        raise refusal(problems)
    return _definition(read, document, [])


def _read(document: dict[str, Any], slug: str | None, problems: list[Problem]) -> WorkflowDocument | None:
    named = document
    if slug is not None:
        key = workflow_key(check_slug(slug))
        own = document.get("slug")
        if own is None:
            named = {**document, "slug": key}
        elif isinstance(own, str) and workflow_key(own) != key:
            message = f"'slug' must be {key!r}, as in the path, or be left out."
            problems.append(Problem("slug", message, "slug_mismatch"))
    try:
        return WorkflowDocument.model_validate(named)
    except ValidationError as error:
        problems += problems_of(error)
        return None


def _schema_problems(document: dict[str, Any]) -> list[Problem]:
    """Looked for in the document as sent, so that other problems do not hide them."""
    problems: list[Problem] = []
    with deadline.within(MAX_ALL_CHECKS_MS):
        for field, schema in _schemas(document):
            try:
                check_schema(schema, field)
                freshness_in(schema, field)
            except InvalidInput as error:
                place = (error.details or {}).get("field") or field
                problems.append(Problem(place, error.message, error.code))
    return problems


def _schemas(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for at, step in _objects(document.get("steps"), MAX_STEPS):
        for side in ("produces", "consumes"):
            for which, asset in _objects(step.get(side), MAX_ASSETS):
                if isinstance(asset.get("schema"), dict):
                    yield f"steps[{at}].{side}[{which}].schema", asset["schema"]


def _objects(value: Any, most: int) -> Iterator[tuple[int, dict[str, Any]]]:
    for at, entry in enumerate(value[:most] if isinstance(value, list) else ()):
        if isinstance(entry, dict):
            yield at, entry


def _definition(read: WorkflowDocument, document: dict[str, Any], folded: list[InputWarning]) -> WorkflowDefinition:
    return WorkflowDefinition(
        slug=read.slug,
        key=workflow_key(read.slug),
        name=read.name or read.slug,
        version=read.version,
        description=read.description,
        steps=tuple(_step(step, f"steps[{at}]", folded) for at, step in enumerate(read.steps)),
        on_invalid_payload=read.on_invalid_payload or "record",
        document=document,
    )


def _step(step: StepDocument, field: str, folded: list[InputWarning]) -> StepDeclaration:
    return StepDeclaration(
        id=step.id,
        name=step.name or step.id,
        type=step.type or "job",
        depends_on=tuple(dict.fromkeys(step.depends_on or ())),
        produces=_assets(step.produces, f"{field}.produces", folded),
        consumes=_assets(step.consumes, f"{field}.consumes", folded),
    )


def _assets(
    assets: tuple[AssetDocument, ...] | None, field: str, folded: list[InputWarning]
) -> tuple[AssetDeclaration, ...]:
    by_key: dict[str, AssetDeclaration] = {}
    for at, asset in enumerate(assets or ()):
        key = asset_key(asset.asset_id)
        if key in by_key:
            place = f"{field}[{at}]"
            message = f"'{place}' repeats {by_key[key].asset_id!r}, without case; only the first is kept."
            folded.append(InputWarning(place, message, "duplicate_asset"))
        else:
            by_key[key] = _asset(asset, key)
    return tuple(by_key.values())


def _asset(asset: AssetDocument, key: str) -> AssetDeclaration:
    return AssetDeclaration(
        asset_id=asset.asset_id,
        key=key,
        schema=asset.schema_,
        freshness=asset.freshness or freshness_in(asset.schema_, "schema"),
        auto_materialize=asset.auto_materialize,
        partitioning=asset.partitioning,
        description=asset.description,
        owner=asset.owner,
        tags=asset.tags or (),
        importance=asset.importance,
    )
