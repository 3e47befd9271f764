// The frames of outputs: opened shortly before they scroll into view, filled by messages, and as high as their content.
import { isDark } from "./studio.js";

export class Frames {
  frames = new Map(); // host → { frame, address, version }

  scanFrames() {
    for (const [host, { frame }] of this.frames) if (!host.isConnected) { frame.remove(); this.frames.delete(host); }
    for (const host of this.root.querySelectorAll(".frame[data-frame]")) {
      const entry = this.frames.get(host);
      if (!entry) {
        if (!host.dataset.waiting) { host.dataset.waiting = "yes"; host.style.minHeight = "24px"; this.visible.observe(host); }
      } else if (entry.address !== host.dataset.frame) this.openFrame(host);
      else if (entry.version !== host.dataset.version || entry.source !== host.dataset.source) this.fill(host, entry);
    }
  }

  seen(entries) {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      this.visible.unobserve(target);
      if (target.matches(".frame")) this.openFrame(target);
      else this.colorize(target);
    }
  }

  openFrame(host) {
    this.frames.get(host)?.frame.remove();
    const frame = document.createElement("iframe");
    // Outputs have a different origin than this page. Outputs that do not run scripts have an opaque origin.
    const own = host.dataset.runs === "yes" ? "allow-same-origin " : "";
    frame.setAttribute("sandbox", `allow-scripts ${own}allow-popups allow-popups-to-escape-sandbox`);
    frame.title = host.dataset.title;
    frame.style.height = host.style.minHeight;
    frame.src = host.dataset.frame;
    this.frames.set(host, { frame, address: host.dataset.frame, version: null });
    host.append(frame);
  }

  async fill(host, entry) {
    if (!entry.ready) return;
    entry.version = host.dataset.version;
    entry.source = host.dataset.source;
    const root = host.dataset.frame.slice(0, host.dataset.frame.indexOf("/frame"));
    const response = await fetch(`${host.dataset.source}&version=${host.dataset.version}`);
    if (!response.ok) return;
    const { html, libraries } = await response.json();
    entry.frame.contentWindow?.postMessage({
      html, libraries: libraries.map(hash => `${root}/library/${hash}`), runs: host.dataset.runs === "yes", dark: isDark(),
    }, "*");
  }

  frameMessage(event) {
    for (const [host, entry] of this.frames) {
      if (event.source !== entry.frame.contentWindow) continue;
      const message = event.data ?? {};
      if (message.kind === "ready") { entry.ready = true; this.fill(host, entry); }
      else if (message.kind === "height" && Number.isFinite(message.height)) entry.frame.style.height = `${Math.min(Math.max(message.height, 0), 20000)}px`;
      else if (message.kind === "focus") { const cell = host.closest(".cell"); if (cell) this.select(cell.dataset.cell, { focus: false }); }
      else if (message.kind === "escape") { const cell = host.closest(".cell"); if (cell) this.select(cell.dataset.cell); }
    }
  }

  sendTheme() { for (const { frame } of this.frames.values()) frame.contentWindow?.postMessage({ dark: isDark() }, "*"); }
}
