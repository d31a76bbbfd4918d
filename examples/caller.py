"""A caller at the terminal, for a server that runs: what the bot and people say is printed, what you type is said.

python examples/caller.py bank-service                     # huashu serve --bots scripts_market --desk 127.0.0.1:8600
python examples/caller.py bank-service 127.0.0.1:50051
"""

import asyncio
import sys

from huashu.channels.client import Client, Conversation
from huashu.core.actions import HumanSay, Say
from huashu.core.events import Heard, Started


async def listen(talk: Conversation) -> None:
    async for item in talk:
        if isinstance(item, Say | HumanSay):
            print(f"[{item.agent}] {item.text}" if isinstance(item, HumanSay) else item.text, flush=True)


async def main(bot: str, address: str = "127.0.0.1:50051") -> None:
    async with Client(address) as client:
        talk = await client.converse(bot, Started(call="", marks="none", caller="13812345678"))
        listening = asyncio.create_task(listen(talk))
        while not listening.done() and (line := await asyncio.to_thread(sys.stdin.readline)):
            if line.strip():
                await talk.send(Heard(line.strip()))
        if not listening.done():
            await talk.done()
        await listening


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
