"use strict";

const byId = (id) => document.getElementById(id);

/** Makes an element with text, class and children. */
function make(name, { text, kind, ...rest } = {}, ...children) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (kind) element.className = kind;
  Object.assign(element, rest);
  element.append(...children);
  return element;
}

async function send(path, body, method = "POST") {
  const reply = await fetch(path, {
    method,
    headers: { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await reply.text();
  let said = null;
  try { said = JSON.parse(text); } catch { /* Not every reply has a body. */ }
  return { status: reply.status, said };
}

/** Elements of a list are kept by their key, so that pictures and open details stay as they are. */
function list(parent, items, key, draw) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const drawn = items.map((item) => {
    const name = String(key(item));
    const print = JSON.stringify(item, (part, value) => (part === "url" ? undefined : value));
    const kept = old.get(name);
    if (kept && kept.dataset.print === print) return kept;
    const element = draw(item, kept);
    element.dataset.key = name;
    element.dataset.print = print;
    return element;
  });
  if (drawn.length === parent.children.length && drawn.every((one, at) => one === parent.children[at])) return;
  parent.replaceChildren(...drawn);
}

/* Time */

for (const button of document.querySelectorAll(".time button")) {
  button.addEventListener("click", () => {
    const { speed, advance } = button.dataset;
    send("/_sim/time", speed ? { speed } : { advance: Number(advance) });
  });
}

/* What goes on */

function file({ id, url }) {
  if (!url) return make("span", { text: id, kind: "id" });
  if (/\.(png|svg|jpe?g|webp)(\?|$)/.test(id)) return make("img", { src: url, alt: id });
  if (/\.mp4$/.test(id)) return make("video", { src: url, controls: true, muted: true, preload: "metadata" });
  return make("a", { text: id, href: url, kind: "id" });
}

function workflow(item) {
  const steps = item.steps.map((step) => {
    const line = make("div", {},
      make("strong", { text: step.type }), " ",
      make("span", { text: step.status, kind: step.status }), " ");
    if (step.progress !== null && step.progress !== undefined) line.append(make("progress", { value: step.progress }));
    if (step.prompt) line.append(make("div", { text: step.prompt }));
    if (step.reason) line.append(make("div", { text: step.reason, kind: "bad" }));
    const files = make("div", { kind: "files" });
    list(files, step.files, (one) => one.id, file);
    line.append(files);
    return line;
  });
  const head = make("div", {},
    make("span", { text: item.status, kind: item.status }), ` · ${item.cost} Buzz `,
    make("span", { text: item.id, kind: "id" }));
  return make("li", {}, head, ...steps);
}

function job(item) {
  const event = item.lastEvent ? item.lastEvent.type : "";
  const results = [].concat(item.result ?? []).filter((one) => one.blobUrl);
  const files = make("div", { kind: "files" });
  list(files, results, (one) => one.blobKey, (one) => make("img", { src: one.blobUrl, alt: one.blobKey }));
  return make("li", {}, make("div", {},
    make("span", { text: event, kind: event.toLowerCase() }), ` · ${item.cost} Buzz `,
    make("span", { text: item.jobId, kind: "id" })), files);
}

function exchange(item) {
  const status = item.status ?? "…";
  const kind = item.status && item.status < 400 ? "ok" : "bad";
  const details = make("details", {}, make("summary", {},
    make("span", { text: status, kind: item.status ? kind : "" }), ` ${item.method} ${short(item.address)}`));
  details.title = item.address;
  details.addEventListener("toggle", async () => {
    if (!details.open || details.querySelector("pre")) return;
    const bodies = await (await fetch(`/_sim/requests/${item.number}`)).json();
    for (const body of [bodies.request, bodies.reply]) if (body) details.append(make("pre", { text: pretty(body) }));
  });
  return make("li", {}, details);
}

function short(address) {
  return address.length > 60 ? `${address.slice(0, 44)}…${address.slice(-12)}` : address;
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

function show(now) {
  byId("date").textContent = now.time.date.slice(0, 19).replace("T", " ");
  for (const button of document.querySelectorAll(".time button[data-speed]")) {
    button.setAttribute("aria-pressed", String(button.dataset.speed === now.time.speed));
  }
  for (const name of ["waiting", "running"]) byId(name).textContent = now.v2[name];
  for (const name of ["blue", "green", "yellow"]) byId(name).textContent = now.v2.buzz[name];
  byId("v1buzz").textContent = now.v1.buzz;
  byId("accepted").textContent = `(${now.v2.accepted})`;
  list(byId("workflows"), now.v2.workflows, (one) => one.id, workflow);
  list(byId("jobs"), now.v1.jobs, (one) => one.jobId, job);
  list(byId("requests"), now.requests.slice(0, 40), (one) => one.number, exchange);
  byId("ledger").replaceChildren(...now.v2.ledger.map((moved) => make("tr", {},
    make("td", { text: (moved.refund ? "+" : "−") + moved.amount }),
    make("td", { text: moved.currency }),
    make("td", { text: moved.workflow, kind: "id" }))));
  list(byId("faults"), now.faults, (one) => JSON.stringify(one.rule), (one) => make("li", {},
    make("div", { text: `struck ${one.struck} of ${one.seen}` }),
    make("pre", { text: JSON.stringify(one.rule) })));
}

const events = new EventSource("/_sim/events");
events.onmessage = (event) => { byId("link").textContent = "live"; show(JSON.parse(event.data)); };
events.onerror = () => { byId("link").textContent = "not there; trying again"; };

/* A form from the contract */

const choices = new Map();

function input(member) {
  if (member.kind === "flag") {
    return make("select", {}, ...["", "true", "false"].map((text) => make("option", { text, value: text })));
  }
  if (member.listed) {
    return make("select", {}, ...["", ...member.listed].map((text) => make("option", { text, value: text })));
  }
  if (member.kind === "number") {
    return make("input", { type: "number", min: member.least ?? "", max: member.most ?? "", step: member.whole ? 1 : "any" });
  }
  if (member.kind === "text") return make("input", { value: member.name === "prompt" ? "a lighthouse in fog" : "" });
  return make("textarea", { rows: 2, placeholder: member.hint, spellcheck: false });
}

async function form() {
  const query = new URLSearchParams([...choices]);
  const reply = await fetch(`/_sim/steps/${encodeURIComponent(byId("type").value)}?${query}`);
  const { choices: made, members } = await reply.json();
  const fields = byId("fields");
  fields.replaceChildren();
  for (const choice of made) {
    const select = make("select", {}, ...choice.listed.map((text) => make("option", { text, value: text, selected: text === choice.value })));
    select.dataset.choice = choice.name;
    select.addEventListener("change", () => { choices.set(choice.name, select.value); form(); });
    fields.append(make("label", { text: choice.name }, select));
  }
  const rest = make("details", {}, make("summary", { text: "More members" }));
  for (const member of members) {
    const field = input(member);
    field.required = member.required;
    Object.assign(field.dataset, { member: member.name, kind: member.kind });
    const label = make("label", { text: member.name + (member.required ? " *" : "") }, field);
    (member.required || member.name === "prompt" ? fields : rest).append(label);
  }
  if (rest.children.length > 1) fields.append(rest);
}

function given(field) {
  if (field.dataset.kind === "flag") return field.value === "true";
  if (field.dataset.kind === "number") return Number(field.value);
  return field.dataset.kind === "json" ? JSON.parse(field.value) : field.value;
}

byId("type").addEventListener("change", () => { choices.clear(); form(); });
byId("start").addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = byId("said");
  const step = {};
  try {
    for (const choice of document.querySelectorAll("[data-choice]")) step[choice.dataset.choice] = choice.value;
    for (const field of document.querySelectorAll("[data-member]")) {
      if (field.value !== "") step[field.dataset.member] = given(field);
    }
  } catch (error) {
    said.textContent = `A member is no JSON: ${error.message}`;
    return;
  }
  const body = { steps: [{ $type: byId("type").value, input: step }], currencies: [] };
  const reply = await send("/_sim/workflows", body);
  const errors = Object.entries(reply.said?.errors ?? {}).map(([place, what]) => `${place}: ${what.join(" ")}`);
  said.className = reply.status < 300 ? "ok" : "bad";
  said.textContent = reply.status < 300 ? `Started ${reply.said.id}` : errors.join("\n") || reply.said?.detail || reply.status;
});

/* Faults */

const kinds = {
  "status 503": [{ fault: "status", status: 503 }],
  "429 with Retry-After": [{ fault: "status", status: 429, retryAfter: "2" }],
  "502 of a proxy": [{ fault: "status", status: 502, page: "html" }],
  "504 after it was carried out": [{ fault: "status", status: 504, after: true }],
  "reset before": [{ fault: "reset" }],
  "reset after it was carried out": [{ fault: "reset", after: true }],
  "half a body": [{ fault: "truncate" }],
  "no body": [{ fault: "empty" }],
  "web page with 200": [{ fault: "status", status: 200, page: "html" }],
  "slow body": [{ fault: "slowBody", milliseconds: 500 }],
  "slow accept": [{ fault: "slowAccept", milliseconds: 2000 }],
  "gzip unasked": [{ fault: "gzip" }],
  "byte order mark": [{ fault: "bom" }],
  "unknown status": [{ fault: "edit", edits: [{ at: "/status", set: "dreaming" }] }],
};

function rule() {
  const on = { path: byId("path").value, times: Number(byId("times").value) };
  byId("rule").value = JSON.stringify({ on, do: kinds[byId("kind").value] }, null, 1);
}

byId("kind").append(...Object.keys(kinds).map((text) => make("option", { text, value: text })));
for (const id of ["kind", "path", "times"]) byId(id).addEventListener("input", rule);
rule();
byId("fault").addEventListener("submit", async (event) => {
  event.preventDefault();
  let body;
  try { body = JSON.parse(byId("rule").value); } catch (error) {
    byId("fault-said").textContent = `The rule is no JSON: ${error.message}`;
    return;
  }
  const reply = await send("/_sim/faults", body);
  byId("fault-said").textContent = reply.status === 201 ? "" : reply.said?.error ?? reply.status;
});
byId("clear").addEventListener("click", () => send("/_sim/faults", undefined, "DELETE"));

(async () => {
  const names = await (await fetch("/_sim/steps")).json();
  byId("type").append(...names.map((text) => make("option", { text, value: text, selected: text === "imageGen" })));
  await form();
})();
