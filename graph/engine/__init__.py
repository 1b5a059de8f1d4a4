"""The embedded database: an ArcadeDB server in a process of its own, held by one service at a time."""

from graph.address import Address
from graph.engine.embedded import EmbeddedEngine
from graph.engine.errors import DataDirectoryInUse, DataDirectoryUnusable, EngineError, EngineStartFailed
from graph.engine.source import EmbeddedSource

__all__ = [
    "Address",
    "DataDirectoryInUse",
    "DataDirectoryUnusable",
    "EmbeddedEngine",
    "EmbeddedSource",
    "EngineError",
    "EngineStartFailed",
]
