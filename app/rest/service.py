"""The service itself: is it alive, is it ready, what does it offer."""

from starlette.responses import Response

from app.http import Answer, Call, Endpoint
from app.rest import answers
from app.rest.table import AWAY
from graph.lineage import Lineage


async def healthz(call: Call[None, None, None]) -> Answer:
    """The process is alive."""
    return Answer({"status": "ok"})


async def readyz(call: Call[None, None, None]) -> Answer:
    """The database answers; 503 with the reason while it does not."""
    lineage: Lineage = call.state.lineage
    await lineage.connection.check()
    return Answer({"status": "ready"})


async def openapi(call: Call[None, None, None]) -> Response:
    """This description of every route, OpenAPI 3.1."""
    return Response(call.state.openapi, media_type="application/json")


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/healthz",
        handler=healthz,
        name="healthz",
        summary="The process is alive",
        tag="service",
        scope=None,
        answers={200: answers.Health},
    ),
    Endpoint(
        method="GET",
        path="/readyz",
        handler=readyz,
        name="readyz",
        summary="The database answers",
        tag="service",
        scope=None,
        answers={200: answers.Readiness},
        errors={503: AWAY},
    ),
    Endpoint(
        method="GET",
        path="/openapi.json",
        handler=openapi,
        name="openapi",
        summary="This description of every route",
        tag="service",
        scope="read",
        bare=True,
        answers={200: answers.JsonObject},
    ),
)
