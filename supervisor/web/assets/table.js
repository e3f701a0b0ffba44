// The table of programs: one row each, built once and updated in place.

import { pending } from "./actions.js";
import { byId, h, setText, trendLine } from "./dom.js";
import { actionsFor, bytes, duration, isTrouble, percent, stateWord, TONES, troubleOf } from "./format.js";
import { TREND_SLOTS } from "./store.js";

/** Least tops of the scales: a process that does nothing should not look like a mountain range. */
const CPU_FLOOR = 0.1;
const MEMORY_FLOOR = 8 * 1024 * 1024;

const CHIPS = [
  ["all", "All", () => true],
  ["running", "Running", (program) => ["RUNNING", "STARTING"].includes(program.state)],
  ["trouble", "Trouble", isTrouble],
  ["stopped", "At rest", (program) => ["STOPPED", "EXITED", "STOPPING"].includes(program.state) && !isTrouble(program)],
];

const ORDER = ["FATAL", "UNKNOWN", "BACKOFF", "STARTING", "STOPPING", "RUNNING", "EXITED", "STOPPED"];

class Row {
  constructor(name, table) {
    this.name = name;
    this.table = table;
    this.pick = h("input", { type: "checkbox", "aria-label": `Select ${name}`, onchange: () => table.picked(name, this.pick.checked) });
    this.open = h("button", { type: "button", class: "open", onclick: () => table.onOpen(name) });
    const colon = name.indexOf(":");
    if (colon >= 0) this.open.append(h("span", { class: "soft" }, name.slice(0, colon + 1)));
    this.open.append(name.slice(colon + 1));
    this.trouble = h("div", { class: "trouble" });
    this.state = h("span", { class: "pill" });
    this.uptime = h("td", { class: "uptime" });
    this.restarts = h("td", { class: "restarts" });
    this.cpu = h("span", { class: "number" });
    this.memory = h("span", { class: "number" });
    this.cpuTrend = trendLine();
    this.memoryTrend = trendLine();
    this.actions = h("span", { class: "row-actions" });
    this.logs = h("button", { type: "button", class: "quiet", "aria-label": `Logs of ${name}`, onclick: () => table.onOpen(name) }, "Logs");
    this.element = h("tr", { tabindex: "-1", "data-name": name },
      h("td", { class: "pick" }, this.pick),
      h("th", { class: "name", scope: "row" }, this.open, this.trouble),
      h("td", { class: "state" }, this.state),
      this.uptime, this.restarts,
      h("td", { class: "cpu" }, h("span", { class: "gauge" }, this.cpu, this.cpuTrend.element)),
      h("td", { class: "memory" }, h("span", { class: "gauge" }, this.memory, this.memoryTrend.element)),
      h("td", { class: "doing" }, h("span", { class: "doing-inner" }, this.actions, this.logs)));
  }

  show(program, now) {
    const action = pending.get(this.name);
    const word = stateWord(program.state);
    this.state.className = `pill ${TONES[program.state] ?? "rest"}`;
    setText(this.state, word);
    this.element.classList.toggle("waiting", action !== undefined);
    setText(this.restarts, program.restarts > 0 ? String(program.restarts) : "");
    const wanted = this.table.mayAct ? actionsFor(program.state).join() : "";
    if (this.actions.dataset.shown !== wanted) {
      const hadFocus = this.actions.contains(document.activeElement);
      this.actions.dataset.shown = wanted;
      this.actions.replaceChildren(...wanted.split(",").filter(Boolean).map((name) => this.table.actions.button(this.name, name)));
      if (hadFocus) this.element.focus();
    }
    for (const button of this.actions.children) button.disabled = action !== undefined;
    this.tick(program, now);
  }

  tick(program, now) {
    const runs = program.pid !== null && program.started !== null;
    const ended = program.state === "STOPPED" || program.state === "EXITED" || program.state === "FATAL";
    this.uptime.classList.toggle("ago", !runs);
    setText(this.uptime, runs ? duration(now - program.started)
      : ended && program.since !== null ? `${duration(now - program.since)} ago` : "");
    setText(this.trouble, troubleOf(program, now));
  }

