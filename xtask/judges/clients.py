"""Published clients submit, wait, fetch and cancel: those of PyPI here, those of npm in `clients.mjs`."""

import logging
import os
import urllib.request

from tools import API, FOLDER, HERE, NODE, TOKEN, check, end, run

os.environ["CIVITAI_API_TOKEN"] = TOKEN
logging.disable()
import civitai  # noqa: E402, for it wants the token as soon as it is imported

civitai.civitai.base_path = API
WORK = {
    "model": "urn:air:sd1:checkpoint:civitai:4384@128713",
    "params": {"prompt": "fog", "width": 64, "height": 64},
}


def fetch(job):
    return urllib.request.urlopen(job["result"]["blobUrl"]).read()[1:4]


batch = civitai.image.create(dict(WORK))
check("civitai-py: submit", batch["jobs"][0]["scheduled"] is not None, batch)
batch = civitai.image.create(dict(WORK), wait=True)
check("civitai-py: wait and fetch", fetch(batch["jobs"][0]) == b"PNG", batch)
again = civitai.jobs.get(token=batch["token"])
check("civitai-py: by token", again["jobs"][0]["jobId"] == batch["jobs"][0]["jobId"], again)
found = civitai.jobs.query({"properties": {}})
check("civitai-py: query", len(found.jobs) >= 2, found)
check("civitai-py: cancel", civitai.jobs.cancel(batch["jobs"][0]["jobId"]) is None, "it answers something")

# The clients of version 2 import folders, which Node does not do by itself.
BANNER = "import { createRequire } from 'module'; const require = createRequire(import.meta.url);"
os.environ["NODE_PATH"] = str(FOLDER / "node" / "node_modules")
bundled, said = run(
    NODE / "esbuild", HERE / "clients.mjs", "--bundle", "--platform=node", "--format=esm",
    f"--banner:js={BANNER}", f"--outfile={FOLDER / 'clients.mjs'}", "--log-level=error",
)
if bundled:
    check("the clients of npm can be bundled", False, said[-600:])
else:
    code, said = run("node", FOLDER / "clients.mjs")
    lines = [line for line in said.splitlines() if line.startswith(("ok", "FAIL"))]
    print("\n".join(lines))
    check("the clients of npm", code == 0 and len(lines) >= 15, said[-600:])
end()
