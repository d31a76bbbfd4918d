"""The measured process with the gRPC edge: a server of one bot, its engines without cost, recordings on.

Started by __main__ with a JSON object on the command line; says its address, answers every line of its standard input
with what it holds, and ends with that.
"""

import asyncio
import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))

from growth import objects
from load import RATE, Ears, Mouth, make_bot

from huashu.channels.grpc_server import GrpcServer
from huashu.channels.http_server import HttpServer, app
from huashu.channels.limits import Limits
from huashu.channels.security import Address
from huashu.channels.voice_call import Switchboard
from huashu.runtime import lasting
from huashu.voice.vad import shared_model


async def run(options: dict[str, str]) -> None:
    folder = Path(options["folder"])
    bot = make_bot(folder / "bot")
    board = Switchboard(Ears(), Mouth(), recordings=folder / "recordings")
    await board.prepare(bot, RATE)
    server = GrpcServer(
        {bot.script.name: bot},
        Address("127.0.0.1", 0),
        limits=Limits(calls=1000, conversations=1000, late=10.0),
        voice=board.call,
    )
    web = HttpServer(Address("127.0.0.1", 0), app(lambda: server.ready))
    lasting.keep()  # as `huashu serve` does
    print(json.dumps({"grpc": str(await server.start()), "http": str(await web.start())}), flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        detectors = len(shared_model(RATE)._states[0]) - len(shared_model(RATE)._free)
        told = {**objects(), "tasks": len(asyncio.all_tasks()), "calls": server.live, "detectors": detectors}
        print(json.dumps(told), flush=True)
    await server.drain(0.0)
    await web.stop()
    board.close()


if __name__ == "__main__":
    asyncio.run(run(json.loads(sys.argv[1])))
