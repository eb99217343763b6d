// The search terms that the browser makes of texts. Run by tests/test_search_parity.py.
// Argument: the folder with text.js. Input: {letters, stopWords, texts}. Output: the tokens of each text, and
// the term of each distinct token, empty for a stop word.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const { stem, tokenizer } = await import(pathToFileURL(path.resolve(process.argv[2], "text.js")));
const { letters, stopWords, texts } = JSON.parse(fs.readFileSync(0, "utf8"));
const tokens = texts.map(tokenizer(letters));
const left = new Set(stopWords);
const terms = [...new Set(tokens.flat())].map((token) => [token, left.has(token) ? "" : stem(token)]);
fs.writeFileSync(1, JSON.stringify({ tokens, terms }));
