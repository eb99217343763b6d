// Before anything is painted: the reader's own choice of theme, and that scripts run, so that what they make has its room.
// It is small and never throws.
document.documentElement.dataset.scripts = "";
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme holds.
}

// In a page opened from a folder, browsers refuse modules and requests. A list below 1,000 papers is searched there by the
// same scripts as one plain script, with the index in another.
if (location.protocol === "file:") {
  const here = document.currentScript.src;
  const policy = globalThis.trustedTypes?.createPolicy("sitegen-folder", { createScriptURL: (url) => url });
  addEventListener("DOMContentLoaded", () => {
    for (const name of ["../../search/local.js", "search/folder.js"]) {
      const script = document.createElement("script");
      const url = new URL(name, here).href;
      script.async = false;
      script.src = policy ? policy.createScriptURL(url) : url;
      document.head.append(script);
    }
  });
}
