"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const make = (tag, text, name) => {
    const node = document.createElement(tag);
    if (text !== undefined && text !== null) node.textContent = text;
    if (name) node.className = name;
    return node;
  };
  const CHUNK = 120;
  const MOST = 40;
  let run = JSON.parse(find("data").textContent);
  const chosen = new Set();
  let shown = [];
  let drawn = 0;

  // Words: what the file says of a line, and what all lines have in common besides.
  const text = (value) => (typeof value === "string" ? value : JSON.stringify(value));
  const word = (line, name) => {
    const value = line.input ? line.input[name] : undefined;
    return value === undefined || value === null ? "" : text(value);
  };
  const promptOf = (line) => word(line, "prompt") || line.title;

  // Names that take a few values, and so can be chosen by.
  const varied = () => {
    const values = new Map();
    for (const line of run.lines) {
      for (const name of Object.keys(line.input || {})) {
        if (!values.has(name)) values.set(name, new Set());
        const seen = values.get(name);
        if (seen.size <= MOST) seen.add(word(line, name));
      }
    }
    const inOrder = (a, b) => a.localeCompare(b, undefined, { numeric: true });
    return [...values]
      .filter(([, seen]) => seen.size > 1 && seen.size <= MOST)
      .map(([name, seen]) => [name, [...seen].sort(inOrder)]);
  };

  const option = (value, label) => {
    const node = make("option", label ?? value);
    node.value = value;
    return node;
  };

  const choices = () => {
    const names = varied();
    const keep = new Map();
    for (const select of document.querySelectorAll("#filters select")) keep.set(select.id, select.value);
    const states = [...new Set(run.lines.map((line) => line.state))].sort();
    find("state").replaceChildren(option("", "all"), ...states.map((state) => option(state)));
    find("values").replaceChildren(
      ...names.map(([name, values]) => {
        const label = make("label", name + " ");
        const select = make("select");
        select.id = "value-" + name;
        select.dataset.name = name;
        select.setAttribute("aria-label", name);
        select.append(option("", "all"), ...values.map((value) => option(value, value.slice(0, 60) || "(not said)")));
        label.append(select);
        return label;
      }),
    );
    for (const id of ["across", "down"]) {
      find(id).replaceChildren(option("", "–"), ...names.map(([name]) => option(name)));
    }
    for (const [id, value] of keep) {
      const select = document.getElementById(id);
      if (select && [...select.options].some((one) => one.value === value)) select.value = value;
    }
  };

  const address = (path) => path.split("/").map(encodeURIComponent).join("/");
  const media = (file, title) => {
    const kind = file.mediaType.split("/")[0];
    const source = (run.files || "") + address(file.path);
    if (kind === "image") {
      const link = make("a");
      link.href = source;
      link.target = "_blank";
      link.rel = "noopener";
      const image = make("img");
      image.loading = "lazy";
      image.decoding = "async";
      image.alt = title;
      image.src = source;
      if (file.width) [image.width, image.height] = [file.width, file.height];
      link.append(image);
      return link;
    }
    if (kind === "video" || kind === "audio") {
      const player = make(kind);
      player.controls = true;
      player.preload = "none";
      player.src = source;
      return player;
    }
    const link = make("a", file.path);
    link.href = source;
    return link;
  };
  const files = (line) => {
    const node = make("div", null, "files");
    node.append(...line.files.map((file) => media(file, promptOf(line))));
    return node;
  };
  const facts = (line) => {
    const parts = ["line " + line.line];
    if (line.seed !== null) parts.push("seed " + line.seed);
    if (line.cost !== null) parts.push(line.cost + " Buzz");
    if (line.seconds !== null) parts.push(line.seconds + " s");
    if (line.sameAs !== null) parts.push("as line " + line.sameAs);
    return parts.join(" · ");
  };

  const card = (line) => {
    const node = make("li", null, "card");
    node.dataset.line = line.line;
    const words = make("div", null, "words");
    const about = make("p", null, "facts");
    const box = make("input");
    box.type = "checkbox";
    box.checked = chosen.has(line.line);
    box.setAttribute("aria-label", "compare line " + line.line);
    box.addEventListener("change", () => choose(line.line, box.checked));
    const label = make("label", null, "choose");
    label.append(box, facts(line));
    about.append(label, " ", make("span", line.state, line.state));
    words.append(make("p", promptOf(line)), about);
    const others = Object.keys(line.input || {}).filter((name) => name !== "prompt" && name !== "seed");
    if (others.length) {
      words.append(make("p", others.map((name) => name + " " + word(line, name)).join(" · "), "facts"));
    }
    if (line.reason) words.append(make("p", line.reason, line.state));
    for (const said of line.texts) words.append(make("pre", said));
    node.append(files(line), words);
    node.classList.toggle("chosen", chosen.has(line.line));
    return node;
  };

  const more = () => {
    const next = shown.slice(drawn, drawn + CHUNK);
    find("lines").append(...next.map(card));
    drawn += next.length;
  };

  const choose = (number, on) => {
    if (on) chosen.add(number);
    else chosen.delete(number);
    for (const node of document.querySelectorAll('[data-line="' + number + '"]')) node.classList.toggle("chosen", on);
    buttons();
  };
  const buttons = () => {
    find("compare").disabled = chosen.size < 2;
    find("compare").textContent = chosen.size ? "Compare " + chosen.size : "Compare";
    find("clear").disabled = chosen.size === 0;
  };

  const filtered = () => {
    const search = find("search").value.toLowerCase();
    const state = find("state").value;
    const values = [...find("values").querySelectorAll("select")].filter((select) => select.value);
    const fits = (line) =>
      (!state || line.state === state) &&
      values.every((select) => word(line, select.dataset.name) === select.value) &&
      (!search || (promptOf(line) + " " + JSON.stringify(line.input) + " " + (line.reason || "")).toLowerCase().includes(search));
    const sort = find("sort").value;
    const most = (name) => (a, b) => (b[name] ?? -1) - (a[name] ?? -1) || a.line - b.line;
    const by = {
      line: (a, b) => a.line - b.line,
      seed: (a, b) => (a.seed ?? 0) - (b.seed ?? 0) || a.line - b.line,
      cost: most("cost"),
      seconds: most("seconds"),
    };
    return run.lines.filter(fits).sort(by[sort]);
  };

  // A table of two words: what a grid was made for.
  const table = (across, down) => {
    const inOrder = (a, b) => a.localeCompare(b, undefined, { numeric: true });
    const values = (name) => (name ? [...new Set(shown.map((line) => word(line, name)))].sort(inOrder) : [""]);
    const [columns, rows] = [values(across), values(down)];
    const node = make("table");
    const head = node.createTHead().insertRow();
    head.append(make("th", [down, across].filter(Boolean).join(" \\ ")));
    for (const column of columns) head.append(make("th", column));
    const cells = new Map();
    for (const line of shown) {
      const key = JSON.stringify([word(line, across), word(line, down)]);
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(line);
    }
    const body = node.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      line.append(make("th", row));
      for (const column of columns) {
        const cell = line.insertCell();
        const there = cells.get(JSON.stringify([across ? column : "", down ? row : ""])) || [];
        for (const one of there) {
          cell.append(files(one));
          if (!one.files.length) cell.append(make("span", one.state, one.state));
        }
      }
    }
    return node;
  };

  const comparison = () => {
    const lines = run.lines.filter((line) => chosen.has(line.line));
    const names = [...new Set(lines.flatMap((line) => Object.keys(line.input || {})))];
    const differs = (of) => new Set(lines.map(of)).size > 1;
    const pair = lines.map((line) => {
      const node = make("div");
      const list = make("dl");
      const add = (name, value, marked) => list.append(make("dt", name), make("dd", value, marked ? "differs" : ""));
      for (const name of names) add(name, word(line, name), differs((one) => word(one, name)));
      add("line", line.line);
      add("cost", line.cost === null ? "" : line.cost + " Buzz", differs((one) => one.cost));
      add("time", line.seconds === null ? "" : line.seconds + " s", differs((one) => one.seconds));
      node.append(files(line), list);
      return node;
    });
    find("pair").replaceChildren(...pair);
    find("comparison").showModal();
  };

  const draw = () => {
    shown = filtered();
    drawn = 0;
    const [across, down] = [find("across").value, find("down").value];
    find("table").hidden = !(across || down);
    find("lines").hidden = !find("table").hidden;
    find("lines").replaceChildren();
    find("table").replaceChildren();
    find("shown").textContent = shown.length === run.lines.length ? "" : shown.length + " of " + run.lines.length + " lines";
    if (across || down) find("table").append(table(across, down));
    else more();
  };

  const head = () => {
    const counts = {};
    for (const line of run.lines) counts[line.state] = (counts[line.state] || 0) + 1;
    const parts = Object.entries(counts).map(([state, count]) => count + " " + state);
    document.title = run.run;
    find("name").textContent = run.run;
    const reason = run.reason ? ": " + run.reason : "";
    find("sum").textContent = [run.lines.length + " lines", ...parts, run.cost + " Buzz", run.state + reason].join(", ");
  };

  for (const event of ["input", "change"]) {
    find("filters").addEventListener(event, (changed) => {
      if (changed.target.id === "size") {
        document.documentElement.style.setProperty("--size", find("size").value + "px");
      } else if (changed.target.type !== "checkbox") draw();
    });
  }
  find("filters").addEventListener("submit", (submitted) => submitted.preventDefault());
  find("compare").addEventListener("click", comparison);
  find("clear").addEventListener("click", () => {
    for (const number of [...chosen]) choose(number, false);
    for (const box of document.querySelectorAll("#lines input")) box.checked = false;
  });
  addEventListener("scroll", () => {
    const left = document.documentElement.scrollHeight - innerHeight - scrollY;
    if (left < 1500 && drawn < shown.length && !find("lines").hidden) more();
  }, { passive: true });

  // With a server behind it the page is live.
  const live = async () => {
    try {
      const reply = await fetch("run.json", { headers: { "x-revision": run.revision } });
      if (reply.status === 200) {
        const next = await reply.json();
        const place = scrollY;
        const count = drawn;
        run = next;
        head();
        choices();
        draw();
        while (drawn < Math.min(count, shown.length)) more();
        scrollTo(0, place);
      }
      find("said").textContent = "";
    } catch {
      find("said").textContent = "the program has ended";
    }
    setTimeout(live, 1000);
  };
  const ask = (what) => async () => {
    if (what === "cancel" && !confirm("Cancel what is under way, and begin nothing more?")) return;
    const reply = await fetch(what, { method: "POST", headers: { "x-board": run.board } });
    find("said").textContent = await reply.text();
  };

  head();
  choices();
  draw();
  if (run.board) {
    find("actions").hidden = false;
    find("retry").addEventListener("click", ask("retry"));
    find("cancel").addEventListener("click", ask("cancel"));
    live();
  }
})();
