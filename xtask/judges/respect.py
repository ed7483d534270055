"""Redocly's runner of Arazzo documents runs the flows of `openapi/arazzo` against the simulator."""

import json
import re
import urllib.request

from tools import API, FLOWS, FOLDER, TOKEN, ask, check, end, run

PHOTOGPT = f"{API}/photogpt/api"
PICTURES = 12


def flow(name):
    """A flow whose contract is the normalised document, which a validator can read."""
    text = (FLOWS / f"{name}.arazzo.yaml").read_text()
    text = re.sub(r"url: \.\./(\w+)/openapi\.yaml", lambda found: f"url: ./{found[1]}.json", text)
    file = FOLDER / f"{name}.arazzo.yaml"
    file.write_text(text)
    return file


def respect(name, workflow, server, **inputs):
    words = [word for key, value in inputs.items() for word in ("--input", f"{key}={value}")]
    # It has no pace: what is not ready is asked for again at once.
    code, said = run(
        "redocly", "respect", flow(name), "--workflow", workflow, "--server", server, "--max-steps", "500", *words
    )
    check(f"{name}: {workflow}", code == 0, said[-1500:])


def picture():
    """A picture of the simulator, as somebody would upload it."""
    step = {"$type": "textToImage", "input": {
        "model": "urn:air:sd1:checkpoint:civitai:4384@128713", "prompt": "fog", "width": 512, "height": 512}}
    _, _, work = ask(API, "POST", "/v2/consumer/workflows?wait=60", {"steps": [step], "currencies": []})
    with urllib.request.urlopen(work["steps"][0]["output"]["images"][0]["url"]) as reply:
        return reply.read()


def photogpt(path, body, kind="application/json"):
    _, _, said = ask(PHOTOGPT, "POST", path, body, **{"API-Version": "1", "content-type": kind})
    return said["result"]


def model():
    """A model with as many pictures as training takes."""
    person = {"name": "keeper", "age": 40, "gender": "Male", "ethnicity": "any", "eyeColor": "grey"}
    made = photogpt("/models", person)["id"]
    about = json.dumps({"modelID": made, "type": "modelInput"})
    png = picture()
    for number in range(PICTURES):
        parts = [f'--edge\r\nContent-Disposition: form-data; name="data"\r\n\r\n{about}\r\n'.encode()]
        parts.append(
            f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{number}.png"\r\n'
            "Content-Type: image/png\r\n\r\n".encode() + png + b"\r\n--edge--\r\n"
        )
        photogpt("/images/upload", b"".join(parts), "multipart/form-data; boundary=edge")
    return made


civitai = {"token": TOKEN, "prompt": "a lighthouse in fog"}
respect("civitai-v1", "make-image", f"civitai={API}", **civitai)
respect("civitai-v2", "make-images", f"civitai={API}", **civitai)
respect("serika", "make-image", f"serika={API}/serika/v1", key=TOKEN, prompt="a lighthouse in fog")
respect("photogpt-training", "train", f"photogpt={PHOTOGPT}", key=TOKEN, prompt="at sea", model=model())
end()
