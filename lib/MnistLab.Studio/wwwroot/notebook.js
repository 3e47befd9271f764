// The page of a notebook: selection, commands, and keyboard shortcuts. The server renders the cells. Text that the user
// types is sent to the server after a short delay, and before every command.
import { Editors } from "./notebook-editors.js";
import { loadMonaco, views } from "./notebook-monaco.js";

class View extends Editors {
  clipboard = null;
  selected = null;
  lastKey = { key: "", time: 0 };

  constructor(root, server) {
    super();
    this.root = root;
    this.server = server;
    this.stop = new AbortController();
    const options = { signal: this.stop.signal };
    root.addEventListener("click", event => this.click(event), options);
    root.addEventListener("dblclick", event => this.doubleClick(event), options);
    root.addEventListener("focusin", event => this.focus(event), options);
    document.addEventListener("keydown", event => this.key(event), { ...options, capture: true });
    addEventListener("message", event => this.frameMessage(event), options);
    addEventListener("beforeunload", () => this.flush(), options);
    document.addEventListener("studio-theme", () => { this.sendTheme(); setTimeout(() => this.recolorize()); }, options);
    document.addEventListener("studio-reload", () => this.keepUnsent(), options);
    this.sendKept();
    this.visible = new IntersectionObserver(entries => this.seen(entries), { rootMargin: "600px" });
    this.changes = new MutationObserver(() => this.scan());
    this.changes.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-version", "data-frame", "data-source", "data-state"] });
    this.scan();
    loadMonaco().then(() => { root.dataset.editor = "ready"; this.colorizeVisible(); });
  }

  close() {
    this.flush();
    this.stop.abort();
    this.visible.disconnect();
    this.changes.disconnect();
    for (const { editor } of this.editors.values()) { editor.getModel()?.dispose(); editor.dispose(); }
    views.delete(this);
  }

  // ----- Cells and selection

  cell(id) { return id ? this.root.querySelector(`.cell[data-cell="${CSS.escape(id)}"]`) : null; }
  cells() { return [...this.root.querySelectorAll(".cell")]; }
  host(id) { return this.cell(id)?.querySelector(".editor"); }

  select(id, { focus = true } = {}) {
    for (const other of this.root.querySelectorAll(".cell[data-selected]")) if (other.dataset.cell !== id) delete other.dataset.selected;
    const cell = this.cell(id);
    this.selected = cell ? id : null;
    if (!cell) return;
    cell.dataset.selected = "yes";
    if (focus) { cell.focus({ preventScroll: true }); cell.scrollIntoView({ block: "nearest" }); }
  }

  focus(event) {
    const cell = event.target.closest(".cell");
    if (cell && cell.dataset.cell !== this.selected) this.select(cell.dataset.cell, { focus: false });
  }

  step(by) {
    const cells = this.cells();
    const index = cells.findIndex(cell => cell.dataset.cell === this.selected);
    const next = cells[Math.min(Math.max(index + by, 0), cells.length - 1)];
    if (next) this.select(next.dataset.cell);
  }

  // ----- Commands

  async click(event) {
    const command = event.target.closest("[data-command]");
    if (command) {
      const id = command.closest(".cell")?.dataset.cell ?? this.selected ?? this.cells()[0]?.dataset.cell;
      command.closest("details.menu")?.removeAttribute("open");
      if (command.dataset.confirm && !confirm(command.dataset.confirm)) return;
      await this.run(command.dataset.command, id);
      // Returns the focus to the selected cell, so that keyboard shortcuts apply to it.
      if (command.closest(".toolbar") && document.activeElement?.closest(".toolbar")) this.cell(this.selected)?.focus({ preventScroll: true });
      return;
    }
    const cell = event.target.closest(".cell");
    if (!cell) return;
    if (event.target.closest("[data-edit]")) { this.edit(cell.dataset.cell); return; }
    const source = event.target.closest(".editor:not([data-open]) .source");
    if (source) this.edit(cell.dataset.cell, offsetAt(source, event));
  }

  doubleClick(event) {
    const cell = event.target.closest(".cell[data-kind=markdown]");
    if (cell && event.target.closest(".markdown")) this.edit(cell.dataset.cell);
  }

