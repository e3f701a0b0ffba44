// What is known of the daemon and its programs, and who wants to hear of changes.

import { getJson, listen } from "./api.js";

/** How often usage is asked for while somebody looks, and how much of it is kept. */
const USAGE_INTERVAL = 3000;
export const TREND_SLOTS = 40;

export class Store extends EventTarget {
  daemon = null;
  connected = false;
  programs = new Map();
  usage = new Map();
  #clockOffset = 0;
  #lastUsage = null;
  #timer = null;

  /** The daemon's clock, in seconds. */
  now() {
    return Date.now() / 1000 + this.#clockOffset;
  }

  begin() {
    listen((type, data) => this.#on(type, data), () => this.#lost());
    document.addEventListener("visibilitychange", () => this.#watchUsage());
    this.#watchUsage();
  }

  /** Usage of a program that runs: {cpu, memory, cpuTrend, memoryTrend}, or undefined. */
  usageOf(name) {
    return this.usage.get(name);
  }

  #on(type, data) {
    if (data.now) this.#clockOffset = data.now - Date.now() / 1000;
    switch (type) {
      case "snapshot":
        this.daemon = data.daemon;
        this.programs = new Map(data.programs.map((program) => [program.name, program]));
        this.connected = true;
        this.#tell("connected");
        this.#tell("programs");
        this.#measure();
        break;
      case "state":
        this.programs.set(data.name, data.program);
        this.#tell("program", data);
        if (data.to === "RUNNING") this.#measure();
        break;
      case "group_added":
        for (const program of data.programs) this.programs.set(program.name, program);
        this.#tell("programs");
        break;
      case "group_removed":
        for (const [name, program] of this.programs) {
          if (program.group === data.group || name === data.group) this.programs.delete(name);
        }
        this.#tell("programs");
        break;
      case "daemon":
        this.daemon = { ...this.daemon, state: data.state };
        this.#tell("daemon");
        break;
    }
  }

  #lost() {
    this.connected = false;
    this.#tell("lost");
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** A page nobody looks at asks for nothing. */
  #watchUsage() {
    clearInterval(this.#timer);
    this.#timer = null;
    if (document.visibilityState === "visible") {
      this.#timer = setInterval(() => this.#measure(), USAGE_INTERVAL);
      this.#measure();
    }
  }

  async #measure() {
    if (!this.connected || document.visibilityState !== "visible") return;
    let answer;
    try {
      answer = await getJson("api/v1/usage");
    } catch {
      return; // the event connection tells about a daemon that is gone
    }
    const last = this.#lastUsage;
    const elapsed = last === null ? 0 : answer.now - last.now;
    if (last !== null && elapsed < 0.5) return; // too close for a share that means anything
    const before = new Map(last?.programs.map((entry) => [entry.name, entry]));
    const usage = new Map();
    for (const entry of answer.programs) {
      usage.set(entry.name, this.#next(this.usage.get(entry.name), before.get(entry.name), entry, elapsed));
    }
    this.usage = usage;
    this.#lastUsage = answer;
    this.#tell("usage");
  }

  #next(shown, before, entry, elapsed) {
    // Descendants that end take their time with them, and a gap in the samples makes no trend.
    const known = before !== undefined && elapsed > 0 && elapsed < 4 * (USAGE_INTERVAL / 1000);
    const cpu = known ? Math.max(0, entry.cpu_seconds - before.cpu_seconds) / elapsed : null;
    const grow = (trend, value) => (value === null ? [] : [...trend, value].slice(-TREND_SLOTS));
    return {
      cpu,
      memory: entry.memory_bytes,
      cpuTrend: grow(shown?.cpuTrend ?? [], cpu),
      memoryTrend: grow(known ? (shown?.memoryTrend ?? []) : [], entry.memory_bytes),
    };
  }
}
