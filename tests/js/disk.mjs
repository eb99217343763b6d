// The search of a built site, read from disk.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

export const lunr = createRequire(import.meta.url)("lunr");
const templates = process.env.SITEGEN_TEMPLATES ?? path.join(import.meta.dirname, "../../templates");

/** A module of the search, as it is shipped. */
export const module = (name) => import(pathToFileURL(path.join(templates, "assets/search", name)));

/** The index of the site in a folder. `get.bytes` and `get.files` count what was read. */
export async function open(site) {
  const { DamagedError, Store } = await module("store.js");
  const folder = path.join(site, "search");
  const get = async (name) => {
    if (!fs.existsSync(path.join(folder, name))) throw new DamagedError(name); // as a server would say
    const bytes = fs.readFileSync(path.join(folder, name));
    get.bytes += bytes.length;
    get.files += 1;
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  };
  get.bytes = get.files = 0;
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, "manifest.json"), "utf8"));
  return { store: new Store(manifest, get), manifest, get };
}

/** Numbers in [0, 1) from a seed. */
export function random(seed) {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}
