// Waits for a workflow from Node through WebAssembly: node check.mjs FOLDER ADDRESS TOKEN

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, address, token] = process.argv.slice(2);
const { initSync, picture } = await import(pathToFileURL(join(folder, "browser.js")));
initSync({ module: await readFile(join(folder, "browser_bg.wasm")) });

const phases = [];
const bytes = await picture(address, token, "a lighthouse in fog", phase => phases.push(phase));
assert.equal(phases.at(-1), "succeeded");
assert.deepEqual([...bytes.slice(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
console.log(`${phases.join(", ")}: ${bytes.length} bytes`);

await assert.rejects(picture(address, `${token}-wrong`, "fog", () => {}), /401/);
await assert.rejects(picture("http://127.0.0.1:9", token, "fog", () => {}), error => {
  console.log(error.message);
  return true;
});
