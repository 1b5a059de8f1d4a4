"""Real directories for the example's jobs."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.example.calls import NOW

NOBODY = 65534


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A small directory: 3 types, 4 files, 2 folders, 3,210 bytes."""
    root = tmp_path / "files"
    (root / "docs" / "old").mkdir(parents=True)
    (root / "README").write_bytes(b"x" * 10)
    (root / "docs" / "a.txt").write_bytes(b"x" * 200)
    (root / "docs" / "B.TXT").write_bytes(b"")
    (root / "docs" / "old" / "c.pdf").write_bytes(b"x" * 3000)
    for path in root.rglob("*"):
        os.utime(path, (NOW.timestamp() - 3600,) * 2)
    return root


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """An empty directory, while this process may not read everything: root would see through every lock."""
    root = Path(tempfile.mkdtemp(prefix="insights-")).resolve()
    root.chmod(0o755)
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(root, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    yield root
    if is_root:
        os.seteuid(0)
    for path in root.iterdir():
        path.chmod(0o755)
    shutil.rmtree(root)
