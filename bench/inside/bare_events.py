"""The ceiling of `events`: nothing but the news of the database, written to every socket that asked for its topic.

No HTTP, no session, no heartbeat, no limits: a reader sends the topic as a line. Prints its port when it listens.
"""

import asyncio
import sys
from collections import defaultdict

import psycopg

CHANNEL = "yichuang_live"
readers: dict[str, list[asyncio.StreamWriter]] = defaultdict(list)


async def _joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    readers[(await reader.readline()).decode().strip()].append(writer)
    writer.write(b"joined\n")
    await reader.read()


async def main(url: str) -> None:
    server = await asyncio.start_server(_joined, "127.0.0.1", 0, backlog=4096)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as news:
        await news.execute(f"LISTEN {CHANNEL}")
        print(server.sockets[0].getsockname()[1], flush=True)
        async for note in news.notifies():
            told = f"event: hall\ndata: {note.payload}\n\n".encode()
            for writer in readers[note.payload]:
                writer.write(told)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
