// One way to ask, wherever the search runs: here, in a worker when the list is long, or from a folder without a server.

import { DamagedError, Store, fetched, json } from "./store.js";
import { read } from "./reader.js";

/** The form of the index that is understood: sitegen/search/manifest.py. */
const VERSION = 5;

/** An index that answers in this thread. `get(path)` gives a shard. */
export class Engine {
  constructor(manifest, get) {
    this.store = new Store(manifest, get);
    const names = this.store.fields.map((field) => field.name).join("|");
    this.signs = RegExp(`(^|\\s)[+-]\\S|\\*|\\S[~^]\\d|(^|[\\s+-])(${names}):\\S`, "i");
  }

  /** What a query finds, as `read` gives it, `most` of its hits for sure; with `error` if it was no query. */
  async ask(query, most) {
    if (!this.signs.test(query)) return read(this.store, query, most);
    return (await import("./language.js")).answer(this.store, query, most);
  }

  row(paper) {
    return this.store.row(paper);
  }

  /** A file that the manifest names: `facets` or `slugs`. */
  file(name) {
    return this.store.load("f", this.store.manifest[name], this.store.json);
  }
}

/** Shards over the network, as `new Store` takes them. `cache`: what fetch may take from the browser's cache. */
export const network = (folder, cache) => (path) => fetched(folder + path, cache);

/** Opens the index below the site's root. A shard that is missing or damaged means a newer site, or a damaged cache: then
 * the manifest is read again, once, and everything comes from the server. */
export async function open(root) {
  const folder = new URL(`${root}search/`, document.baseURI).href;
  const local = globalThis.sitegenIndex; // written by sitegen/search/local.py, for pages opened from a folder
  const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer;
  const start = async (manifest) => {
    if (local) return new Engine(local.manifest, async (path) => bytes(local.files[path]));
    if (!manifest.worker || !globalThis.Worker) return new Engine(manifest, network(folder));
    const { Remote } = await import("./remote.js");
    return new Remote(manifest, folder);
  };
  const ask = async (cache) => {
    const bytes = await fetched(`${folder}manifest.json`, cache);
    try {
      const manifest = json(bytes);
      if (manifest.version === VERSION) return manifest;
    } catch {
      // It is cut off, or no manifest at all.
    }
    if (cache === "reload") throw new DamagedError("manifest.json");
    return ask("reload");
  };
  const inline = JSON.parse(document.getElementById("manifest")?.textContent ?? "{}"); // of an older page, maybe
  let engine = await start(local ? {} : inline.version === VERSION ? inline : await ask("default"));
  let renewed;
  const again = (name) => async (...given) => {
    const used = engine;
    try {
      return await used[name](...given);
    } catch (error) {
      if (local) throw error;
      renewed ??= ask("reload").then((manifest) => new Engine(manifest, network(folder, "reload")));
      engine = await renewed;
      if (engine === used) throw error;
      return engine[name](...given);
    }
  };
  return { ask: again("ask"), row: again("row"), file: again("file") };
}
