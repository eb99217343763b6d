// Zotero's own translators, of 2018, in the machine that its translation server runs them in. On standard input:
// {"pages": [[path, address], ...], "files": [path, ...]}; out goes what its button would offer for each page
// ({"offers": [[translator, type], ...], "items": [...]}), and the items that it would import from each file.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
console.log = console.error = () => {}; // it tells of every step
require("zotero-translators");
const { Zotero } = globalThis;
const { JSDOM } = require("jsdom");

// This jsdom's attributes lack what the XPath evaluator sorts nodes by; Zotero's own build of the evaluator does without.
const attribute = new JSDOM("").window.Attr.prototype;
Object.defineProperty(attribute, "ownerDocument", { get() { return this.ownerElement.ownerDocument; } });
attribute.compareDocumentPosition = function (other) {
  const element = other.ownerElement ?? other;
  return this.ownerElement === element ? 4 : this.ownerElement.compareDocumentPosition(element);
};

async function page([path, url]) {
  const { window } = new JSDOM(readFileSync(path, "utf8"), { url });
  const translate = new Zotero.Translate.Web();
  translate.setDocument(window.document);
  translate.setHandler("select", (_, items, done) => done(items));
  const found = await translate.getTranslators(true);
  translate.setTranslator(found[0]);
  const items = found.length ? await translate.translate({ libraryID: false, saveAttachments: false }) : [];
  return { offers: found.map(({ label, itemType }) => [label, itemType]), items };
}

async function file(path) {
  const translate = new Zotero.Translate.Import();
  translate.setString(readFileSync(path, "utf8"));
  translate.setTranslator((await translate.getTranslators())[0]);
  return translate.translate({ libraryID: false });
}

const given = JSON.parse(readFileSync(0, "utf8"));
const said = { pages: [], files: [] };
for (const one of given.pages) said.pages.push(await page(one));
for (const one of given.files) said.files.push(await file(one));
process.stdout.write(JSON.stringify(said));
