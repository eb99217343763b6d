// Feeds the search with files that are damaged in ways that gzip's sum does not notice, as behind a server that unpacks them:
// changed, cut off, longer, another's. usage: node shards.mjs SITE COUNT [SEED]. Every query must end, soon, with an answer or
// a DamagedError; printed: how many did, as JSON.
import zlib from "node:zlib";
import { module, open, random } from "./disk.mjs";

const [site, count, seed = "1"] = process.argv.slice(2);
const { Engine } = await module("engine.js");
const next = random(Number(seed));
const below = (n) => Math.floor(next() * n);
const QUERIES = ["matryoshka", "lora~1", "+merging -vision", "title:survey", "distil*", "*tion", "quantizaton", "rlhf", "a", "learning lear",
  "continual pretraining of language models", "body:reward^3 policy", "l*r*", "pre-training", "jose"];
const DAMAGES = {
  changed: (bytes, from) => { for (let i = 0; i <= below(4); i++) bytes[from + below(bytes.length - from)] = below(256); return bytes; },
  high: (bytes, from) => { const at = from + below(bytes.length - from); return bytes.fill(255, at, Math.min(bytes.length, at + 1 + below(9))); },
  cut: (bytes, from) => bytes.subarray(0, from + below(bytes.length - from)),
  empty: (bytes, from) => bytes.subarray(0, below(2) * from),
  longer: (bytes) => Buffer.concat([bytes, Buffer.from(Array.from({ length: 1 + below(40) }, () => below(256)))]),
  zeros: (bytes, from) => bytes.fill(0, from + below(bytes.length - from)),
};
const found = { answers: 0, damaged: 0, other: [], slowest: 0 };
for (let i = 0; i < Number(count); i++) {
  const [kind, damage] = Object.entries(DAMAGES)[i % Object.keys(DAMAGES).length];
  const { manifest, get } = await open(site);
  const hit = below(3); // the first, second or third file that is asked for
  let asked = 0;
  const engine = new Engine(manifest, async (path) => {
    const whole = zlib.gunzipSync(Buffer.from(await get(path)));
    if (asked++ !== hit || whole.length < 20) return whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length);
    const bytes = damage(Buffer.from(whole), whole.indexOf(10) + 1);
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  });
  const query = QUERIES[i % QUERIES.length];
  const started = performance.now();
  try {
    const { hits } = await engine.ask(query, 10);
    await Promise.all(hits.slice(0, 10).map(([paper]) => engine.row(paper)));
    found.answers += 1;
  } catch (error) {
    if (error.name === "DamagedError") found.damaged += 1;
    else if (found.other.length < 9) found.other.push(`${kind} ${query}: ${error.stack?.slice(0, 300)}`);
    else found.other.push("");
  }
  found.slowest = Math.max(found.slowest, performance.now() - started);
}
process.stdout.write(JSON.stringify(found));
