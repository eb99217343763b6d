// What the browser's pipeline makes of texts. Texts as a JSON array on stdin; for each: its words, their stems, lunr's stems.
import fs from "node:fs";
import { lunr, module } from "./disk.mjs";

const { plainer, stem, words } = await module("text.js");
const [letters, texts] = JSON.parse(fs.readFileSync(0, "utf8"));
const plain = plainer(letters);
const pipeline = lunr.Pipeline.load(["stemmer"]);
process.stdout.write(JSON.stringify(texts.map((text) => {
  const found = words(plain(text));
  return [found, found.map(stem), found.map((word) => pipeline.runString(word)[0] ?? "")];
})));
