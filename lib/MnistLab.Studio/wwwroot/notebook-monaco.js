// Loads the Monaco editor from this server, with completion, hover, and signature help from the kernel.
import { isDark } from "./studio.js";

const monacoRoot = "/_content/BlazorMonaco/lib/monaco-editor/min/vs";
let loading;

export function loadMonaco() {
  loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = `${monacoRoot}/loader.js`;
    script.onload = () => {
      window.require.config({ paths: { vs: monacoRoot } });
      window.require(["vs/editor/editor.main"], () => { configure(); done(window.monaco); }, failed);
    };
    script.onerror = failed;
    document.head.append(script);
  });
  return loading;
}

// The notebooks on this page. Monaco's language providers are registered once, for all of them.
export const views = new Set();
const viewOf = model => [...views].find(view => view.cellOf(model));

function configure() {
  const { languages } = window.monaco;
  const kinds = {
    method: "Method", extensionmethod: "Method", property: "Property", field: "Field", class: "Class", structure: "Struct", interface: "Interface",
    enum: "Enum", enummember: "EnumMember", keyword: "Keyword", namespace: "Module", local: "Variable", parameter: "Variable", constant: "Constant",
    event: "Event", delegate: "Function", typeparameter: "TypeParameter", rangevariable: "Variable",
  };
  for (const language of ["csharp", "python", "fsharp"]) {
    languages.registerCompletionItemProvider(language, {
      triggerCharacters: ["."],
      async provideCompletionItems(model, position) {
        const view = viewOf(model);
        const found = await view?.ask("CompleteAsync", model, position);
        if (!found) return { suggestions: [] };
        const range = window.monaco.Range.fromPositions(model.getPositionAt(found.start), model.getPositionAt(found.end));
        return {
          suggestions: found.items.map((item, index) => ({
            label: item.text, insertText: item.text, range, kind: languages.CompletionItemKind[kinds[item.kind] ?? "Text"], sortText: String(index).padStart(6, "0"),
          })),
        };
      },
    });
    languages.registerHoverProvider(language, {
      async provideHover(model, position) {
        const text = await viewOf(model)?.ask("HoverAsync", model, position);
        return text ? { contents: [{ value: text, supportHtml: false }] } : null;
      },
    });
    languages.registerSignatureHelpProvider(language, {
      signatureHelpTriggerCharacters: ["(", ","], signatureHelpRetriggerCharacters: [")"],
      async provideSignatureHelp(model, position) {
        const value = await viewOf(model)?.ask("SignaturesAsync", model, position);
        return value ? { value, dispose() {} } : null;
      },
    });
  }
  const setTheme = () => window.monaco.editor.setTheme(isDark() ? "vs-dark" : "vs");
  setTheme();
  document.addEventListener("studio-theme", setTheme);
}
