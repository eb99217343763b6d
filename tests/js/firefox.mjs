// The search in Firefox, driven through WebDriver BiDi: over a server, and in a site opened from its folder.
// usage: node firefox.mjs FIREFOX ADDRESS FOLDER   (both end in "/"; FOLDER begins with file:)
import puppeteer from "puppeteer-core";

const [executablePath, address, folder] = process.argv.slice(2);
const HITS = "#found .hits h2 a";
const asReaders = { "security.fileuri.strict_origin_policy": true }; // puppeteer takes it away
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true, extraPrefsFirefox: asReaders });
const found = { version: await browser.version(), errors: [] };
const page = await browser.newPage();
page.setDefaultTimeout(30_000);
page.on("pageerror", ({ message }) => found.errors.push(message));
const hits = () => page.$$eval(HITS, (links) => links.map((link) => link.textContent));
const status = () => page.$eval("#found .status", (place) => place.textContent);

/** Waits until the status says a text. It is asked for again and again: the page's policy forbids `waitForFunction`. */
async function says(text) {
  for (let turn = 0; turn < 600; turn++) {
    if ((await status().catch(() => "")).includes(text)) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`the status never says "${text}", but "${await status()}"`);
}

try {
  for (const [name, base, end] of [["served", address, ""], ["opened", folder, "index.html"]]) {
    const seen = (found[name] = {});
    await page.goto(`${base}search/${end}?q=matryoshka`);
    await page.waitForSelector(HITS);
    seen.linked = await hits();
    seen.marked = await page.$eval(`${HITS} mark`, (mark) => mark.textContent);
    await page.$eval("#q", (field) => field.select());
    await page.type("#q", "quantizaton");
    await says("quantization");
    seen.mended = await status();
    await page.$eval("#q", (field) => field.select());
    await page.type("#q", "+merging -vision");
    await says("13");
    seen.counted = await status();
    await page.click("#found .filters summary");
    await page.waitForSelector("#found .filters fieldset");
    seen.filters = await page.$$eval("#found .filters legend", (legends) => legends.map((legend) => legend.textContent));
    await page.$eval("#q", (field) => field.select());
    await page.type("#q", "matryoshka");
    await says("1 ");
    await page.click(HITS);
    await page.waitForSelector("main mark");
    seen.landed = [await page.$eval("h1", (title) => title.textContent), new URL(page.url()).hash];
  }
  await page.goto(address);
  await page.waitForSelector("button.theme:not([hidden])"); // its script runs
  await page.keyboard.press("/");
  await page.waitForSelector("dialog.finder input");
  await page.keyboard.type("survey");
  await page.waitForSelector("dialog.finder .hits h2 a");
  found.dialog = await page.$$eval("dialog.finder .hits h2 a", (links) => links.length);
} finally {
  await browser.close();
}
console.log(JSON.stringify(found));
