"""Validators of OpenAPI documents find nothing in the normalised ones."""

from tools import DOCUMENTS, FOLDER, check, end, run

# What the rules of Redocly do not see, each with its reason.
(FOLDER / "redocly.yaml").write_text("""
extends: [recommended]
rules:
  # A tag that may be absent has a default, which version 3.1 has no word for.
  no-illogical-composition-keywords: off
  # Events of callbacks are read, and no operation answers with them.
  no-unused-components: off
  # `blobs/{blobId}/refresh` and `blobs/archive/{token}` are paths of the service.
  no-ambiguous-paths: off
  # The service declares neither a refusal for some operations, nor a success for a redirect.
  operation-4xx-response: off
  operation-2xx-response: off
  # The documents are made where they are needed, and published by nobody.
  info-license: off
""")

for name, document in DOCUMENTS.items():
    code, said = run("redocly", "lint", document, "--config", "redocly.yaml", "--format", "summary")
    check(f"{name}: Redocly", code == 0 and "warning" not in said.replace("Deprecation warning", ""), said[-600:])
    code, said = run("openapi-spec-validator", document)
    check(f"{name}: openapi-spec-validator", code == 0, said[-400:])
end()
