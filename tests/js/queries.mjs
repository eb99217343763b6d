// What the browser's engine finds in built search files. Run by tests/test_search_engine.py.
// Arguments: the folder with engine.js, the folder with manifest.json. Input: a list of queries. Output: for each
// {paths, total, relaxed}.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [scripts, files] = process.argv.slice(2);
const { open } = await import(pathToFileURL(path.resolve(scripts, "engine.js")));
const engine = await open(async (name) => JSON.parse(fs.readFileSync(path.join(files, name), "utf8")));
const answers = JSON.parse(fs.readFileSync(0, "utf8")).map((query) => {
  const { results, total, relaxed } = engine.search(query);
  return { paths: results.map((result) => result.path), total, relaxed };
});
fs.writeFileSync(1, JSON.stringify(answers));
