// SQL with completion: an editor over the textarea of each query. The textarea stays the field that is posted and saved by
// itself; where this script does not run, it is simply shown.
import {
  EditorState, EditorView, SQLDialect, acceptCompletion, autocompletion, bracketMatching, closeBrackets, closeBracketsKeymap,
  completionKeymap, defaultHighlightStyle, defaultKeymap, highlightSpecialChars, history, historyKeymap, keymap, lineNumbers,
  syntaxHighlighting, syntaxTree,
} from "../vendor/codemirror/editor.min.js";

const KEYWORDS =
  "select from where group by order having limit distinct as and or not in is null between like ilike case when then else end " +
  "join left right full outer inner cross using on with union all except intersect qualify over partition asc desc exists " +
  "filter interval date timestamp true false recursive values offset first last nulls rows";
const TYPES = "integer bigint double varchar boolean date timestamp decimal interval";
const NAME = "[\\p{L}_][\\p{L}\\p{N}_]*";

const same = (a, b) => a.toLowerCase() === b.toLowerCase();

function columnOption(table, column) {
  const info = [table.name, column.meaning || column.kind].filter(Boolean).join(" · ");
  return { label: column.name, type: "property", detail: column.title, info, boost: 2 };
}

const tableOption = (table) => ({ label: table.name, type: "class", detail: table.title, info: table.about, boost: 1 });

// The tables that a text reads, and the short names it gives them.
function scope(text, tables) {
  const mentioned = tables.filter((table) => new RegExp(`(?<![\\p{L}\\p{N}_])${table.name}(?![\\p{L}\\p{N}_])`, "iu").test(text));
  const reserved = new Set(KEYWORDS.split(" "));
  const names = new Map(mentioned.map((table) => [table.name.toLowerCase(), table]));
  for (const table of mentioned) {
    for (const [, alias] of text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}_])${table.name}\\s+(?:as\\s+)?(${NAME})`, "giu"))) {
      if (!reserved.has(alias.toLowerCase())) names.set(alias.toLowerCase(), table);
    }
  }
  return { mentioned, names };
}

// Completion from the tables of the task, the queries before this one, and the words of the language.
export function completions(tablesNow, functions) {
  const fixed = [
    ...KEYWORDS.split(" ").map((word) => ({ label: word.toUpperCase(), type: "keyword" })),
    ...functions.map(([name, about]) => ({ label: name, type: "function", detail: about })),
  ];
  return (context) => {
    if (/String|Comment/.test(syntaxTree(context.state).resolveInner(context.pos, -1).name)) return null;
    const found = context.matchBefore(new RegExp(`(?:${NAME}\\.)?[\\p{L}\\p{N}_]*`, "u"));
    if (!found || (found.from === found.to && !context.explicit)) return null;
    const tables = tablesNow();
    const { mentioned, names } = scope(context.state.doc.toString(), tables);
    const dot = found.text.indexOf(".");
    if (dot >= 0) {
      const table = names.get(found.text.slice(0, dot).toLowerCase());
      return table ? { from: found.from + dot + 1, options: table.columns.map((column) => columnOption(table, column)), validFor: /^[\p{L}\p{N}_]*$/u } : null;
    }
    const tablesHere = /(?<![\p{L}\p{N}_])(?:from|join)\s+$/iu.test(context.state.sliceDoc(0, found.from));
    if (tablesHere) return { from: found.from, options: tables.map(tableOption), validFor: /^[\p{L}\p{N}_]*$/u };
    const columns = (mentioned.length ? mentioned : tables).flatMap((table) => table.columns.map((column) => columnOption(table, column)));
    const once = columns.filter((option, place) => columns.findIndex((other) => same(other.label, option.label)) === place);
    return { from: found.from, options: [...once, ...tables.map(tableOption), ...fixed], validFor: /^[\p{L}\p{N}_]*$/u };
  };
}

function mount(area, given, tablesNow, run) {
  const dialect = SQLDialect.define({ keywords: KEYWORDS, types: TYPES, builtin: given.functions.map(([name]) => name).join(" ") });
  const view = new EditorView({
    doc: area.value,
    extensions: [
      EditorView.cspNonce.of(given.nonce),
      EditorState.phrases.of(given.phrases),
      dialect.extension,
      lineNumbers(),
      highlightSpecialChars(),
      history(),
      bracketMatching(),
      closeBrackets(),
      syntaxHighlighting(defaultHighlightStyle),
      autocompletion({ override: [completions(tablesNow, given.functions)], icons: false, maxRenderedOptions: 60 }),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": area.labels[0].textContent, "aria-describedby": "sql-keys" }),
      // Tab takes a completion while the list is open and otherwise moves on, as everywhere.
      keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }, { key: "Tab", run: acceptCompletion }, ...completionKeymap, ...closeBracketsKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        area.value = update.state.doc.toString();
        area.dispatchEvent(new Event("input", { bubbles: true }));
      }),
    ],
  });
  area.after(view.dom);
  area.hidden = true;
  area.labels[0].addEventListener("click", () => view.focus());
}

// The queries written above a query read like tables; what columns they have is known once they have been run here.
function earlier(areas, place, known) {
  return areas.slice(0, place).map((area) => {
    const name = area.closest("[data-query]").querySelector(".pr-name").value.trim();
    return { name, title: "", about: "", columns: (known.get(name) || []).map((column) => ({ name: column, kind: "", title: "", meaning: "" })) };
  }).filter((table) => new RegExp(`^${NAME}$`, "u").test(table.name));
}

const source = document.querySelector("script[data-editor]");
if (source) {
  const given = JSON.parse(source.textContent);
  const areas = [...document.querySelectorAll("[data-sql]")];
  const known = new Map();
  document.addEventListener("shuyang:outcome", (event) => known.set(event.detail.name, event.detail.columns));
  areas.forEach((area, place) => {
    const run = () => area.closest("[data-query]").querySelector("[data-run]").click();
    mount(area, given, () => [...given.tables, ...earlier(areas, place, known)], run);
  });
  for (const help of document.querySelectorAll("[data-editor-help]")) help.hidden = false;
}
