// Prints what the search in the browser finds. usage: node ranks.mjs SITE  (queries as a JSON array on stdin)
import fs from "node:fs";
import { module, open } from "./disk.mjs";

const { Engine } = await module("engine.js");
const { manifest, get } = await open(process.argv[2]);
const engine = new Engine(manifest, get);
const answers = [];
for (const query of JSON.parse(fs.readFileSync(0, "utf8"))) {
  const first = await engine.ask(query, 10);
  const { hits, total, whole, others, relaxed, missing, repairs } = await engine.ask(query, Infinity);
  const slugs = await Promise.all(hits.slice(0, 10).map(async ([paper]) => (await engine.row(paper))[0]));
  const same = first.total === total && first.hits.slice(0, 10).every(([paper], i) => paper === hits[i][0]);
  answers.push({ query, total, relaxed, whole, missing, repairs, slugs, hits, same, others: others.map(([paper]) => paper) });
}
process.stdout.write(JSON.stringify(answers));