  async run(name, id, argument = null) {
    if (name === "shortcuts") { this.showShortcuts(); return; }
    if (name === "split") argument = this.offset(id);
    const cell = this.cell(id);
    if (name.startsWith("run") && cell?.dataset.kind === "markdown") await this.endText(id);
    await this.flush();
    const selection = await this.server.invokeMethodAsync("CommandAsync", name, id ?? null, argument);
    if (!selection) return;
    await this.appeared(selection.cell);
    if (selection.edits) this.edit(selection.cell);
    else this.select(selection.cell);
  }

  async appeared(id) {
    for (let attempt = 0; attempt < 100 && !this.cell(id); attempt++) await new Promise(done => setTimeout(done, 20));
  }

  async endText(id) {
    const cell = this.cell(id);
    if (!cell) return;
    await this.flush();
    delete cell.dataset.editing;
  }

  // ----- Keyboard shortcuts

  key(event) {
    if (!this.root.isConnected || document.querySelector("dialog[open]")) return;
    const inEditor = !!event.target.closest?.(".editor");
    const isElsewhere = event.target === document.body || !!event.target.closest?.(".toolbar button");
    const cell = event.target.closest?.(".cell") ?? (isElsewhere ? this.cell(this.selected) : null);
    const id = cell?.dataset.cell;
    const control = event.ctrlKey || event.metaKey;
    const take = action => { event.preventDefault(); event.stopPropagation(); action(); };
    if (control && event.key.toLowerCase() === "s") return take(() => this.run("save", id));
    if (!id || !this.root.contains(cell)) return;
    if (event.key === "Enter" && event.shiftKey) return take(() => this.run("run-advance", id));
    if (event.key === "Enter" && control) return take(() => this.run("run", id).then(() => this.select(id)));
    if (event.key === "Enter" && event.altKey) return take(() => this.run("run-insert", id));
    if (inEditor) {
      if (control && event.shiftKey && (event.key === "-" || event.key === "_" || event.code === "Minus")) return take(() => this.run("split", id));
      if (event.key === "Escape" && !this.isSuggesting(id)) return take(() => this.leave(id));
      return;
    }
    // Another focused element, such as a button, handles its own keys.
    if ((event.target !== cell && event.target !== document.body) || event.altKey) return;
    if (control) {
      if (event.shiftKey && event.key === "ArrowUp") return take(() => this.run("move-up", id));
      if (event.shiftKey && event.key === "ArrowDown") return take(() => this.run("move-down", id));
      return;
    }
    const twice = key => { const is = this.lastKey.key === key && event.timeStamp - this.lastKey.time < 1000; this.lastKey = is ? { key: "", time: 0 } : { key, time: event.timeStamp }; return is; };
    const commands = {
      Enter: () => this.edit(id), ArrowUp: () => this.step(-1), k: () => this.step(-1), ArrowDown: () => this.step(1), j: () => this.step(1),
      a: () => this.run("insert-above", id), b: () => this.run("insert-below", id), m: () => this.run("to-markdown", id), y: () => this.run("to-code", id),
      c: () => this.copy(id), x: () => { this.copy(id); this.run("delete", id); }, v: () => this.clipboard && this.run("paste", id, this.clipboard),
      z: () => this.run("undo-delete", id), M: () => this.run("merge", id), s: () => this.run("save", id), h: () => this.showShortcuts(),
      d: () => twice("d") && this.run("delete", id), i: () => twice("i") && this.run("interrupt", id),
      0: () => twice("0") && confirm(this.root.querySelector("[data-command=restart]").dataset.confirm) && this.run("restart", id),
    };
    const action = commands[event.key];
    if (action) take(action);
  }

  isSuggesting(id) {
    const host = this.host(id);
    return !!host?.querySelector(".suggest-widget.visible, .parameter-hints-widget.visible, .find-widget.visible")
      || !!document.querySelector(".suggest-widget.visible, .parameter-hints-widget.visible");
  }

  leave(id) {
    this.endText(id);
    this.select(id);
  }

  copy(id) {
    const cell = this.cell(id);
    this.clipboard = { kind: cell.dataset.kind, source: this.text(id) };
  }

  showShortcuts() { this.root.querySelector("dialog.shortcuts").showModal(); }
}

function offsetAt(source, event) {
  const range = document.caretRangeFromPoint?.(event.clientX, event.clientY);
  if (!range || !source.contains(range.startContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(source);
  before.setEnd(range.startContainer, range.startOffset);
  return before.toString().length;
}

export function open(root, server) {
  const view = new View(root, server);
  views.add(view);
  root.view = view;
  return view;
}
