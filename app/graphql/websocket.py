"""GraphQL over WebSocket: graphql-transport-ws (github.com/enisdenjo/graphql-ws, PROTOCOL.md).

Strawberry's handler keeps the protocol's rules: initialised once and in time, ids used once, what ends when. Here is
what goes through it: who may ask, the limits, and the answers. Close codes are the protocol's, and 4410 `slow_reader`
(`app.patience`).
"""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.types.unset import UNSET

from app.graphql.answering import Answering, Caller, Request, errors_of, forbidden
from app.graphql.execution.errors import Refused, refusal
from app.graphql.execution.streams import Interrupted
from app.graphql.request import GraphQLRequest, from_document
from app.http.auth import NOBODY, Bearers, Principal
from app.http.errors import HttpError
from app.http.json_body import dump_json, parse_json
from graph.errors import LineageError

INIT_SECONDS = 10.0
"""In which a connection must be initialised."""

UNACCEPTABLE = 4406


class GraphQLOverWebSocket:
    """The ASGI application of one schema; `max_operations` is how many one connection may have under way."""

    def __init__(self, answering: Answering, bearers: Bearers, max_operations: int) -> None:
        self.answering = answering
        self.bearers = bearers
        self.max_operations = max_operations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection to its end."""
        websocket = WebSocket(scope, receive, send)
        if GRAPHQL_TRANSPORT_WS_PROTOCOL not in scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(UNACCEPTABLE, f"The subprotocol is {GRAPHQL_TRANSPORT_WS_PROTOCOL}")
            return
        await websocket.accept(GRAPHQL_TRANSPORT_WS_PROTOCOL)
        await _Connection(self, websocket).handle()


class _Socket(ASGIWebSocketAdapter):
    """Strawberry's adapter; what comes behind a close goes nowhere."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        if self.ws.application_state is not WebSocketState.CONNECTED:
            raise WebSocketDisconnected
        await super().send_json(message)

    async def close(self, code: int, reason: str) -> None:
        if self.ws.application_state is WebSocketState.CONNECTED:
            await super().close(code, reason)


class _View:
    """What Strawberry's handler and adapter ask of the view around them."""

    def __init__(self, bearers: Bearers) -> None:
        self.bearers = bearers

    def decode_json(self, text: str) -> object:
        try:
            return parse_json(text.encode())
        except LineageError as error:
            raise json.JSONDecodeError(error.message, "", 0) from None

    def encode_json(self, message: Mapping[str, object]) -> str:
        return dump_json(message).decode()

    async def on_ws_connect(self, peer: "_Peer") -> object:
        authorization = peer.connection_params.get("authorization", peer.connection_params.get("Authorization"))
        if peer.principal is NOBODY or authorization is not None:
            try:
                peer.principal = self.bearers.principal(authorization if isinstance(authorization, str) else "")
            except HttpError:
                raise ConnectionRejectionError from None
        return UNSET


class _Peer:
    """Who is at the other end; Strawberry puts the payload of `connection_init` into it."""

    def __init__(self, principal: Principal) -> None:
        self.principal = principal
        self.connection_params: dict[str, object] = {}


class _Connection(BaseGraphQLTransportWSHandler[_Peer, None]):
    """One connection and its operations."""

    def __init__(self, endpoint: GraphQLOverWebSocket, websocket: WebSocket) -> None:
        view: Any = _View(endpoint.bearers)
        super().__init__(
            view=view,
            websocket=_Socket(view, websocket, websocket),
            context=_Peer(websocket.scope["user"]),
            root_value=None,
            schema=endpoint.answering.schema,
            connection_init_wait_timeout=timedelta(seconds=INIT_SECONDS),
            max_subscriptions_per_connection=endpoint.max_operations,
        )
        self.answering = endpoint.answering
        self.max_operations = endpoint.max_operations
        self.state = websocket.app.state
        self.request_id: str = websocket.scope["state"]["request_id"]

    async def handle_message(self, message: Any) -> None:
        """Look at the shape, then do as the protocol says."""
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            await self.handle_invalid_message("A message is an object with a 'type'")
        elif message["type"] in ("subscribe", "complete") and not _is_id(message.get("id")):
            await self.handle_invalid_message("'id' must be a text")
        elif message["type"] == "subscribe" and not isinstance(message.get("payload"), dict):
            await self.handle_invalid_message("'payload' must be an object")
        else:
            checked: Any = message
            await super().handle_message(checked)

    async def handle_subscribe(self, message: Any) -> None:
        """Begin an operation."""
        if not self.connection_acknowledged or message["id"] in self.operations:
            # Both end the connection.
            await super().handle_subscribe(message)
            return
        caller = Caller(self.context.principal, self.state, self.request_id)
        try:
            if len(self.operations) >= self.max_operations:
                words = f"This connection has {self.max_operations} operations under way; complete one of them."
                raise Refused(refusal("too_many_operations", words, limit=self.max_operations))
            request = from_document(message["payload"])
            text = self.answering.persisted.text(request)
        except Refused as refused:
            await self._refuse(message["id"], refused, caller)
            return
        operation = _Operation(self, message["id"], text, request, caller)
        operation.task = asyncio.create_task(self.run_operation(operation))
        operation.task.add_done_callback(self._task_done)
        self.operations[operation.id] = operation

    async def run_operation(self, operation: Any) -> None:
        """The task of one operation: its answers, and how it ended."""
        assert isinstance(operation, _Operation)
        caller = operation.caller
        try:
            async with contextlib.aclosing(self.answering.answers(self._accept(operation))) as answers:
                async for each in answers:
                    await operation.send(type="next", payload=orjson.Fragment(each.text))
            await operation.send(type="complete")
        except Refused as refused:
            await operation.send(type="error", payload=errors_of(refused, caller))
        except Interrupted:
            pass  # the connection is closed without a word on its operations: clients resume them
        except WebSocketDisconnected:
            pass
        except Exception as error:  # the connection and its other operations go on
            unexpected = Refused(GraphQLError(str(error), original_error=error))
            with contextlib.suppress(WebSocketDisconnected):
                await operation.send(type="error", payload=errors_of(unexpected, caller))

    def _accept(self, operation: "_Operation") -> Request:
        chosen = self.answering.operation(operation.request, operation.query)
        if missing := self.answering.missing_scope(chosen, operation.caller.principal):
            raise Refused(forbidden(missing, operation.caller.principal))
        return self.answering.check(chosen, operation.request, operation.caller)

    async def _refuse(self, id: str, refused: Refused, caller: Caller) -> None:
        message: Any = {"id": id, "type": "error", "payload": errors_of(refused, caller)}
        await self.send_message(message)


class _Operation(Operation[_Peer, None]):
    """One operation of a connection."""

    def __init__(self, handler: _Connection, id: str, text: str, request: GraphQLRequest, caller: Caller) -> None:
        super().__init__(handler, id, text, None, request.operation_name)
        self.request = request
        self.caller = caller

    async def send(self, **message: Any) -> None:
        whole: Any = {"id": self.id, **message}
        await self.send_operation_message(whole)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and value != ""
