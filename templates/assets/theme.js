// Sets the reader's own choice of theme before anything is painted. Runs in the head, so it is small and never throws.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme holds.
}
