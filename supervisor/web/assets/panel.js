// One program: what is known of it, and its logs as they grow.

import { pending } from "./actions.js";
import { followLog, getJson, pathOf } from "./api.js";
import { byId, h, setText } from "./dom.js";
import { actionsFor, duration, explain, moment, stateWord, TONES, troubleOf } from "./format.js";
import { LogView } from "./log_view.js";

const TAIL_BYTES = 128 * 1024;
const RETRY = 1500;

export class Panel {
  mayAct = true;
  name = null;
  #store;
  #actions;
  #channel = "stdout";
  #view = new LogView(byId("log"), (state) => this.#showLogState(state));
  #stream = null; // AbortController of the log being followed
  #note = ""; // why there is nothing to see

  constructor(store, actions) {
    this.#store = store;
    this.#actions = actions;
    for (const tab of document.querySelectorAll(".tabs [data-channel]")) {
      tab.addEventListener("click", () => this.#choose(tab.dataset.channel));
    }
    byId("log-follow").addEventListener("click", (event) => this.#view.follow(event.currentTarget.getAttribute("aria-pressed") !== "true"));
    byId("log-pause").addEventListener("click", () => this.#view.pause(!this.#view.paused));
    byId("log-wrap").addEventListener("click", (event) => {
      const on = event.currentTarget.getAttribute("aria-pressed") !== "true";
      event.currentTarget.setAttribute("aria-pressed", String(on));
      this.#view.wrap(on);
    });
    byId("log-clear").addEventListener("click", () => this.#actions.one(this.name, "clear"));
    const search = byId("log-search");
    search.addEventListener("input", () => this.#view.find(search.value));
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        this.#view.step(event.shiftKey ? 1 : -1);
      }
    });
  }

  open(name) {
    if (this.name === name) return;
    const first = this.name === null;
    this.name = name;
    byId("panel").hidden = false;
    document.body.classList.add("with-panel");
    byId("log-search").value = "";
    this.#view.find("");
    this.#view.pause(false);
    this.#view.follow(true);
    byId("panel-facts").replaceChildren();
    this.update();
    this.#loadFacts();
    const { logs } = this.#store.programs.get(name);
    this.#choose(logs[this.#channel] === null && logs.stdout !== null ? "stdout" : this.#channel);
    if (first) byId("panel").focus({ preventScroll: true });
  }

  close() {
    this.#stream?.abort();
    this.#stream = null;
    this.name = null;
    byId("panel").hidden = true;
    document.body.classList.remove("with-panel");
  }

  /** The program has changed, or an action on it. */
  update() {
    const program = this.#store.programs.get(this.name);
    if (program === undefined) return;
    setText(byId("panel-name"), program.name);
    const state = byId("panel-state");
    state.className = `pill ${TONES[program.state] ?? "rest"}`;
    setText(state, stateWord(program.state));
    const actions = this.mayAct ? actionsFor(program.state) : [];
    byId("panel-actions").replaceChildren(...actions.map((action) => this.#actions.button(program.name, action)));
    for (const button of byId("panel-actions").children) button.disabled = pending.has(program.name);
    byId("log-clear").hidden = !this.mayAct;
    for (const tab of document.querySelectorAll(".tabs [data-channel]")) tab.disabled = program.logs[tab.dataset.channel] === null;
    this.tick();
  }

  tick() {
    const program = this.#store.programs.get(this.name);
    if (program === undefined) return;
    const text = troubleOf(program, this.#store.now());
    byId("panel-trouble").hidden = text === "";
    setText(byId("panel-trouble"), text);
  }

  /** After a lost connection: everything again. */
  reconnect() {
    if (this.name === null) return;
    this.update();
    this.#loadFacts();
    this.#follow();
  }

  async #loadFacts() {
    const { name } = this;
    let program;
    try {
      ({ program } = await getJson(pathOf("programs", name)));
    } catch {
      return; // what the table knows is shown
    }
    if (this.name !== name) return;
    const { settings } = program;
    const facts = [["Command", h("code", {}, settings.command)]];
    if (program.pid !== null) facts.push(["Process", `${program.pid}, since ${moment(program.started)}`]);
    if (settings.directory) facts.push(["Directory", settings.directory]);
    if (settings.user) facts.push(["User", settings.user]);
    facts.push(["Restarts", `${program.restarts}; by itself ${autorestart(settings)}`]);
    if (program.last_exit !== null) facts.push(["Last end", `${program.last_exit.text}, ${moment(program.last_exit.at)}`]);
    byId("panel-facts").replaceChildren(...facts.flatMap(([term, value]) => [h("dt", {}, term), h("dd", {}, value)]));
  }

  #choose(channel) {
    this.#channel = channel;
    for (const tab of document.querySelectorAll(".tabs [data-channel]")) {
      tab.setAttribute("aria-selected", String(tab.dataset.channel === channel));
    }
    byId("log-download").href = `${pathOf("programs", this.name, "logs", channel)}?download=true`;
    this.#follow();
  }

  async #follow() {
    this.#stream?.abort();
    const stream = new AbortController();
    this.#stream = stream;
    const { name } = this;
    this.#note = "";
    let fresh = true;
    try {
      await followLog(name, this.#channel, TAIL_BYTES, stream.signal, (text) => {
        if (stream.signal.aborted) return;
        if (fresh) this.#view.clear();
        fresh = false;
        if (text !== "") this.#view.append(text);
      });
      if (!stream.signal.aborted) this.#again(stream);
    } catch (error) {
      if (stream.signal.aborted) return;
      if (error.code === "UNREACHABLE") return this.#again(stream);
      this.#view.clear();
      this.#note = error.code === "NO_FILE" ? `There is no ${this.#channel} log: ${error.message}.` : explain(name, "Reading the log", error);
      setText(byId("log-status"), this.#note);
    }
  }

  /** The connection broke. While the daemon is gone, reconnect() is what goes on. */
  #again(stream) {
    setText(byId("log-status"), "The connection broke; trying again.");
    setTimeout(() => {
      if (this.#stream === stream && this.#store.connected) this.#follow();
    }, RETRY);
  }

  #showLogState({ held, follows, paused, hits, hit, lines }) {
    byId("log-follow").setAttribute("aria-pressed", String(follows && !paused));
    byId("log-pause").setAttribute("aria-pressed", String(paused));
    setText(byId("log-pause"), paused ? "Resume" : "Pause");
    const searching = byId("log-search").value !== "";
    setText(byId("log-hits"), searching ? (hits === 0 ? "no line" : `${hit + 1} of ${hits}`) : "");
    if (this.#note !== "") return;
    setText(byId("log-status"),
      paused ? `Paused${held > 0 ? `, ${held} more ${held === 1 ? "line" : "lines"}` : ""}` : lines === 0 ? "Nothing was written yet" : follows ? "Following" : "Scrolled up");
  }
}

function autorestart({ autorestart: mode, exit_codes: codes }) {
  if (mode === "always") return "after every end";
  return mode === "never" ? "never" : `unless it exits with ${codes.join(" or ")}`;
}
