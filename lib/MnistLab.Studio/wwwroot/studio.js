// Functions shared by all pages: switching the theme, copying code, and reloading after a restart of Studio.

document.addEventListener("click", event => {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("[data-theme-switch]")) switchTheme();
  const copy = target?.closest("[data-copy]");
  if (copy) navigator.clipboard.writeText(copy.closest(".snippet").querySelector("code").textContent);
});

export function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
}

function switchTheme() {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  document.cookie = `mnistlab-theme=${theme}; path=/; max-age=34560000; samesite=strict`;
  document.dispatchEvent(new CustomEvent("studio-theme"));
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new CustomEvent("studio-theme")));

// After a restart of Studio, its pages cannot reconnect, so they are reloaded once the server responds. Listeners of
// "studio-reload" save unsent input.
const connection = document.getElementById("components-reconnect-modal");
let isReloading = false;

async function reloadWhenBack() {
  if (isReloading) return;
  isReloading = true;
  for (;;) {
    const response = await fetch(location.href, { method: "HEAD" }).catch(() => null);
    if (response) break;
    await new Promise(done => setTimeout(done, 1000));
  }
  document.dispatchEvent(new CustomEvent("studio-reload"));
  location.reload();
}

new MutationObserver(() => {
  if (/components-reconnect-(rejected|failed)/.test(connection.className)) reloadWhenBack();
}).observe(connection, { attributes: true, attributeFilter: ["class"] });
