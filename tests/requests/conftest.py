import pytest

from graph.requests import watch


@pytest.fixture(autouse=True)
def unwatched(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time passes when a test lets it, and is noticed by claims, unless the watch is what is tested."""
    if "watch" not in request.node.name:
        monkeypatch.setattr(watch.RequestWatch, "start", lambda self: None)
