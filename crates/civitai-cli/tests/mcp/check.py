"""Speaks to `civitai-jobs mcp` with the reference SDK of the protocol.

    pip install mcp==2.3.0
    python crates/civitai-cli/tests/mcp/check.py target/debug/civitai-jobs

Starts a simulator, lists the tools, generates until the budget stops it, kills a server in the middle of paid
work and takes the work up with another one, and counts what the simulator was paid for.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

PROGRAM = os.path.abspath(sys.argv[1])
TOOLS = ["cancel", "generate", "get", "list", "price", "resource", "run", "status"]
FOG = {"prompt": "fog", "width": 64, "height": 64, "seed": 7}


def member(value, *names):
    """A member by the name that it has in this version of the SDK."""
    return next(getattr(value, name) for name in names if hasattr(value, name))


def found(answer):
    assert not member(answer, "is_error", "isError"), answer
    return member(answer, "structured_content", "structuredContent")


async def main():
    with tempfile.TemporaryDirectory() as folder:
        sim = subprocess.Popen(
            [PROGRAM, "sim", "--port", "0", "--speed", "1"], stdout=subprocess.PIPE, text=True
        )
        try:
            await check(json.loads(sim.stdout.readline()), folder)
        finally:
            sim.terminate()
            sim.wait()


async def check(ready, folder):
    env = {
        "PATH": os.environ["PATH"],
        "CIVITAI_BASE_URL": ready["api"],
        "CIVITAI_API_TOKEN": ready["token"],
        "CIVITAI_LEDGER": os.path.join(folder, "ledger.sqlite"),
    }

    def server(budget):
        args = ["mcp", "--budget", str(budget), "--out", folder]
        return stdio_client(StdioServerParameters(command=PROGRAM, args=args, env=env))

    async with server(1000) as (read, write), ClientSession(read, write) as agent:
        await agent.initialize()
        tools = await agent.list_tools()
        names = [tool.name for tool in tools.tools]
        assert names == TOOLS, names
        price = found(await agent.call_tool("price", {"generate": FOG}))["cost"]
        begun = found(await agent.call_tool("generate", FOG | {"waitSeconds": 0}))
        assert begun["state"] == "running", begun
    # The server went away in the middle of the work.
    async with server(price) as (read, write), ClientSession(read, write) as agent:
        await agent.initialize()
        again = found(await agent.call_tool("generate", FOG))
        assert again["id"] == begun["id"], (again, begun)
        assert os.path.isfile(again["files"][0]["path"]), again
        assert again["budget"]["spent"] == 0, again
        found(await agent.call_tool("generate", FOG | {"seed": 8}))
        over = await agent.call_tool("generate", FOG | {"seed": 9})
        assert member(over, "is_error", "isError"), over
        assert "nothing was submitted" in over.content[0].text, over
        listed = found(await agent.call_tool("list", {}))
        assert len(listed["workflows"]) == 2, listed
    print(f"{len(TOOLS)} tools, 2 pictures for {2 * price} Buzz, a third one stopped by the budget")


asyncio.run(main())
