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

// "/" or Ctrl-K leads to the search field that is best on this page.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
  const controlK = event.key === "k" && (event.ctrlKey || event.metaKey);
  if (!slash && !controlK) return;
  const field = document.querySelector("main input[type=search]") ?? document.querySelector("#find");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
