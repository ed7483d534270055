// Published clients of npm submit, wait, fetch and cancel.

import { Civitai } from "civitai";
import { OpenAPI } from "civitai/dist/core/OpenAPI";
import * as client from "@civitai/client";
import * as orchestration from "@civitai/orchestration-client";

const { API: baseUrl, TOKEN: auth } = process.env;
let failed = 0;
const check = (what, good, why) => {
  process.stdout.write(`${good ? "ok  " : "FAIL"} ${what}${good ? "" : `: ${JSON.stringify(why)}`}\n`);
  failed += good ? 0 : 1;
};
const isPng = async (link) => Buffer.from(await (await fetch(link)).arrayBuffer()).subarray(1, 4).toString() === "PNG";

const old = new Civitai({ auth });
OpenAPI.BASE = baseUrl;
console.log = console.error = () => {};
const input = {
  model: "urn:air:sd1:checkpoint:civitai:4384@128713",
  params: { prompt: "fog", width: 64, height: 64, scheduler: "EulerA", steps: 20, cfgScale: 7, clipSkip: 2 },
};
const submitted = await old.image.fromText(input);
check("civitai: submit", submitted.token && submitted.jobs.length === 1, submitted);
const waited = await old.image.fromText(input, true);
// The client puts a whole batch in the place of a result.
const result = waited.jobs[0].result?.jobs[0].result;
check("civitai: wait and fetch", result?.available && (await isPng(result.blobUrl)), waited);
check("civitai: by token", (await old.jobs.getByToken(waited.token)).jobs.length === 1, "no job");
check("civitai: by id", (await old.jobs.getById(waited.jobs[0].jobId)).jobId === waited.jobs[0].jobId, "another");
await old.jobs.cancel(submitted.jobs[0].jobId);
check("civitai: cancel", true);

for (const [name, library] of [["@civitai/client", client], ["@civitai/orchestration-client", orchestration]]) {
  const caller = library.createCivitaiClient({ auth, baseUrl, env: "production" });
  caller.setConfig({ baseUrl });
  const step = { $type: "imageGen", input: {
    engine: "flux2", model: "klein", operation: "createImage", modelVersion: "4b", prompt: "fog" } };
  const body = { steps: [step], currencies: [], tags: ["judge"] };
  const submit = (query) => library.submitWorkflow({ client: caller, body, query });
  const price = await submit({ whatif: true });
  check(`${name}: price`, price.data?.cost?.total > 0, price.error ?? price.data);
  const made = await submit({});
  const path = { workflowId: made.data?.id };
  check(`${name}: submit`, path.workflowId, made.error);
  const done = await library.getWorkflow({ client: caller, path, query: { wait: 60 } });
  check(`${name}: wait`, done.data?.status === "succeeded", done.error ?? done.data);
  check(`${name}: fetch`, await isPng(done.data.steps[0].output.images[0].url), done.data.steps[0].output);
  const listed = await library.queryWorkflows({ client: caller, query: { tags: ["judge"] } });
  check(`${name}: list`, listed.data?.items.length > 0, listed.error ?? listed.data);
  const other = await submit({});
  const cancelled = await library.updateWorkflow({
    client: caller, path: { workflowId: other.data.id }, body: { status: "canceled" } });
  check(`${name}: cancel`, cancelled.response.ok, cancelled.error);
  const gone = await library.deleteWorkflow({ client: caller, path });
  check(`${name}: delete`, gone.response.status === 204, gone.error);
  const unknown = await library.getWorkflow({ client: caller, path });
  check(`${name}: 404 is an error`, unknown.response.status === 404 && unknown.error, unknown.data);
}
process.exit(failed ? 1 : 0);
