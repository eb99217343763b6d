// On the page for those without a network: the pages of this site that are at hand.

import { make } from "./dom.js";
import { home } from "./state.js";
import { say } from "../words.js";

const SIGNS = { amp: "&", lt: "<", gt: ">", "#39": "'", "#34": '"', quot: '"' };
const plain = (html) => html.replace(/&(amp|lt|gt|#39|#34|quot);/g, (_, name) => SIGNS[name]);

let leaving = false;

/** Goes on to the page that was asked for, once the network is there indeed: browsers say "online" too early, or without
 * one, and a reader may be on the way to another page already. The worker leaves a HEAD request to the network. */
async function goOn() {
  for (let pause = 500; navigator.onLine && pause < 20000; pause *= 2) {
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
    if (leaving) return;
    if (answer) return location.reload();
    await new Promise((done) => setTimeout(done, pause));
  }
}

/** Lists them by title, and goes on to the page that was asked for once there is a network. */
export async function listPages(place) {
  addEventListener("online", goOn);
  addEventListener("beforeunload", () => (leaving = true));
  if (!globalThis.caches) return;
  const cache = await caches.open(`sitegen ${new URL(home).pathname} pages`);
  const ending = ` – ${document.querySelector(".top .name").textContent.trim()}`;
  const found = await Promise.all((await cache.keys()).map(async ({ url }) => {
    const answer = await cache.match(url);
    if (!answer?.headers.get("content-type")?.startsWith("text/html")) return [];
    const title = plain(/<title>([^<]*)<\/title>/.exec(await answer.text())?.[1] ?? url);
    return [[url, title.endsWith(ending) ? title.slice(0, -ending.length) : title]];
  }));
  const list = found.flat().sort(([, a], [, b]) => (a < b ? -1 : 1));
  const again = make("button", { type: "button", onclick: () => location.reload() }, say("try_page_again"));
  const links = list.map(([href, title]) => make("li", {}, make("a", { href }, title)));
  place.replaceChildren(make("p", {}, again), ...(links.length ? [make("h2", {}, say("pages_at_hand")), make("ul.links", {}, ...links)] : [make("p", {}, say("no_pages_at_hand"))]));
}
