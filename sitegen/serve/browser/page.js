// Added by `sitegen serve`: reloads the page after a change, shows what is wrong, and edits the paper of the page.
const me = document.currentScript.dataset;
let epoch = Number(me.epoch);
let leaving = false;

/** Once: what was saved here also comes as a change, and a second reload would cut the first off. */
function reload() {
  if (!leaving) location.reload();
  leaving = true;
  setTimeout(() => (leaving = false), 5000); // the reader may have stopped it
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function tell(problems) {
  document.querySelector("#sitegen-problems")?.remove();
  if (!problems) return;
  document.body.prepend(make("pre", { id: "sitegen-problems", role: "alert" }, problems));
  scrollTo(0, 0);
}

async function follow() {
  for (;;) {
    try {
      const state = await (await fetch(`/__sitegen__/wait?epoch=${epoch}`)).json();
      if (state.epoch !== epoch && !state.problems) reload();
      epoch = state.epoch;
      tell(state.problems);
    } catch {
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

const headers = { "X-Sitegen-Token": me.token, "Content-Type": "application/json" };
const slug = () => new RegExp(`^${me.base}papers/([^/]+)/`).exec(location.pathname)?.[1];

async function ask(address, options = {}) {
  const answer = await fetch(`/__sitegen__/${address}`, { ...options, headers });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}

function choice(paper, number) {
  const select = make("select", { name: "topic" }, make("option", { value: "" }, number ? "(none)" : "(placed by its words)"));
  for (const group of paper.groups) {
    const options = group.topics.map((topic) => make("option", { value: topic.slug, selected: topic.slug === paper.topics[number] }, topic.name));
    select.append(make("optgroup", { label: group.name }, ...options));
  }
  return make("label", {}, number ? "Also under" : "Topic", select);
}

/** The choices of topics: those that are made, and one more. */
function choices(paper) {
  const labels = [0, 1, 2, 3].map((number) => choice(paper, number));
  const selects = labels.map((label) => label.lastChild);
  const show = () => {
    const made = selects.findLastIndex((select) => select.value);
    labels.forEach((label, number) => (label.hidden = number > made + 1));
  };
  const box = make("div", {}, ...labels);
  box.addEventListener("change", show);
  show();
  if (!paper.confirmed && paper.topics.length) box.append(make("p", {}, "Placed by its words so far; Save confirms it."));
  return box;
}

function panel(paper) {
  const flag = (name, label) => make("label", { class: "flag" }, make("input", { type: "checkbox", name, checked: paper[name] }), label);
  const text = (name, label, more) => make("label", {}, label, make("textarea", { name, rows: paper[name].length > 40 ? 3 : 1, maxlength: 4000, ...more }, paper[name]));
  const status = make("p", { role: "status" });
  const form = make(
    "form", { id: "sitegen-panel", "aria-label": "Edit this paper" },
    make("p", { class: "title" }, "Edit this paper"),
    choices(paper),
    text("why", "Why there (shown on its page)"), text("note", "Note (shown on its page)"),
    flag("pin", "Pin: list it first under its topics"), flag("hide", "Hide: leave it out of the site"),
    make("button", { type: "submit" }, "Save"), make("button", { type: "button", name: "close" }, "Close"),
    status,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    const chosen = [...new Set(fields.getAll("topic").filter(Boolean))];
    const change = { slug: paper.slug, digest: paper.digest };
    if (!fields.getAll("topic")[0]) chosen.length = 0;
    if (chosen.join() !== paper.topics.join() || (chosen.length && !paper.confirmed)) change.topics = chosen;
    for (const name of ["pin", "hide"]) if (fields.has(name) !== paper[name]) change[name] = fields.has(name);
    for (const name of ["why", "note"]) if (fields.get(name).trim() !== paper[name]) change[name] = fields.get(name);
    status.textContent = "Saving";
    try {
      await ask("edit", { method: "POST", body: JSON.stringify(change) });
      status.textContent = "Saved in content/overrides.yaml";
      reload();
    } catch (error) {
      status.textContent = error.message;
    }
  });
  return form;
}

function offer() {
  const button = make("button", { id: "sitegen-edit", type: "button", "aria-expanded": "false", "aria-controls": "sitegen-panel" }, "Edit");
  const close = () => {
    document.querySelector("#sitegen-panel")?.remove();
    button.setAttribute("aria-expanded", "false");
    button.focus();
  };
  button.addEventListener("click", async () => {
    if (document.querySelector("#sitegen-panel")) return close();
    let form;
    try {
      form = panel(await ask(`paper?slug=${encodeURIComponent(slug())}`));
    } catch (error) {
      return tell(error.message);
    }
    form.elements.close.addEventListener("click", close);
    form.addEventListener("keydown", (event) => {
      event.stopPropagation(); // the page's own keys are not meant here
      if (event.key === "Escape") close();
    });
    button.after(form);
    button.setAttribute("aria-expanded", "true");
    form.elements.topic[0].focus();
  });
  document.body.append(button);
}

follow();
if (me.token && slug()) offer();
