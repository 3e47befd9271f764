// The source of cells: highlighted text that becomes an editor when the user edits it. Changes are sent to the server
// after a short delay.
import { Frames } from "./notebook-frames.js";
import { loadMonaco } from "./notebook-monaco.js";
import { isDark } from "./studio.js";

const sendDelay = 250;
const diagnoseDelay = 500;
const maxEditors = 24;

export class Editors extends Frames {
  editors = new Map(); // cell → { editor, host, dirty }
  timers = new Map();

  // Processes the cells that the server has rendered or removed.
  scan() {
    this.scanFrames();
    for (const host of this.root.querySelectorAll(".editor:not([data-open]):not([data-seen])")) { host.dataset.seen = "yes"; this.visible.observe(host); }
    for (const [id, { host }] of this.editors) if (!host.isConnected) this.dropEditor(id);
    const states = this.cells().map(cell => cell.dataset.state).join();
    if (states !== this.states) {
      // A run may have declared names, which changes the diagnostics.
      if (this.states?.includes("running") && !states.includes("running")) for (const id of this.editors.keys()) this.later(`diagnose ${id}`, diagnoseDelay, () => this.diagnose(id));
      this.states = states;
    }
  }

  text(id) {
    const entry = this.editors.get(id);
    const host = this.host(id);
    return entry?.host === host ? entry.editor.getValue() : plainText(host?.querySelector(".source"));
  }

  offset(id) {
    const editor = this.editors.get(id)?.editor;
    return editor ? editor.getModel().getOffsetAt(editor.getPosition()) : 0;
  }

  cellOf(model) {
    for (const [id, { editor }] of this.editors) if (editor.getModel() === model) return id;
    return null;
  }

  async edit(id, offset = null) {
    const cell = this.cell(id);
    if (!cell) return;
    if (cell.dataset.kind === "markdown") cell.dataset.editing = "yes";
    this.select(id, { focus: false });
    const monaco = await loadMonaco();
    const host = this.host(id);
    if (!host) return;
    const { editor } = this.editors.get(id)?.host === host ? this.editors.get(id) : this.createEditor(monaco, id, host);
    if (offset !== null) editor.setPosition(editor.getModel().getPositionAt(offset));
    editor.focus();
  }

  createEditor(monaco, id, host) {
    this.dropEditor(id);
    const source = plainText(host.querySelector(".source"));
    host.replaceChildren();
    host.dataset.open = "yes";
    const editor = monaco.editor.create(host, {
      value: source, language: host.dataset.language, ariaLabel: host.getAttribute("aria-label"), theme: isDark() ? "vs-dark" : "vs",
      minimap: { enabled: false }, scrollBeyondLastLine: false, lineNumbers: "off", folding: false, glyphMargin: false, lineDecorationsWidth: 10, lineNumbersMinChars: 0,
      fontSize: 14, lineHeight: 19, padding: { top: 8, bottom: 8 }, overviewRulerLanes: 0, hideCursorInOverviewRuler: true, renderLineHighlight: "none", automaticLayout: true,
      scrollbar: { alwaysConsumeMouseWheel: false, vertical: "hidden", handleMouseWheel: false }, fixedOverflowWidgets: true, tabCompletion: "on", wordBasedSuggestions: "off",
      wordWrap: host.dataset.language === "markdown" ? "on" : "off", contextmenu: false, tabSize: 4, insertSpaces: true, "semanticHighlighting.enabled": false,
    });
    editor.getModel().setEOL(monaco.editor.EndOfLineSequence.LF);
    const entry = { editor, host, dirty: false };
    this.editors.set(id, entry);
    const fit = () => {
      const height = Math.max(38, editor.getContentHeight());
      if (host.style.height !== `${height}px`) { host.style.height = `${height}px`; editor.layout(); }
    };
    editor.onDidContentSizeChange(fit);
    fit();
    editor.onDidChangeModelContent(() => {
      if (!entry.silent) this.changed(id);
      this.later(`diagnose ${id}`, diagnoseDelay, () => this.diagnose(id));
    });
    editor.onDidBlurEditorText(() => this.flush());
    this.later(`diagnose ${id}`, diagnoseDelay, () => this.diagnose(id));
    this.limitEditors(id);
    return entry;
  }

  // Limits the number of open editors: turns the others back into text.
  limitEditors(current) {
    for (const [id, { editor, host }] of this.editors) {
      if (this.editors.size <= maxEditors) break;
      if (id === current || editor.hasTextFocus()) continue;
      const text = editor.getValue();
      this.flush();
      this.dropEditor(id);
      this.plain(host, text);
    }
  }

  plain(host, text) {
    const source = document.createElement("pre");
    source.className = "source";
    source.tabIndex = -1;
    source.textContent = text;
    host.replaceChildren(source);
    host.style.height = "";
    delete host.dataset.open;
    this.visible.observe(host);
    this.colorize(host);
  }

