"""The job `archive-report`: pack one report into a zip file, with checksums, and read it back.

The same report gives the same bytes, on any machine: entries in order, one fixed time, fixed permissions,
and stored rather than compressed, since the bytes that deflate makes depend on the version of zlib. So the
checksum of an archive tells whether two archives hold the same report.
"""

import hashlib
import os
import zipfile
from pathlib import Path, PurePosixPath

from . import report
from .jobs import JobContext, JobFailure, JobResult, instant, job, succeeded
from .models import Archive, ArchiveEntry, Artifact, Report

ASSET_ID = "directory.insights.archive"
CHECKSUMS = "SHA256SUMS"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can hold."""
MAX_BYTES = 256 * 1024**2
"""A report is far smaller; what claims to be larger is not read into memory."""


@job
def handle(context: JobContext) -> JobResult:
    """Parameters: `archiveDir`, made when missing. Input: `directory.insights.report`."""
    source = Report.model_validate(context.input(report.ASSET_ID))
    target = Path(context.text("archiveDir"))
    contents = _read(source)

    target.mkdir(parents=True, exist_ok=True)
    # Someone may read the last archive meanwhile: the name appears once all is there and checked.
    path = target.resolve() / f"{Path(source.output_dir).name or 'report'}.zip"
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write_zip(unfinished, contents)
        verify_zip(unfinished, contents)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    packed = path.read_bytes()
    digest = _sha256(packed)
    beside = path.with_name(f"{path.name}.sha256")
    beside.write_text(f"{digest}  {path.name}\n", encoding="utf-8")

    now = context.now()
    payload = Archive(
        archive_path=str(path),
        source_dir=source.output_dir,
        created_at=instant(now),
        size_bytes=len(packed),
        sha256=digest,
        entries=[
            ArchiveEntry(relative_path=name, size_bytes=len(content), sha256=_sha256(content))
            for name, content in sorted(contents.items())
        ],
    )
    files = [
        Artifact(relative_path=path.name, media_type="application/zip", size_bytes=len(packed)),
        Artifact(relative_path=beside.name, media_type="text/plain", size_bytes=beside.stat().st_size),
    ]
    return succeeded(ASSET_ID, payload, now, files=[file.to_json() for file in files])


def checksums(contents: dict[str, bytes]) -> str:
    """One line per file, as `sha256sum --check` reads it."""
    return "".join(f"{_sha256(content)}  {name}\n" for name, content in sorted(contents.items()))


def write_zip(path: Path, contents: dict[str, bytes]) -> None:
    """Write the files, in the order of their names, with their checksums as a file after them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in [*sorted(contents.items()), (CHECKSUMS, checksums(contents).encode())]:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3  # Unix, wherever this runs
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)


def verify_zip(path: Path, contents: dict[str, bytes]) -> None:
    """Read a zip file back from disk; JobFailure unless it holds exactly these and the checksums."""
    expected = {**contents, CHECKSUMS: checksums(contents).encode()}
    try:
        with zipfile.ZipFile(path) as archive:
            found = {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile as error:
        raise JobFailure(f"The archive '{path.name}' cannot be read back: {error}.") from error
    differing = sorted(name for name in {*expected, *found} if expected.get(name) != found.get(name))
    if differing:
        raise JobFailure(f"The archive '{path.name}' does not hold what was put in; different: {', '.join(differing)}.")


def _read(source: Report) -> dict[str, bytes]:
    """The report's files by name. The payload came over the network, so no path in it is trusted."""
    root = Path(source.output_dir)
    if not root.is_absolute() or not root.is_dir():
        raise JobFailure(f"The report's directory '{root}' is gone; run the report again.")
    if not source.artifacts:
        raise JobFailure(f"The report in '{root}' names no files, so there is nothing to archive.")
    if sum(artifact.size_bytes for artifact in source.artifacts) > MAX_BYTES:
        raise JobFailure(f"The report in '{root}' is larger than {MAX_BYTES} bytes, too large to archive.")
    contents: dict[str, bytes] = {}
    for artifact in source.artifacts:
        name = artifact.relative_path
        if name in contents or name == CHECKSUMS:
            raise JobFailure(f"The report names '{name}' twice.")
        contents[name] = _read_one(root.resolve(), artifact)
    return contents


def _read_one(root: Path, artifact: Artifact) -> bytes:
    name = artifact.relative_path
    pure = PurePosixPath(name)
    path = (root / name).resolve() if "\0" not in name else root
    if str(pure) != name or ".." in pure.parts or not path.is_relative_to(root) or path == root:
        raise JobFailure(f"The report names '{name}', which is no file of its own directory.")
    if not path.is_file():
        raise JobFailure(f"The file '{name}' of the report in '{root}' is missing; run the report again.")
    with path.open("rb") as file:
        content = file.read(artifact.size_bytes + 1)
    if len(content) != artifact.size_bytes:
        raise JobFailure(f"The file '{name}' was changed after the report was made; run the report again.")
    return content


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
