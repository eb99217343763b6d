// Taking the list along, and bringing it in again. Citations are picked from the files that the site publishes for
// reference managers (papers.bib, papers.ris), so that a paper is cited the same everywhere; those of the papers' topics
// are asked for first, because that of a long list is long, or has only the papers without a topic.

import { cleanPapers, home, isSlug } from "./state.js";
import { say } from "../words.js";

const FORMAT = 1;
const LARGEST = 20_000_000; // bytes of a file that is brought in
const KINDS = {
  bib: { type: "application/x-bibtex", file: "papers.bib", entries: (text) => text.split(/\n(?=@[a-z]+\{)/), slug: /^@[a-z]+\{([a-z0-9-]+),/ },
  ris: { type: "application/x-research-info-systems", file: "papers.ris", entries: (text) => text.split(/(?<=\nER {2}- ?\r?\n)\s*/), slug: /^ID {2}- ([a-z0-9-]+)\r?$/m },
  md: { type: "text/markdown" },
  json: { type: "application/json" },
};

const address = (slug) => new URL(`papers/${slug}/`, home).href;
const titleOf = ([slug, paper]) => paper.title ?? slug;

/** Reads the entries of a citation file into a map by slug. */
async function entriesOf({ file, entries, slug }, folder, found) {
  const response = await fetch(new URL(folder + file, home));
  if (!response.ok) throw new Error(`${response.status} for ${response.url}`);
  for (const entry of entries(await response.text())) {
    const named = slug.exec(entry)?.[1];
    if (named) found.set(named, entry.replace(/^\s+|[\r\n]+$/g, ""));
  }
}

/** The topic that a paper's page names: another than when the paper was marked, if the curator has moved it. */
async function topicNow(slug) {
  const response = await fetch(new URL(`papers/${slug}/`, home));
  return response.ok ? /\/topics\/([a-z0-9-]+)\//.exec(await response.text())?.[1] : undefined;
}

/** The citations of papers: {text, missing}, the latter the titles of those that could not be had. */
async function citations(kind, list) {
  const found = new Map();
  const lacking = () => list.filter(([slug]) => !found.has(slug));
  const ofTopics = (topics) => Promise.allSettled([...new Set(topics)].filter(Boolean).map((topic) => entriesOf(kind, `topics/${topic}/`, found)));
  await ofTopics(list.map(([, paper]) => paper.topic));
  if (lacking().length) await entriesOf(kind, "", found).catch(() => {});
  if (lacking().length && document.querySelector("#mine[data-brief]")) await ofTopics(await Promise.all(lacking().map(([slug]) => topicNow(slug).catch(() => {}))));
  const end = kind === KINDS.ris ? "\r\n" : "\n";
  return { text: list.flatMap(([slug]) => found.get(slug) ?? []).map((entry) => entry + end).join(end), missing: lacking().map(titleOf) };
}

const plain = (text) => text.replace(/[\\\x60*_[\]<>#&|~$]/g, "\\$&").replace(/\s+/g, " ").trim();

/** The list as Markdown: a line for each paper, its note below it. */
function markdown(list) {
  const lines = list.map(([slug, paper]) => {
    const facts = [paper.star && say("starred_on", { day: paper.star }), paper.read && say("read_on", { day: paper.read })].filter(Boolean);
    const note = paper.note ? paper.note.split("\n").map((line) => `\n  > ${plain(line)}`).join("") : "";
    return `- [${plain(titleOf([slug, paper]))}](<${address(slug)}>)${facts.length ? ` (${facts.join(", ")})` : ""}${note}`;
  });
  return `# ${plain(say("my_list"))}\n\n${lines.join("\n")}\n`;
}

/** Everything that is kept about papers, to be brought in elsewhere. */
const json = (list) => `${JSON.stringify({ format: FORMAT, site: home, papers: Object.fromEntries(list) }, null, 1)}\n`;

/** The list in a format: {text, missing}. `list`: [slug, paper] pairs. */
export async function written(name, list) {
  if (name === "json") return { text: json(list), missing: [] };
  if (name === "md") return { text: markdown(list), missing: [] };
  return citations(KINDS[name], list);
}

/** Gives the reader a file. */
export function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: KINDS[name].type }));
  const link = document.createElement("a");
  Object.assign(link, { href: url, download: `my-list.${name}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** What a file that was saved here holds: {papers, odd}, the latter how many of its entries are unreadable; or {problem}. */
export async function readFile(file) {
  if (file.size > LARGEST) return { problem: say("import_too_large") };
  let raw;
  try {
    raw = JSON.parse(await file.text());
  } catch {
    return { problem: say("import_no_json") };
  }
  const given = raw?.papers;
  if (typeof given !== "object" || given === null || Array.isArray(given)) return { problem: say("import_no_papers") };
  if (raw.format > FORMAT) return { problem: say("import_newer") };
  const papers = cleanPapers(given);
  const odd = Object.keys(given).length - papers.size;
  return papers.size || !odd ? { papers, odd } : { problem: say("import_no_good_papers") };
}

/** The address of a selection, and the selection that an address means; at most 500 papers. */
export const shareAddress = (slugs) => `${new URL("my/", home).href}#papers=${slugs.join(",")}`;

/** The slugs that a fragment names, each once; undefined when it names none. */
export function sharedIn(fragment) {
  if (!fragment.startsWith("#papers=")) return undefined;
  return [...new Set(fragment.slice(8).split(",").filter(isSlug))].slice(0, 500);
}
