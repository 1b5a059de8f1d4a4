"""The embedded database: an ArcadeDB server in a process of its own, held by one service at a time."""

from graph.engine.embedded import Address, EmbeddedEngine
from graph.engine.errors import DataDirectoryInUse, DataDirectoryUnusable, EngineError, EngineStartFailed

__all__ = [
    "Address",
    "DataDirectoryInUse",
    "DataDirectoryUnusable",
    "EmbeddedEngine",
    "EngineError",
    "EngineStartFailed",
]
