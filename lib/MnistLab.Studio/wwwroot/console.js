// Uploads files from the object browser, and adjusts the height of the drawing pad. Files are sent unchanged, one at a
// time; the server reports their progress to the page.

import { isDark } from "./studio.js";

let waiting = 0;

async function send(files, zone) {
  const address = zone.dataset.upload;
  waiting += files.length;
  for (const file of files) {
    try {
      await fetch(address + encodeURIComponent(file.name), { method: "POST", body: file });
    } catch {
      // The server detects the failure and displays it.
    } finally {
      waiting--;
    }
  }
}

function zoneOf(event) {
  return event.target instanceof Element ? event.target.closest("[data-upload]") : null;
}

document.addEventListener("change", event => {
  const zone = zoneOf(event);
  if (!zone || event.target.type !== "file") return;
  zone.querySelector("[data-upload-problem]").textContent = "";
  const files = [...event.target.files];
  send(files, zone).finally(() => { event.target.value = ""; });
});

document.addEventListener("dragover", event => {
  const zone = zoneOf(event);
  if (!zone) return;
  event.preventDefault();
  zone.classList.add("over");
});

document.addEventListener("dragleave", event => zoneOf(event)?.classList.remove("over"));

document.addEventListener("drop", event => {
  const zone = zoneOf(event);
  if (!zone) return;
  event.preventDefault();
  zone.classList.remove("over");
  const items = [...event.dataTransfer.items].filter(item => item.kind === "file");
  const isFolder = item => item.webkitGetAsEntry?.()?.isDirectory === true;
  zone.querySelector("[data-upload-problem]").textContent = items.some(isFolder) ? zone.dataset.folders : "";
  send(items.filter(item => !isFolder(item)).map(item => item.getAsFile()), zone);
});

// The drawing pad of a service reports its height, so that its prediction is visible without scrolling.
addEventListener("message", event => {
  const height = event.data?.mnistlabPad;
  if (!(height > 0 && height < 4000)) return;
  const pad = [...document.querySelectorAll("iframe.pad")].find(frame => frame.contentWindow === event.source);
  if (!pad) return;
  pad.style.height = `${height + pad.offsetHeight - pad.clientHeight}px`;
  sendTheme(pad);
});

// The pad has another origin, so it cannot see the theme of this page.
function sendTheme(pad) {
  pad.contentWindow?.postMessage({ mnistlabTheme: isDark() ? "dark" : "light" }, new URL(pad.src).origin);
}

document.addEventListener("studio-theme", () => document.querySelectorAll("iframe.pad").forEach(sendTheme));

// Leaving the page would cancel its uploads, so the browser asks for confirmation.
addEventListener("beforeunload", event => {
  if (waiting > 0) event.preventDefault();
});
