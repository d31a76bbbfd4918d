"""Generate channels/*_pb2.py and .pyi from channels/proto/, so that they import as huashu.channels.*.

Usage: python tools/gen_proto.py [--check]
With --check nothing is written; exit status 1 when the committed code is not what the .proto files give.
Needs grpcio-tools (extra `dev`).
"""

import importlib
import pathlib
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator

import grpc_tools  # type: ignore[import-untyped]
from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto, FileDescriptorSet
from grpc_tools import protoc

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROTO = ROOT / "channels" / "proto"
TARGET = ROOT / "channels"


def generate(into: pathlib.Path) -> dict[str, str]:
    """The generated modules by file name. The services need no generated code: channels/rpc.py names their methods."""
    wellknown = pathlib.Path(grpc_tools.__file__).parent / "_proto"
    sources = sorted(PROTO.rglob("*.proto"))
    arguments = [f"-I{PROTO}", f"-I{wellknown}", f"--python_out={into}", f"--pyi_out={into}"]
    status = protoc.main(["protoc", *arguments, *(str(path) for path in sources)])
    if status != 0:
        raise SystemExit(f"protoc failed with status {status}")
    return {path.name: tidied(path.read_text("utf-8")) for path in sorted(into.rglob("*_pb2.py*"))}


def tidied(code: str) -> str:
    """Generated code as committed: typed enough for mypy --strict, and not tied to the generator's own release.

    The check that the installed protobuf is as new as the generator goes: plain proto3 needs no newer runtime, and
    5.27 and 7.36 were tried with tests/channels.
    """
    code = re.sub(r"^from google\.protobuf import runtime_version as _runtime_version\n", "", code, flags=re.M)
    code = re.sub(r"^_runtime_version\.ValidateProtobufRuntimeVersion\(.*?^\)\n", "", code, flags=re.M | re.S)
    code = re.sub(r"^# Protobuf Python Version: .*\n", "", code, flags=re.M)
    code = re.sub(r"^from huashu\.v1 import ", "from huashu.channels import ", code, flags=re.M)
    code = code.replace("import ClassVar as _ClassVar,", "import Any as _Any, ClassVar as _ClassVar,")
    return code.replace(", _Mapping]", ", _Mapping[str, _Any]]")


def stale() -> list[str]:
    """Names of .proto files whose committed module says something else, or is missing.

    Descriptors are compared, not text: a newer generator may write the same thing differently.
    """
    return [path.name for path in sorted(PROTO.rglob("*.proto")) if described(path) != committed(path)]


def described(path: pathlib.Path) -> FileDescriptorProto:
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "set"
        protoc.main(["protoc", f"-I{PROTO}", f"--descriptor_set_out={out}", str(path)])
        file = FileDescriptorSet.FromString(out.read_bytes()).file[0]
    for message in walk(file.message_type):
        for field in message.field:
            field.ClearField("json_name")  # only descriptor sets spell it out
    return file


def walk(messages: Iterable[DescriptorProto]) -> Iterator[DescriptorProto]:
    for message in messages:
        yield message
        yield from walk(message.nested_type)


def committed(path: pathlib.Path) -> FileDescriptorProto | None:
    try:
        module = importlib.import_module(f"huashu.channels.{path.stem}_pb2")
    except ModuleNotFoundError:
        return None
    return FileDescriptorProto.FromString(module.DESCRIPTOR.serialized_pb)


def main() -> None:
    if "--check" in sys.argv[1:]:
        different = stale()
        if different:
            raise SystemExit(f"run tools/gen_proto.py: {', '.join(different)} not up to date")
        return
    with tempfile.TemporaryDirectory() as folder:
        for name, content in generate(pathlib.Path(folder)).items():
            (TARGET / name).write_text(content, "utf-8")
            print(name)


if __name__ == "__main__":
    main()
