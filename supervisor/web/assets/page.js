// The page: ties the parts together, and the keyboard to them.

import { Actions } from "./actions.js";
import { byId, setText } from "./dom.js";
import { isTrouble, troubleOf } from "./format.js";
import { Panel } from "./panel.js";
import { Store } from "./store.js";
import { ProgramTable } from "./table.js";
import { toast } from "./toasts.js";

const store = new Store();
const actions = new Actions((name) => {
  table.update(name);
  if (panel.name === name) panel.update();
});
const table = new ProgramTable(store, actions, (name) => { location.hash = encodeURIComponent(name); });
const panel = new Panel(store, actions);
const title = document.querySelector("h1").textContent;

/** Until now the plain page was shown; it stays where this does not run. */
function takeOver() {
  byId("plain").hidden = true;
  byId("app").hidden = false;
  byId("theme").hidden = false;
  byId("help-button").hidden = false;
  const message = new URLSearchParams(location.search).get("message");
  if (message !== null) {
    toast(message, message.startsWith("ERROR") ? "bad" : "good");
    history.replaceState(null, "", location.pathname + location.hash);
  }
}

// What the daemon says -------------------------------------------------------------------------

let wasLost = false;

store.addEventListener("connected", () => {
  if (byId("app").hidden) takeOver();
  if (wasLost) toast("Connected again");
  wasLost = false;
  byId("banner").hidden = true;
  document.body.classList.remove("lost");
  const readOnly = store.daemon.permission === "read_only";
  table.mayAct = panel.mayAct = !readOnly;
  showDaemon();
});

store.addEventListener("lost", () => {
  setText(byId("link"), "");
  if (byId("app").hidden) return; // the plain page is as good as before
  wasLost = true;
  setText(byId("banner"), "The connection to the daemon is lost. What you see may be out of date; trying again.");
  byId("banner").hidden = false;
  document.body.classList.add("lost");
});

store.addEventListener("programs", () => {
  table.rebuild();
  showTitle();
  followAddress();
  if (panel.name !== null && store.programs.has(panel.name)) panel.reconnect();
});

store.addEventListener("program", ({ detail }) => {
  if (!store.programs.has(detail.name)) return;
  table.update(detail.name);
  arrangeSoon();
  if (panel.name === detail.name) panel.update();
  if (detail.to === "FATAL") toast(`${detail.name} has failed. ${troubleOf(detail.program, store.now())}`, "bad");
});

/** Once for all that changes together: a thousand programs may be restarted at a time. */
let arranging = null;
function arrangeSoon() {
  arranging ??= setTimeout(() => {
    arranging = null;
    table.arrange();
    showTitle();
  }, 50);
}

store.addEventListener("usage", () => table.measure());
store.addEventListener("daemon", showDaemon);

function showDaemon() {
  const { state, permission } = store.daemon;
  setText(byId("link"), store.connected ? "Live" : "");
  const text = state === "RUNNING" ? (permission === "read_only" ? "Read only" : "") : state === "RESTARTING" ? "Restarting" : "Shutting down";
  setText(byId("badge"), text);
  byId("badge").hidden = text === "";
  byId("badge").classList.toggle("warn", state !== "RUNNING");
}

function showTitle() {
  const count = [...store.programs.values()].filter(isTrouble).length;
  document.title = count > 0 ? `(${count}) ${title}` : title;
}

// Once a second while somebody looks: uptimes, and the time to the next attempt.
setInterval(() => {
  if (document.visibilityState === "visible" && store.connected) {
    table.tick();
    panel.tick();
  }
}, 1000);

// The panel has an address ---------------------------------------------------------------------

function followAddress() {
  let name = "";
  try {
    name = decodeURIComponent(location.hash.slice(1));
  } catch {
    // not one of ours
  }
  if (store.programs.has(name)) {
    panel.open(name);
    table.mark(name);
  } else if (panel.name !== null) {
    const last = panel.name;
    panel.close();
    table.mark(null);
    table.focusRow(last);
  }
}

function closePanel() {
  history.replaceState(null, "", location.pathname + location.search);
  followAddress();
}

window.addEventListener("hashchange", followAddress);
byId("panel-close").addEventListener("click", closePanel);

// Keys -----------------------------------------------------------------------------------------

const KEYS = {
  "/": () => byId("search").focus(),
  "?": () => byId("help").showModal(),
  j: () => table.move(1),
  k: () => table.move(-1),
  ArrowDown: () => table.move(1),
  ArrowUp: () => table.move(-1),
  s: () => actOnCurrent("start"),
  x: () => actOnCurrent("stop"),
  r: () => actOnCurrent("restart"),
};

function actOnCurrent(action) {
  if (!table.mayAct) return;
  if (table.selection.size > 0) actions.many(table.targets(), action);
  else if (table.current() !== null) actions.one(table.current(), action);
}

function escape(target) {
  if (target.matches("input[type=search]") && target.value !== "") {
    target.value = "";
    target.dispatchEvent(new Event("input"));
  } else if (panel.name !== null) {
    closePanel();
  } else if (table.selection.size > 0) {
    table.forgetSelection();
  } else {
    target.blur();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("app").hidden || document.querySelector("dialog[open]")) return;
  const { target, key } = event;
  if (key === "Escape") {
    event.preventDefault();
    return escape(target);
  }
  const arrow = key.startsWith("Arrow");
  if (target.matches("input:not([type=checkbox]), select, textarea") || (arrow && target.closest("#panel, .chips"))) return;
  if (target.matches("#programs tbody tr") && (key === "Enter" || key === " ")) {
    event.preventDefault();
    if (key === "Enter") table.onOpen(target.dataset.name);
    else table.togglePick(target.dataset.name);
    return;
  }
  if (KEYS[key]) {
    event.preventDefault();
    KEYS[key]();
  }
});

// Light and dark -------------------------------------------------------------------------------

const THEMES = ["auto", "light", "dark"];

function showTheme() {
  setText(byId("theme"), `\u25d0 ${{ auto: "Auto", light: "Light", dark: "Dark" }[theme()]}`);
  byId("theme").setAttribute("aria-label", `Theme: ${theme()}`);
}

const theme = () => document.documentElement.dataset.theme ?? "auto";

byId("theme").addEventListener("click", () => {
  const next = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length];
  if (next === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("modinit.theme", next);
  } catch {
    // It holds until the page is left.
  }
  showTheme();
});
byId("help-button").addEventListener("click", () => byId("help").showModal());

showTheme();
store.begin();