  dropEditor(id) {
    const entry = this.editors.get(id);
    if (!entry) return;
    entry.editor.getModel()?.dispose();
    entry.editor.dispose();
    this.editors.delete(id);
  }

  // Applies a change that was made elsewhere: in another window, or by a command.
  setText(id, text) {
    const entry = this.editors.get(id);
    if (entry?.host.isConnected) {
      if (entry.editor.getValue() === text) return;
      entry.silent = true;
      entry.editor.getModel().pushEditOperations([], [{ range: entry.editor.getModel().getFullModelRange(), text }], () => null);
      entry.silent = false;
    } else {
      const host = this.host(id);
      if (host && !host.dataset.open) this.plain(host, text);
    }
  }

  changed(id) {
    this.editors.get(id).dirty = true;
    this.later(`send ${id}`, sendDelay, () => this.send(id));
  }

  later(name, delay, action) {
    clearTimeout(this.timers.get(name));
    this.timers.set(name, setTimeout(action, delay));
  }

  async send(id) {
    const entry = this.editors.get(id);
    if (!entry?.dirty) return;
    entry.dirty = false;
    try {
      await this.server.invokeMethodAsync("Edit", id, entry.editor.getValue());
    } catch {
      // The connection is lost: retried until it is restored.
      entry.dirty = true;
      this.later(`send ${id}`, 1000, () => this.send(id));
    }
  }

  // Saves unsent text across a reload that the user did not request.
  keepUnsent() {
    const unsent = [...this.editors].filter(([, entry]) => entry.dirty).map(([id, { editor }]) => [id, editor.getValue()]);
    if (unsent.length) sessionStorage.setItem(`unsent ${this.root.dataset.notebook}`, JSON.stringify(unsent));
  }

  async sendKept() {
    const name = `unsent ${this.root.dataset.notebook}`;
    const unsent = JSON.parse(sessionStorage.getItem(name) ?? "[]");
    sessionStorage.removeItem(name);
    for (const [id, text] of unsent) { await this.server.invokeMethodAsync("Edit", id, text); this.setText(id, text); }
  }

  flush() { return Promise.all([...this.editors.keys()].map(id => this.send(id))); }

  async ask(method, model, position) {
    const id = this.cellOf(model);
    if (!id) return null;
    try {
      return await this.server.invokeMethodAsync(method, id, model.getValue(), model.getOffsetAt(position));
    } catch {
      return null;
    }
  }

  async diagnose(id) {
    const entry = this.editors.get(id);
    if (!entry || entry.host.dataset.language !== "csharp") return;
    const model = entry.editor.getModel();
    const version = model.getVersionId();
    const found = await this.server.invokeMethodAsync("DiagnoseAsync", id, model.getValue()).catch(() => null);
    if (!found || model.isDisposed() || model.getVersionId() !== version) return;
    const { MarkerSeverity } = window.monaco;
    window.monaco.editor.setModelMarkers(model, "kernel", found.map(item => {
      const start = model.getPositionAt(item.start);
      const end = model.getPositionAt(Math.max(item.end, item.start + 1));
      return {
        startLineNumber: start.lineNumber, startColumn: start.column, endLineNumber: end.lineNumber, endColumn: end.column,
        severity: item.severity === "error" ? MarkerSeverity.Error : MarkerSeverity.Warning, code: item.code, message: item.message,
      };
    }));
  }

  async colorize(host) {
    const source = host.querySelector(".source");
    if (!source || source.dataset.colored || host.dataset.open || !window.monaco?.editor) return;
    source.dataset.colored = "yes";
    const [text, dark] = [plainText(source), isDark()];
    const html = await window.monaco.editor.colorize(text, host.dataset.language, { tabSize: 4 });
    if (!source.isConnected || plainText(source) !== text || dark !== isDark()) return;
    const colored = document.createElement("pre");
    colored.innerHTML = html;
    // Line breaks and non-breaking spaces become plain characters, so that the text can be searched and copied.
    for (const br of [...colored.querySelectorAll("br")]) br.replaceWith("\n");
    const walker = document.createTreeWalker(colored, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) walker.currentNode.data = walker.currentNode.data.replaceAll("\u00a0", " ");
    source.plainText = text;
    source.replaceChildren(...colored.childNodes);
  }

  // Monaco numbers its colors per theme: text that was highlighted in the other theme would have the wrong ones.
  recolorize() {
    for (const source of this.root.querySelectorAll(".source[data-colored]")) delete source.dataset.colored;
    this.colorizeVisible();
  }

  colorizeVisible() { for (const host of this.root.querySelectorAll(".editor:not([data-open])")) { this.visible.unobserve(host); this.visible.observe(host); } }
}

// Returns the source of a cell. Uses the original text if there is one, because highlighting appends a line feed.
const plainText = source => source?.plainText ?? source?.textContent ?? "";
