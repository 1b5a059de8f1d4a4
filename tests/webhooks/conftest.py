"""Receivers, and the service that may send to them."""

from collections.abc import AsyncIterator

import httpx
import pytest

from app.main import make_app
from app.settings import Settings
from graph.address import Address
from graph.connection import FixedSource
from graph.database import Database
from tests.service.client import Clock, Service
from tests.webhooks.receiver import Receiver, receiving

ALLOWED = "127.0.0.0/8"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


@pytest.fixture
async def service(database: Database, address: Address, clock: Clock) -> AsyncIterator[Service]:
    """The service on an empty database; it may send to loopback."""
    app = make_app(Settings(webhook_allowed=ALLOWED), clock=clock, source=FixedSource(address))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
    async with app.router.lifespan_context(app), client:
        yield Service(client, clock, app.state.lineage)
