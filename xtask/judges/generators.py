"""Generators of other languages read the normalised documents without a warning, every operation included."""

import re

from tools import DOCUMENTS, FOLDER, check, end, operations, run

# What openapi-python-client says of media types that it does not know; what remains is generated.
UNKNOWN_MEDIA = "Unsupported content"
(FOLDER / "python-client.yaml").write_text("literal_enums: true\n")

for name, document in DOCUMENTS.items():
    wanted = operations(document)

    code, said = run("openapi-typescript", document, "-o", f"{name}.d.ts")
    text = (FOLDER / f"{name}.d.ts").read_text()
    (FOLDER / "tsconfig.json").write_text('{"compilerOptions": {"strict": true, "noEmit": true}}')
    compiled, errors = run("tsc", "--strict", "--noEmit", "--skipLibCheck", f"{name}.d.ts")
    check(f"{name}: openapi-typescript", code == 0 and "⚠" not in said, said[-400:])
    check(f"{name}: its types compile", compiled == 0, errors[:400])
    check(f"{name}: its operations", len(re.findall(r"responses: \{", text)) >= wanted, wanted)

    out = FOLDER / f"hey-{name}"
    plugins = ["@hey-api/typescript", "@hey-api/sdk", "zod", "@hey-api/client-fetch"]
    code, said = run("openapi-ts", "-i", document, "-o", out, "-p", *plugins)
    check(f"{name}: @hey-api/openapi-ts", code == 0 and not re.search("warn|error", said, re.I), said[-400:])
    made = len(re.findall(r"^export const \w+ = <", (out / "sdk.gen.ts").read_text(), re.M))
    check(f"{name}: its {made} of {wanted} operations", made == wanted, "some are missing")

    out = FOLDER / f"python_{name}"
    command = ["openapi-python-client", "generate", "--config", "python-client.yaml", "--meta", "none",
               "--overwrite", "--path", document, "--output-path", out]
    code, said = run(*command)
    warnings = [part for part in re.split(r"\n(?=WARNING|Unable)", said) if re.match("WARNING|Unable", part)]
    warnings = [warning for warning in warnings if UNKNOWN_MEDIA not in warning]
    made = len([file for file in (out / "api").rglob("*.py") if file.name != "__init__.py"])
    check(f"{name}: openapi-python-client", code == 0 and not warnings, "\n".join(warnings)[:800] or said[-400:])
    check(f"{name}: its {made} of {wanted} operations", made == wanted, "some are missing")
end()
