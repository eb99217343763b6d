// What Zotero's own code makes of our citations. On standard input: {"openurls": [...], "csl": [...]}; out go the items
// that its COinS translator would offer (null where it sees none), and those that its import of CSL-JSON would make.
import { readFileSync } from "node:fs";
import formats from "./node_modules/zotero-translation-client/data/dateFormats.js";
import schema from "./node_modules/zotero-translation-client/data/zotero-schema.js";

const folder = new URL("node_modules/zotero-translation-client/modules/zotero-utilities/", import.meta.url);

function load(name, result = "module.exports") {
  const module = { exports: {} };
  const find = (other) => load(`${other.replace("./", "")}.js`);
  const code = `${readFileSync(new URL(name, folder), "utf8")}\nreturn ${result};`;
  return new Function("module", "exports", "require", code)(module, module.exports, find);
}

const Zotero = (globalThis.Zotero = { isFx: false, isBookmarklet: true, locale: "en-US", debug() {} });
Zotero.Utilities = load("utilities.js");
Zotero.Date = load("date.js");
Zotero.Date.init(formats);
Zotero.Schema = load("schema.js");
Zotero.Schema.init(schema);
const types = load("cachedTypes.js");
types.setTypeSchema(load("resource/zoteroTypeSchemaData.js", "ZOTERO_TYPE_SCHEMA"));
Object.assign(Zotero, { ItemTypes: types.ItemTypes, CreatorTypes: types.CreatorTypes, ItemFields: types.ItemFields });
Zotero.Utilities.Item = load("utilities_item.js");
const { parseContextObject } = load("openurl.js");

const empty = () => ({ creators: [], tags: [] });
const given = JSON.parse(readFileSync(0, "utf8"));
const openurls = given.openurls.map((text) => parseContextObject(text, empty()) || null);
const csl = given.csl.map((one) => {
  const item = empty();
  Zotero.Utilities.Item.itemFromCSLJSON(item, one);
  return item;
});
process.stdout.write(JSON.stringify({ openurls, csl }));