  measure(usage) {
    setText(this.cpu, usage?.cpu === undefined || usage.cpu === null ? "" : percent(usage.cpu));
    setText(this.memory, usage === undefined ? "" : bytes(usage.memory));
    this.cpuTrend.draw(usage?.cpuTrend ?? [], TREND_SLOTS, CPU_FLOOR);
    this.memoryTrend.draw(usage?.memoryTrend ?? [], TREND_SLOTS, MEMORY_FLOOR);
  }
}

export class ProgramTable {
  mayAct = true;
  selection = new Set();
  #rows = new Map();
  #body = byId("programs").tBodies[0];
  #chip = "all";
  #sort = { key: "name", descending: false };
  #shown = [];

  constructor(store, actions, onOpen) {
    this.store = store;
    this.actions = actions;
    this.onOpen = onOpen;
    this.#makeChips();
    for (const header of document.querySelectorAll("#programs th[data-sort] button")) {
      header.addEventListener("click", () => this.#sortBy(header.parentElement.dataset.sort));
    }
    byId("search").addEventListener("input", () => this.arrange());
    byId("group").addEventListener("change", () => this.arrange());
    byId("pick-all").addEventListener("change", (event) => this.#pickAll(event.target.checked));
    byId("many").addEventListener("click", (event) => {
      const action = event.target.closest("button")?.dataset.action;
      if (action) this.actions.many(this.targets(), action);
    });
  }

  /** Everything anew: the set of programs has changed. */
  rebuild() {
    for (const name of this.#rows.keys()) {
      if (!this.store.programs.has(name)) {
        this.#rows.get(name).element.remove();
        this.#rows.delete(name);
        this.selection.delete(name);
      }
    }
    for (const name of this.store.programs.keys()) {
      if (!this.#rows.has(name)) this.#rows.set(name, new Row(name, this));
    }
    this.#fillGroups();
    for (const name of this.store.programs.keys()) this.update(name);
    this.measure();
    this.arrange();
  }

  update(name) {
    const program = this.store.programs.get(name);
    if (program !== undefined) this.#rows.get(name)?.show(program, this.store.now());
  }

  tick() {
    const now = this.store.now();
    for (const name of this.#shown) this.#rows.get(name).tick(this.store.programs.get(name), now);
  }

  measure() {
    for (const [name, row] of this.#rows) row.measure(this.store.usageOf(name));
    if (["cpu", "memory"].includes(this.#sort.key)) this.arrange();
  }

  /** Filters and sorts. Rows are moved only where the order differs, so that focus stays. */
  arrange() {
    const text = byId("search").value.trim().toLowerCase();
    const group = byId("group").value;
    const [, , inChip] = CHIPS.find(([key]) => key === this.#chip);
    const shown = [...this.store.programs.values()].filter((program) =>
      inChip(program) && (group === "" || program.group === group) && program.name.toLowerCase().includes(text));
    shown.sort((a, b) => this.#compare(a, b));
    this.#shown = shown.map((program) => program.name);
    const visible = new Set(this.#shown);
    for (const [name, row] of this.#rows) if (!visible.has(name)) row.element.remove();
    this.#shown.forEach((name, i) => {
      const { element } = this.#rows.get(name);
      if (this.#body.children[i] !== element) this.#body.insertBefore(element, this.#body.children[i] ?? null);
    });
    if (this.#body.querySelector("tr[tabindex='0']") === null && this.#body.firstElementChild) {
      this.#body.firstElementChild.tabIndex = 0;
    }
    const nothing = byId("nothing");
    nothing.hidden = shown.length > 0;
    setText(nothing, this.store.programs.size === 0 ? "No programs to manage." : "No program is like that.");
    this.#countChips();
    this.#describeTargets();
  }

  /** What the buttons above the table act on: the selection, otherwise all that is shown. */
  targets() {
    const picked = this.#shown.filter((name) => this.selection.has(name));
    return picked.length > 0 ? picked : [...this.#shown];
  }

  picked(name, on) {
    if (on) this.selection.add(name);
    else this.selection.delete(name);
    this.#describeTargets();
  }

  forgetSelection() {
    this.#pickAll(false);
  }

  /** The program whose row has the focus. */
  current() {
    return document.activeElement?.closest?.("#programs tbody tr")?.dataset.name ?? null;
  }

  togglePick(name) {
    const { pick } = this.#rows.get(name);
    pick.checked = !pick.checked;
    this.picked(name, pick.checked);
  }

  /** Moves the focus by rows. */
  move(by) {
    const rows = [...this.#body.children];
    if (rows.length === 0) return;
    const at = rows.indexOf(document.activeElement?.closest?.("tr"));
    const to = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by));
    for (const row of rows) row.tabIndex = -1;
    rows[to].tabIndex = 0;
    rows[to].focus();
  }

  mark(open) {
    for (const [name, row] of this.#rows) row.element.classList.toggle("current", name === open);
  }

  focusRow(name) {
    this.#rows.get(name)?.element.focus();
  }

  #pickAll(on) {
    if (!on) this.selection.clear();
    for (const name of this.#shown) if (on) this.selection.add(name);
    for (const [name, row] of this.#rows) row.pick.checked = this.selection.has(name);
    this.#describeTargets();
  }

  #describeTargets() {
    const picked = this.#shown.filter((name) => this.selection.has(name)).length;
    const count = this.#shown.length;
    const all = count === this.store.programs.size ? "all" : "the";
    setText(byId("target"), picked > 0 ? `${picked} selected`
      : count === 1 ? "The one program shown" : `${all === "all" ? "All" : "The"} ${count} programs${all === "all" ? "" : " shown"}`);
    byId("many").classList.toggle("picked", picked > 0);
    byId("many").hidden = !this.mayAct || count === 0;
    const box = byId("pick-all");
    box.checked = picked > 0 && picked === count;
    box.indeterminate = picked > 0 && picked < count;
  }

  #makeChips() {
    byId("chips").append(...CHIPS.map(([key, label]) =>
      h("button", { type: "button", "data-chip": key, "aria-pressed": String(key === "all"), onclick: () => this.#choose(key) },
        label, h("span", { class: "count" }))));
  }

  #choose(key) {
    this.#chip = key;
    for (const chip of byId("chips").children) chip.setAttribute("aria-pressed", String(chip.dataset.chip === key));
    this.arrange();
  }

  #countChips() {
    for (const [key, , has] of CHIPS) {
      const chip = byId("chips").querySelector(`[data-chip=${key}]`);
      const count = [...this.store.programs.values()].filter(has).length;
      setText(chip.querySelector(".count"), String(count));
      chip.classList.toggle("alarm", key === "trouble" && count > 0);
    }
  }

  #fillGroups() {
    const select = byId("group");
    const chosen = select.value;
    const groups = [...new Set([...this.store.programs.values()].map((program) => program.group))].sort();
    select.replaceChildren(h("option", { value: "" }, "All groups"), ...groups.map((group) => h("option", { value: group }, group)));
    select.value = groups.includes(chosen) ? chosen : "";
    select.hidden = groups.length < 2;
  }

  #sortBy(key) {
    const numeric = ["uptime", "restarts", "cpu", "memory"].includes(key);
    this.#sort = this.#sort.key === key ? { key, descending: !this.#sort.descending } : { key, descending: numeric };
    for (const header of document.querySelectorAll("#programs th[data-sort]")) {
      if (header.dataset.sort === key) header.setAttribute("aria-sort", this.#sort.descending ? "descending" : "ascending");
      else header.removeAttribute("aria-sort");
    }
    this.arrange();
  }

  #compare(a, b) {
    const { key, descending } = this.#sort;
    const value = {
      name: () => 0,
      state: (program) => ORDER.indexOf(program.state),
      uptime: (program) => (program.pid === null ? -1 : this.store.now() - program.started),
      restarts: (program) => program.restarts,
      cpu: (program) => this.store.usageOf(program.name)?.cpu ?? -1,
      memory: (program) => this.store.usageOf(program.name)?.memory ?? -1,
    }[key];
    const order = value(a) - value(b) || collate(a.name, b.name);
    return descending ? -order : order;
  }
}

/** Numbers in names count as numbers: worker-9 comes before worker-10. */
const { compare: collate } = new Intl.Collator(undefined, { numeric: true });
