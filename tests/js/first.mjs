// Milliseconds from a click on a link to the first result on a slow link, as an observer in the page sees it. A script
// outside that asks again and again is told only at its next question, which Playwright puts half a second apart.
// usage: node first.mjs SITES PLAYWRIGHT CHROMIUM SETTINGS.json   (settings as those of ../shared/bench/search/browser.mjs)
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import zlib from "node:zlib";
import { createRequire } from "node:module";

const [root, playwright, executablePath, settings] = process.argv.slice(2);
const { chromium } = createRequire(import.meta.url)(path.resolve(playwright));
const { engines, queries, rtt, kbps } = JSON.parse(fs.readFileSync(settings, "utf8"));
const PATIENCE = 6_000;
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".css": "text/css" };

/** As GitHub Pages answers: texts with gzip, everything else as it lies there. */
function answer(request, response) {
  const name = decodeURIComponent(request.url.split("?")[0]).replace(/\/$/, "/index.html");
  const type = TYPES[path.extname(name)];
  let bytes = Buffer.from("");
  if (name === "/empty.html") response.setHeader("content-type", "text/html");
  else {
    try {
      bytes = fs.readFileSync(path.join(root, name));
    } catch {
      response.statusCode = 404;
    }
    response.setHeader("content-type", type ?? "application/octet-stream");
    if (type) {
      bytes = zlib.gzipSync(bytes, { level: 6 });
      response.setHeader("content-encoding", "gzip");
    }
  }
  response.setHeader("content-length", bytes.length);
  response.end(bytes);
}

/** In the page: notes when the first result is there. */
function watch(hit) {
  const look = () => { if (document.querySelector(hit)) globalThis.firstResult ??= performance.timeOrigin + performance.now(); };
  new MutationObserver(look).observe(document, { subtree: true, childList: true });
}

const server = http.createServer(answer);
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const base = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-background-networking"] });
for (const { name, path: where, hit } of engines) {
  for (const query of queries) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${base}/empty.html`);
    const network = await context.newCDPSession(page);
    await network.send("Network.enable");
    const speed = kbps * 125;
    await network.send("Network.emulateNetworkConditions", { offline: false, latency: rtt, downloadThroughput: speed, uploadThroughput: speed });
    await page.addInitScript(watch, hit);
    const start = Date.now();
    await page.goto(`${base}${where}?q=${encodeURIComponent(query)}`, { waitUntil: "commit" });
    await page.waitForTimeout(PATIENCE);
    const first = await page.evaluate(() => globalThis.firstResult); // none if nothing is found
    if (first) console.log(JSON.stringify({ engine: name, q: query, first_ms: Math.round(first - start) }));
    await context.close();
  }
}
await browser.close();
server.close();
