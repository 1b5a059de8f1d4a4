"""Workflows: register, replace, patch, delete, look at them and at their revisions."""

from typing import Annotated, Any

from pydantic import GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.http import Answer, Call
from app.http.auth import READ, WRITE
from app.rest import answers, shapes, workflow_shapes
from app.rest.requests import RunsQuery, WorkflowPath
from app.rest.table import route
from graph.database import Transaction
from graph.declarations.models import WorkflowDocument
from graph.declarations.text import Slug
from graph.errors import Conflict
from graph.lineage import Lineage
from graph.records import Run, Workflow
from graph.registry.registrar import Registered
from graph.rules.identifiers import workflow_key
from graph.store.runs import runs_of_workflow
from graph.store.workflows import WorkflowView, all_workflows, revisions, workflow_with_definition


class UnnamedDocument(WorkflowDocument):
    """A whole definition whose slug stands in the path; here it may be left out."""

    slug: Slug | None = None  # type: ignore[assignment]


class _DocumentedBy:
    """Describes a body that the registrar reads, with every problem at once, by the model that it reads it with."""

    def __init__(self, model: type[WorkflowDocument]) -> None:
        self.model = model

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(self.model.__pydantic_core_schema__)


Definition = Annotated[dict[str, Any], _DocumentedBy(WorkflowDocument)]
UnnamedDefinition = Annotated[dict[str, Any], _DocumentedBy(UnnamedDocument)]
Changes = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {"type": "object", "description": "Top-level keys of the definition and their new values; null removes one."}
    ),
]

INVALID = (
    "blank_text",
    "control_character",
    "cycle_detected",
    "duplicate_step",
    "empty_auto_materialize",
    "empty_freshness",
    "invalid_asset_id",
    "invalid_definition",
    "invalid_format",
    "invalid_schema",
    "invalid_slug",
    "missing_dependency",
    "remote_reference",
    "schema_too_large",
    "unknown_timezone",
)


async def list_workflows(call: Call[None, None, None]) -> Answer:
    """Every workflow."""
    lineage: Lineage = call.state.lineage
    found = await lineage.read(all_workflows)
    return Answer([workflow_shapes.workflow(view.workflow, view.definition) for view in found])


async def create_workflow(call: Call[None, None, Any]) -> Answer:
    """Register a workflow that is new."""
    lineage: Lineage = call.state.lineage
    try:
        return _registered(await lineage.registrar.register(call.document, only_new=True))
    except Conflict as error:
        raise await _with_workflow(lineage, error) from None


async def put_workflow(call: Call[WorkflowPath, None, Any]) -> Answer:
    """Register or replace."""
    lineage: Lineage = call.state.lineage
    return _registered(await lineage.registrar.register(call.document, slug=call.path.slug))


async def patch_workflow(call: Call[WorkflowPath, None, Any]) -> Answer:
    """Replace some keys of the definition."""
    lineage: Lineage = call.state.lineage
    return _registered(await lineage.registrar.patch(call.path.slug, call.document))


async def get_workflow(call: Call[WorkflowPath, RunsQuery, None]) -> Answer:
    """A workflow and its newest runs."""
    lineage: Lineage = call.state.lineage

    async def work(tx: Transaction) -> tuple[WorkflowView, list[Run]]:
        view = await workflow_with_definition(tx, workflow_key(call.path.slug))
        return view, await runs_of_workflow(tx, view.workflow.key, view.workflow.runs, call.query.limit)

    view, runs = await lineage.read(work)
    shown: answers.WorkflowAndRuns = {
        "workflow": workflow_shapes.workflow(view.workflow, view.definition),
        "runs": [shapes.run(run) for run in runs],
    }
    return Answer(shown)


async def delete_workflow(call: Call[WorkflowPath, None, None]) -> Answer:
    """The workflow stops to bridge the graph; its history stays."""
    lineage: Lineage = call.state.lineage
    await lineage.registrar.delete(call.path.slug)
    return Answer(status=204)


async def list_revisions(call: Call[WorkflowPath, None, None]) -> Answer:
    """Every definition that the workflow ever had."""
    lineage: Lineage = call.state.lineage
    found = await lineage.read(lambda tx: revisions(tx, workflow_key(call.path.slug)))
    shown: answers.Revisions = {"revisions": [workflow_shapes.revision(each) for each in found]}
    return Answer(shown)


def _registered(registered: Registered) -> Answer:
    outcome = registered.outcome
    warnings = [warning._asdict() for warning in registered.warnings]
    return Answer(
        workflow_shapes.workflow(outcome.workflow, outcome.definition),
        status=201 if outcome.created else 200,
        meta={"warnings": warnings},
    )


async def _with_workflow(lineage: Lineage, error: Conflict) -> Conflict:
    """The conflict with the existing workflow as the contract shows it."""
    if isinstance(error.data, Workflow):
        view = await lineage.read(lambda tx: workflow_with_definition(tx, error.data.key))
        error.data = workflow_shapes.workflow(view.workflow, view.definition)
    return error


NOT_FOUND = {404: ("workflow_not_found",)}

ENDPOINTS = (
    route(
        "GET",
        "/workflows",
        list_workflows,
        tag="workflows",
        scope=READ,
        answers={200: list[answers.Workflow]},
        cacheable=True,
    ),
    route(
        "POST",
        "/workflows",
        create_workflow,
        tag="workflows",
        scope=WRITE,
        body=Definition,
        answers={201: answers.Workflow},
        meta=answers.Warnings,
        errors={400: INVALID, 409: ("workflow_exists",)},
    ),
    route(
        "GET",
        "/workflows/{slug}",
        get_workflow,
        tag="workflows",
        scope=READ,
        path_model=WorkflowPath,
        query=RunsQuery,
        answers={200: answers.WorkflowAndRuns},
        errors=NOT_FOUND,
        cacheable=True,
    ),
    route(
        "PUT",
        "/workflows/{slug}",
        put_workflow,
        tag="workflows",
        scope=WRITE,
        path_model=WorkflowPath,
        body=UnnamedDefinition,
        answers={200: answers.Workflow, 201: answers.Workflow},
        meta=answers.Warnings,
        errors={400: (*INVALID, "slug_mismatch")},
    ),
    route(
        "PATCH",
        "/workflows/{slug}",
        patch_workflow,
        tag="workflows",
        scope=WRITE,
        path_model=WorkflowPath,
        body=Changes,
        answers={200: answers.Workflow},
        meta=answers.Warnings,
        errors={400: (*INVALID, "slug_mismatch"), 409: ("revision_conflict",), **NOT_FOUND},
    ),
    route(
        "DELETE",
        "/workflows/{slug}",
        delete_workflow,
        tag="workflows",
        scope=WRITE,
        path_model=WorkflowPath,
        answers={204: None},
        errors=NOT_FOUND,
    ),
    route(
        "GET",
        "/workflows/{slug}/revisions",
        list_revisions,
        tag="workflows",
        scope=READ,
        path_model=WorkflowPath,
        answers={200: answers.Revisions},
        errors=NOT_FOUND,
        cacheable=True,
    ),
)
