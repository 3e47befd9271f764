// The content of an output's frame. The page sends { html, libraries, dark }; the frame reports its height, focus, and
// the Escape key.
"use strict";
(() => {
  const output = document.getElementById("output");
  const loaded = new Map();
  let turn = Promise.resolve();

  const tell = message => parent.postMessage(message, "*");
  const measure = () => tell({ kind: "height", height: Math.ceil(output.getBoundingClientRect().height) });
  new ResizeObserver(measure).observe(output);

  const load = address => {
    if (!loaded.has(address)) {
      loaded.set(address, new Promise(done => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = script.onerror = done;
        document.head.append(script);
      }));
    }
    return loaded.get(address);
  };

  // Browsers do not run scripts that are inserted with innerHTML, so copies of them are run in order.
  const run = async (element, libraries) => {
    for (const script of element.querySelectorAll("script")) {
      if (script.dataset.library) {
        await load(libraries.find(address => address.endsWith(script.dataset.library)));
        continue;
      }
      const type = script.type.toLowerCase();
      if (type && type !== "module" && !type.includes("javascript")) continue;
      const copy = document.createElement("script");
      for (const { name, value } of script.attributes) copy.setAttribute(name, value);
      copy.textContent = script.textContent;
      const waits = copy.src && !script.async ? new Promise(done => { copy.onload = copy.onerror = done; }) : null;
      copy.async = false;
      script.replaceWith(copy);
      if (waits) await waits;
    }
  };

  const show = async message => {
    document.documentElement.classList.toggle("dark", message.dark);
    if (message.html === undefined) return;
    // Loads the libraries of other outputs first. Libraries that this output contains load where they occur.
    if (message.runs) for (const address of message.libraries) if (!message.html.includes(address.split("/").at(-1))) await load(address);
    output.innerHTML = message.html;
    for (const link of output.querySelectorAll("a[href]")) { link.target = "_blank"; link.rel = "noopener noreferrer"; }
    if (message.runs) await run(output, message.libraries);
    measure();
  };

  addEventListener("message", event => {
    if (event.source !== parent) return;
    turn = turn.then(() => show(event.data)).catch(error => console.error(error));
  });
  addEventListener("keydown", event => { if (event.key === "Escape") tell({ kind: "escape" }); });
  addEventListener("focus", () => tell({ kind: "focus" }));
  tell({ kind: "ready" });
})();
