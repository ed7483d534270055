"""Schemathesis makes up requests: none gets a status of 500 or above, or an answer that breaks its schema."""

import re

from tools import API, DOCUMENTS, FOLDER, TOKEN, check, end, run

for name, document in DOCUMENTS.items():
    code, said = run(
        "schemathesis", "run", document, "--url", API, "--header", f"Authorization: Bearer {TOKEN}",
        "--checks", "not_a_server_error,response_schema_conformance", "--mode", "positive",
        "--phases", "examples,fuzzing,stateful", "--max-examples", "20", "--seed", "7",
        "--workers", "1", "--continue-on-failure", "--no-color",
    )
    (FOLDER / f"schemathesis-{name}.log").write_text(said)
    made = re.search(r"(\d+) generated", said)
    count = int(made.group(1)) if made else 0
    why = "\n".join(re.findall(r"(?m)^(?:_{3,} .*|- ST\d+ .*|    curl .*)$", said))[:2000]
    check(f"{name}: {count} requests of Schemathesis", code == 0 and count > 100, why or said[-600:])
end()
