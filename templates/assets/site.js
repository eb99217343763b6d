// Small helps on every page. Each page works without them.

import { arrive, follow, home, isSlug, keysAreOn, papers, watch } from "./mine/state.js";
import { about, paint } from "./mine/marks.js";
import { isFree, listenForKeys } from "./mine/keys.js";

const root = document.documentElement;

function isDark() {
  const chosen = root.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

const button = document.querySelector("button.theme");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // Storage is blocked: the choice holds for this page only.
    }
  });
}

// The search opens over any page: by "/" or Ctrl-K, or by typing into a search field. Its script comes only then.
async function search(typed) {
  const { openDialog } = await import("./search/dialog.js");
  const query = typed();
  if (query !== undefined) openDialog(home, query);
}

document.addEventListener("keydown", (event) => {
  const slash = event.key === "/" && keysAreOn() && isFree(event);
  const controlK = event.key === "k" && (event.ctrlKey || event.metaKey);
  if (!slash && !controlK) return;
  event.preventDefault();
  const field = document.querySelector("#search input");
  if (!field) {
    search(() => "");
    return;
  }
  field.focus();
  field.select();
});

for (const form of document.querySelectorAll("form.quick")) {
  const field = form.elements.q;
  field.addEventListener("pointerdown", () => import("./search/dialog.js"), { once: true });
  let composing = false; // a word that is put together from several keys comes when it is whole
  const take = () => { // all that was typed until the script came, by the first of those keys
    if (composing || !field.value) return undefined;
    const query = field.value;
    field.value = "";
    return query;
  };
  for (const kind of ["input", "compositionstart", "compositionend"]) {
    field.addEventListener(kind, ({ type }) => {
      if (type !== "input") composing = type === "compositionstart";
      if (!composing && field.value) search(take);
    });
  }
}

// A result's link says what was searched for: its words are marked on the page.
if (location.hash.startsWith("#q=")) {
  const query = new URLSearchParams(location.hash.slice(1)).get("q");
  import("./search/landed.js").then(({ markPage }) => markPage(query));
}

// What the reader has marked, shown before the first paint; the search's results come later.
follow([...document.querySelectorAll("[data-was]")].flatMap(({ dataset }) => dataset.was.split(" ").map((old) => [old, dataset.slug])));
const place = document.querySelector(".one[data-slug]");
arrive(place && isSlug(place.dataset.slug) ? { slug: place.dataset.slug, ...about(place) } : undefined);
watch(paint);
listenForKeys();
const found = document.querySelector("#found");
if (found) new MutationObserver(paint).observe(found, { childList: true, subtree: true });

// What only some pages need.
const on = (selector, begin) => {
  const room = document.querySelector(selector);
  if (room) begin(room);
};
on(".panel", async (room) => (await import("./mine/home.js")).fill(room));
on(".sieve", async (room) => (await import("./mine/topic.js")).sift(room));
if ([...papers().values()].some((paper) => paper.read)) on(".shelves", async () => (await import("./mine/shelves.js")).fillShelves());
on("#mine", async (room) => (await import("./mine/list.js")).fillList(room));
on("#at-hand", async (room) => (await import("./mine/offline.js")).listPages(room));

// Pages stay readable without a network, where browsers allow it. Not in a preview: what it shows is not there to stay.
const worker = location.protocol !== "file:" && !document.querySelector('script[src^="/__sitegen__/"]') && navigator.serviceWorker;
if (worker) {
  const url = new URL("sw.js", home).href;
  const policy = globalThis.trustedTypes?.createPolicy("sitegen-offline", { createScriptURL: (text) => text });
  const register = async () => {
    try {
      await worker.register(policy ? policy.createScriptURL(url) : url);
      if (!worker.controller) (await worker.ready).active.postMessage("keep");
    } catch {
      // Not allowed: online only.
    }
  };
  if (document.readyState === "complete") register();
  else addEventListener("load", register);
}

for (const copy of document.querySelectorAll(".suggest button, .cite button")) {
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(`${copy.previousElementSibling.textContent}\n`);
    copy.textContent = copy.dataset.done;
  });
}
