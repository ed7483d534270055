"""What all judges share: where things are, running a tool, asking the simulator, and the verdict."""

import json
import os
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).parent
FOLDER = pathlib.Path(os.environ["JUDGES"])
PYTHON = FOLDER / "python" / "bin"
NODE = FOLDER / "node" / "node_modules" / ".bin"
DOCUMENTS = {name: FOLDER / f"{name}.json" for name in ("v1", "v2")}
FLOWS = HERE.parent.parent / "openapi" / "arazzo"
EXAMPLES = HERE.parent.parent / "tests" / "examples" / "v2"
API = os.environ.get("API", "")
TOKEN = os.environ.get("TOKEN", "")

found = []


def check(what, good, why=""):
    """Prints one line of the verdict, and keeps what is wrong."""
    print(f"{'ok  ' if good else 'FAIL'} {what}{'' if good else ': ' + str(why)}", flush=True)
    if not good:
        found.append(what)


def end():
    """Ends with 1 where anything was wrong."""
    print(f"{len(found)} found")
    sys.exit(1 if found else 0)


def run(*command, cwd=FOLDER):
    """Runs a tool, and returns its exit code with all that it said."""
    path = f"{PYTHON}:{NODE}:{os.environ['PATH']}"
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, capture_output=True, text=True,
        env={**os.environ, "PATH": path, "NO_COLOR": "1"},
    )
    return done.returncode, done.stdout + done.stderr


def ask(base, method, path, body=None, **more):
    """Sends a request with a body of JSON or bytes, and returns status, headers and JSON of the answer."""
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {TOKEN}", **more}
    request = urllib.request.Request(base + path, data=data, headers=headers, method=method)
    try:
        reply = urllib.request.urlopen(request, timeout=120)
    except urllib.error.HTTPError as error:
        reply = error
    text = reply.read()
    return reply.status, reply.headers, json.loads(text) if text else None


def examples():
    """All examples of submissions by their names, each with a key that is free."""
    for file in sorted(EXAMPLES.rglob("*.json")):
        example = json.loads(file.read_text())
        example.pop("externalId", None)
        example.setdefault("currencies", [])
        yield str(file.relative_to(EXAMPLES)), example


def operations(document):
    """The number of operations of a document."""
    methods = {"get", "put", "post", "delete", "patch", "head", "options"}
    paths = json.loads(document.read_text())["paths"].values()
    return sum(len(methods & item.keys()) for item in paths)
