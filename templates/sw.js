// Lets visited pages open without a network. Pages come from the network whenever there is one, so that none is ever stale;
// what is named by its content (styles, scripts, the search index) comes from the cache. The build writes SITE above: its
// version, the folder of the assets, what is fetched at once. Nothing outside this site's own folder is touched: many
// sites share one origin, and their caches, too.

const home = new URL("./", location.href);
const OURS = `sitegen ${home.pathname} `;
const [PAGES, FILES] = [`${OURS}pages`, `${OURS}${SITE.version}`];
const [MOST_PAGES, MOST_FILES] = [150, 400];
const HASHED = /^search\/[0-9a-f]{10}\/[a-z]+\/\d+$/;

/** Keeps an answer, and lets the oldest go when there are too many. */
async function keep(name, key, answer, most) {
  const cache = await caches.open(name);
  await cache.delete(key);
  await cache.put(key, answer);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((old) => cache.delete(old)));
}

const isWhole = (answer) => answer.status === 200 && answer.type === "basic" && !answer.redirected;
const bare = (url) => url.origin + url.pathname;

/** The network's answer, kept for later; without a network what was kept. */
async function networkFirst(event, key) {
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    if (isWhole(answer)) event.waitUntil(keep(PAGES, key, answer.clone(), MOST_PAGES).catch(() => {})); // full: not kept
    return answer;
  } catch (error) {
    const kept = (await caches.match(key, { cacheName: PAGES })) ?? (await caches.match(key, { cacheName: FILES }));
    if (kept) return kept;
    if (event.request.mode !== "navigate") throw error;
    return (await caches.match(new URL(SITE.offline, home), { cacheName: FILES })) ?? Response.error();
  }
}

/** A file whose name says what is in it. A page of an older build gets the newest scripts and styles where its own are
 * gone, under the names that it asked for: a script that imports another by a second name would run it twice. */
async function cacheFirst(event, path) {
  const kept = await caches.match(event.request, { cacheName: FILES });
  if (kept) return kept;
  const answer = await fetch(event.request).catch(() => Response.error());
  if (isWhole(answer)) event.waitUntil(keep(FILES, event.request, answer.clone(), MOST_FILES).catch(() => {}));
  if (answer.ok) return answer;
  const [, name] = /^assets\/[^/]+\/(.+)$/.exec(path) ?? [];
  const newer = name && (await caches.match(new URL(SITE.assets + name, home), { cacheName: FILES }));
  return newer ? new Response(newer.body, newer) : answer;
}

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(SITE.first.map((path) => new URL(path, home)))));
});

/** The old caches go, and open pages are served from now on. */
async function begin() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(OURS) && name !== PAGES && name !== FILES).map((name) => caches.delete(name)));
  await registration.navigationPreload?.enable();
  await clients.claim();
}

addEventListener("activate", (event) => event.waitUntil(begin()));

/** Keeps a page that was open before the worker was: it asks for that itself. */
async function keepOpened(url) {
  if (!url.href.startsWith(home.href)) return;
  const answer = await fetch(url);
  if (isWhole(answer)) await keep(PAGES, bare(url), answer, MOST_PAGES);
}

addEventListener("message", (event) => {
  if (event.source) event.waitUntil(keepOpened(new URL(event.source.url)).catch(() => {})); // no network, or full: not kept
});

addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || !url.href.startsWith(home.href)) return;
  const path = url.pathname.slice(home.pathname.length);
  if (path.startsWith("assets/") || HASHED.test(path)) event.respondWith(cacheFirst(event, path));
  else if (event.request.mode === "navigate" || /(?:^|\/)(?:manifest\.json|papers\.(?:bib|ris))$/.test(path)) {
    event.respondWith(networkFirst(event, bare(url)));
  }
});
