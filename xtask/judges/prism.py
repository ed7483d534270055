"""Prism as a proxy that validates: every example is submitted, waited for and fetched again through it."""

import socket
import subprocess
import time

from tools import API, DOCUMENTS, FOLDER, NODE, ask, check, end, examples

PORTS = {"v1": 4398, "v2": 4399}


def proxy(name):
    command = [NODE / "prism", "proxy", DOCUMENTS[name], API, "--port", PORTS[name], "--errors", "false"]
    log = open(FOLDER / "prism.log", "w")
    process = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log)
    for _ in range(600):
        time.sleep(0.5)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", PORTS[name])) == 0:
                return process
        if process.poll() is not None:
            break
    process.kill()
    raise SystemExit(f"Prism does not start; see {FOLDER / 'prism.log'}")


def violations(headers):
    return headers.get("sl-violations", "")


base = f"http://127.0.0.1:{PORTS['v2']}"
process = proxy("v2")
try:
    done = 0
    for name, example in examples():
        status, headers, reply = ask(base, "POST", "/v2/consumer/workflows?wait=60", example)
        wrong = violations(headers)
        if not wrong and status in (200, 202):
            status, headers, reply = ask(base, "GET", f"/v2/consumer/workflows/{reply['id']}?wait=60")
            wrong = violations(headers)
        if wrong or status != 200 or reply["status"] != "succeeded":
            check(name, False, f"{status} {wrong or reply}"[:400])
        done += 1
    check(f"v2: {done} examples through Prism", done > 250, done)
    step = {"$type": "textToImage", "input": {"prompt": 7}}
    _, headers, _ = ask(base, "POST", "/v2/consumer/workflows", {"steps": [step], "currencies": []})
    check("v2: Prism sees a wrong type", violations(headers), "it does not")
finally:
    process.kill()

base = f"http://127.0.0.1:{PORTS['v1']}"
process = proxy("v1")
try:
    job = {"$type": "textToImage", "model": "urn:air:sd1:checkpoint:civitai:4384@128713",
           "params": {"prompt": "fog", "width": 64, "height": 64}, "properties": {"run": "r"}}
    _, headers, batch = ask(base, "POST", "/v1/consumer/jobs?wait=true&detailed=true", {"jobs": [job, job]})
    token = batch["token"].replace("+", "%2B")
    number = batch["jobs"][0]["jobId"]
    replies = {"submit": headers}
    for name, method, path, body in [
        ("by token", "GET", f"/v1/consumer/jobs?token={token}", None),
        ("query", "POST", "/v1/consumer/jobs/query?detailed=true", {"properties": {"run": "r"}}),
        ("taint", "PUT", f"/v1/consumer/jobs/{number}", {"reason": "r"}),
        ("taint all", "PUT", f"/v1/consumer/jobs?token={token}", {"reason": "r"}),
        ("cancel", "DELETE", f"/v1/consumer/jobs/{number}", None),
        ("coverage", "GET", "/v1/consumer/coverage?model=urn:air:sd1:checkpoint:civitai:4384@128713", None),
        ("consumption", "GET", "/v1/consumer/consumption", None),
    ]:
        status, replies[name], _ = ask(base, method, path, body)
        check(f"v1: {name} {status}", status < 300 and not violations(replies[name]), violations(replies[name]))
    check("v1: submit", not violations(replies["submit"]), violations(replies["submit"]))
finally:
    process.kill()
end()
