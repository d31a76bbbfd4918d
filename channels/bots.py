"""The `Bots` service: which bots are served, and a checker for bots that are not (yet)."""

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import grpc

from huashu.channels import bots_pb2 as pb
from huashu.channels.limits import Limits
from huashu.core.errors import LimitError, UsageError
from huashu.flows.check import check
from huashu.flows.script import Script

Context = grpc.aio.ServicerContext


class BotsService:
    """`scripts` is read at each request, so bots may be added while the server runs."""

    def __init__(self, scripts: Mapping[str, Script], limits: Limits) -> None:
        self._scripts = scripts
        self._limits = limits
        self._checks = asyncio.Semaphore(limits.checks)

    async def list(
        self, request: pb.ListBotsRequest, context: "Context[pb.ListBotsRequest, pb.ListBotsReply]"
    ) -> pb.ListBotsReply:
        return pb.ListBotsReply(bots=[_described(script) for _, script in sorted(self._scripts.items())])

    async def describe(
        self, request: pb.DescribeBotRequest, context: "Context[pb.DescribeBotRequest, pb.Bot]"
    ) -> pb.Bot:
        script = self._scripts.get(request.name)
        if script is None:
            await context.abort(grpc.StatusCode.NOT_FOUND, f"name: no bot {request.name!r}; {known(self._scripts)}")
        return _described(script)

    async def check(
        self, request: pb.CheckBotRequest, context: "Context[pb.CheckBotRequest, pb.CheckBotReply]"
    ) -> pb.CheckBotReply:
        try:
            files = _paths(request.files, self._limits)
        except UsageError as error:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        async with self._checks:
            return await asyncio.to_thread(_check, files)


def known(scripts: Mapping[str, Script]) -> str:
    """The end of a message about an unknown bot."""
    return f"served here: {', '.join(sorted(scripts)) or 'none'}"


def _described(script: Script) -> pb.Bot:
    return pb.Bot(
        name=script.name,
        title=script.title,
        language=script.language,
        languages=script.languages,
        direction=script.direction,
        digest=script.digest,
        flows=list(script.flows),
        variables=[
            pb.Variable(name=item.name, type=item.type, private=item.private, given=item.given, unit=item.unit or "")
            for item in script.variables.values()
        ],
    )


def _paths(files: Mapping[str, bytes], limits: Limits) -> dict[PurePosixPath, bytes]:
    """Paths that stay inside a folder. Raises UsageError naming the one that does not."""
    if len(files) > limits.bundle_files:
        raise LimitError(f"files: {len(files)}; at most {limits.bundle_files}")
    paths = {}
    for name, content in files.items():
        path = PurePosixPath(name)
        plain = all(part not in ("..", ".") and "\\" not in part and "\0" not in part for part in name.split("/"))
        if path.is_absolute() or not plain or not 0 < len(name) <= 200 or len(path.parts) > 5 or ":" in name:
            raise UsageError(f'files: {name[:80]!r} is no path inside a bot\'s folder, such as "flows/main.yaml"')
        paths[path] = content
    return paths


def _check(files: Mapping[PurePosixPath, bytes]) -> pb.CheckBotReply:
    with tempfile.TemporaryDirectory(prefix="huashu-check-") as name:
        folder = Path(name)
        for path, content in files.items():
            target = folder / path
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            except OSError:  # a file where another path needs a folder
                finding = pb.Finding(
                    file=str(path), code="path", message="path is both file and folder", severity="error"
                )
                return pb.CheckBotReply(ok=False, findings=[finding])
        report = check(folder)
    findings = [
        pb.Finding(
            file=str(item.file),
            line=item.line,
            column=item.column,
            code=item.code,
            message=item.message,
            severity=item.severity,
            hint=item.hint,
        )
        for item in report.findings
    ]
    return pb.CheckBotReply(ok=all(item.severity != "error" for item in findings), findings=findings)
