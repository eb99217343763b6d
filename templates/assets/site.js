// Small helps on every page. Each page works without them.

const root = document.documentElement;

function isDark() {
  const chosen = root.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

const button = document.querySelector("button.theme");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // Storage is blocked: the choice holds for this page only.
    }
  });
}

// The search opens over any page: by "/" or Ctrl-K, or by typing into a search field. Its script comes only then.
const home = document.querySelector(".top .name").getAttribute("href");

async function search(query) {
  const { openDialog } = await import("./search/dialog.js");
  openDialog(home, query);
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
  const controlK = event.key === "k" && (event.ctrlKey || event.metaKey);
  if (!slash && !controlK) return;
  event.preventDefault();
  const field = document.querySelector("#search input");
  if (!field) {
    search("");
    return;
  }
  field.focus();
  field.select();
});

for (const form of document.querySelectorAll("form.quick")) {
  const field = form.elements.q;
  field.addEventListener("pointerdown", () => import("./search/dialog.js"), { once: true });
  field.addEventListener("input", async () => {
    await search(field.value);
    field.value = "";
  });
}

// A result's link says what was searched for: its words are marked on the page.
if (location.hash.startsWith("#q=")) {
  const query = new URLSearchParams(location.hash.slice(1)).get("q");
  import("./search/mark.js").then(({ markPage }) => markPage(query));
}
