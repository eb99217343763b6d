// The search page: reads ?q=, answers as the reader types, keeps the address in step. Text only ever becomes text nodes.

import { open } from "./engine.js";

const form = document.querySelector("#search");
const field = form.elements.q;
const status = document.querySelector("#status");
const list = document.querySelector("#hits");
const root = form.dataset.root;

let engine;
let shown;

async function load(name) {
  const response = await fetch(`${root}search/${name}`);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.json();
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function hit(result) {
  const item = element("li", "paper");
  const heading = element("h2");
  const link = element("a", "", result.title);
  link.href = root + result.path;
  heading.append(link);
  const facts = element("p", "facts");
  for (const text of [result.authors, result.facts]) if (text) facts.append(element("span", "", text), " ");
  item.append(heading, facts);
  if (result.tldr) item.append(element("p", "tldr", result.tldr));
  return item;
}

function say({ results, total, relaxed }) {
  if (!total) return "No paper has any of these words. Try another word, or a part of one.";
  const papers = total === 1 ? "1 paper" : `${total} papers`;
  const best = results.length < total ? `, the best ${results.length} shown` : "";
  return relaxed ? `No paper has all of these words. ${papers} with most of them${best}.` : `${papers}${best}.`;
}

async function answer() {
  const query = field.value.trim();
  if (query === shown) return;
  shown = query;
  if (!query) {
    list.replaceChildren();
    status.textContent = "";
    return;
  }
  try {
    engine ??= await open(load);
  } catch {
    status.textContent = "The search index could not be loaded. Check the connection and try again.";
    shown = undefined;
    return;
  }
  if (query !== field.value.trim()) return;
  const found = engine.search(query);
  list.replaceChildren(...found.results.map(hit));
  status.textContent = say(found);
}

function keepAddress() {
  const query = field.value.trim();
  const address = new URL(location.href);
  if (query) address.searchParams.set("q", query);
  else address.searchParams.delete("q");
  history.replaceState(null, "", address);
}

field.addEventListener("input", () => {
  keepAddress();
  answer();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  keepAddress();
  answer();
});
field.value = new URL(location.href).searchParams.get("q") ?? "";
if (!field.value) field.focus();
answer();
