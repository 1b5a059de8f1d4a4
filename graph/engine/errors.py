"""What can go wrong between the service and its embedded database.

EngineError                     code, sentence
├── DataDirectoryInUse          another service holds the data directory
├── DataDirectoryUnusable       it cannot be made, read or written
└── EngineStartFailed           the database in it did not come up
"""

from graph.errors import LineageError


class EngineError(LineageError):
    """The embedded database cannot serve; `code` is stable, the sentence says what to do."""


class DataDirectoryInUse(EngineError):
    """Another service holds the data directory; code `data_directory_in_use`."""


class DataDirectoryUnusable(EngineError):
    """The data directory cannot be made, read or written; code `data_directory_unusable`."""


class EngineStartFailed(EngineError):
    """The database did not come up; code `engine_start_failed`, the sentence names the log to read."""


def from_code(code: str, message: str) -> EngineError:
    """The error that the child process reported as a code and a sentence."""
    kinds: dict[str, type[EngineError]] = {
        "data_directory_in_use": DataDirectoryInUse,
        "data_directory_unusable": DataDirectoryUnusable,
    }
    return kinds.get(code, EngineStartFailed)(code, message)
