"""The embedded engine as the connection's source: started when it is opened, opened again when its process dies."""

from graph.address import Address
from graph.engine.embedded import EmbeddedEngine


class EmbeddedSource:
    """One engine; implements `graph.connection.Source`."""

    def __init__(self, engine: EmbeddedEngine) -> None:
        self._engine = engine

    async def open(self) -> Address:
        """Start the engine's process, the remains of a dead one cleared away."""
        await self._engine.stop()
        return await self._engine.start()

    async def lost(self) -> None:
        """Return when the engine's process has ended."""
        await self._engine.wait_exit()

    async def close(self) -> None:
        """Stop the engine."""
        await self._engine.stop()
