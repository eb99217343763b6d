// One way to ask, wherever the search runs: here, in a worker when the list is long, or from a folder without a server.

import { Store, fetched } from "./store.js";
import { read, wanted } from "./reader.js";

/** The words of a query with signs that a hit may have. */
const sought = (query) => query.replace(/(^|\s)-\S+|[a-z]+:(?=\S)/gi, " ");

/** An index that answers in this thread. `get(kind, name)` gives a shard. */
export class Engine {
  constructor(manifest, get) {
    this.store = new Store(manifest, get);
    const names = this.store.fields.map((field) => field.name).join("|");
    this.signs = RegExp(`(^|\\s)[+-]\\S|\\*|\\S[~^]\\d|(^|[\\s+-])(${names}):\\S`, "i");
  }

  /** The hits of a query, `most` of them for sure: {hits, total, whole, relaxed, missing, repairs, terms} or {error}. */
  async ask(query, most) {
    if (!this.signs.test(query)) return read(this.store, query, most);
    const { lunr } = await import("./language.js");
    const { plain } = await wanted(this.store, query);
    const { list } = await wanted(this.store, sought(query));
    try {
      const hits = await lunr(this.store, plain.replace(/[^\p{L}\p{N}+\-~^*:\\]+/gu, " ").trim());
      const sure = { relaxed: false, missing: [], repairs: [], terms: list };
      return { ...sure, hits, total: hits.length, whole: hits.length };
    } catch (error) {
      if (error.name !== "QueryError") throw error;
      return { ...(await read(this.store, query.replace(/[+\-~^*:]/g, " "), most)), error: error.message };
    }
  }

  row(paper) {
    return this.store.row(paper);
  }

  /** A file that the manifest names: `facets` or `slugs`. */
  file(name) {
    return this.store.load("f", this.store.manifest[name], this.store.json);
  }
}

export const network = (folder) => (kind, name) => fetched(`${folder}${kind}/${name}`);

/** Opens the index below the site's root. A missing shard means a newer site: the manifest is read again, once. */
export async function open(root) {
  const folder = new URL(`${root}search/`, document.baseURI).href;
  const local = globalThis.sitegenIndex; // written by sitegen/search/local.py, for pages opened from a folder
  const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer;
  const start = async (manifest) => {
    if (local) return new Engine(local.manifest, async (kind, name) => bytes(local.files[`${kind}/${name}`]));
    if (manifest.worker && globalThis.Worker) {
      const { Remote } = await import("./remote.js");
      return new Remote(manifest, folder);
    }
    return new Engine(manifest, network(folder));
  };
  const ask = async (cache) => (await fetch(`${folder}manifest.json`, { cache })).json();
  const inline = document.getElementById("manifest")?.textContent;
  let engine = await start(local ? {} : inline ? JSON.parse(inline) : await ask("default"));
  let renewed;
  const again = (name) => async (...given) => {
    const used = engine;
    try {
      return await used[name](...given);
    } catch (error) {
      if (local) throw error;
      renewed ??= ask("reload").then(start);
      engine = await renewed;
      if (engine === used) throw error;
      return engine[name](...given);
    }
  };
  return { ask: again("ask"), row: again("row"), file: again("file") };
}
