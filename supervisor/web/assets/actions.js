// Doing something to programs, and saying what came of it.

import { pathOf, postJson } from "./api.js";
import { byId, h, icon, setText } from "./dom.js";
import { explain } from "./format.js";
import { toast } from "./toasts.js";

const LABELS = { start: "Start", stop: "Stop", restart: "Restart", clear: "Clear logs" };
const DONE = { start: "started", stop: "stopped", restart: "restarted", clear: "cleared" };

/** Names with an action under way: their buttons wait. */
export const pending = new Map();

export class Actions {
  #changed;

  /** `changed(name)` is called when an action on it begins or ends. */
  constructor(changed) {
    this.#changed = changed;
  }

  /** A button for one program. */
  button(name, action) {
    return h("button", {
      type: "button", "data-action": action, "aria-label": `${LABELS[action]} ${name}`,
      onclick: (event) => { event.stopPropagation(); this.one(name, action); },
    }, icon(action), LABELS[action]);
  }

  async one(name, action) {
    if (pending.has(name)) return;
    this.#begin([name], action);
    try {
      await postJson(pathOf("programs", name, action));
      toast(action === "clear" ? `Logs of ${name} cleared` : `${name} ${DONE[action]}`);
    } catch (error) {
      toast(explain(name, LABELS[action], error), "bad");
    } finally {
      this.#end([name]);
    }
  }

  /** Asks first where many would be stopped. */
  async many(names, action) {
    const free = names.filter((name) => !pending.has(name));
    if (free.length === 0) return;
    if (free.length === 1) return void this.one(free[0], action);
    if (action !== "start" && !(await confirmed(free, action))) return;
    this.#begin(free, action);
    try {
      const { results } = await postJson(pathOf("actions"), { action, programs: free });
      this.#report(results, action);
    } catch (error) {
      toast(explain(`${free.length} programs`, LABELS[action], error), "bad");
    } finally {
      this.#end(free);
    }
  }

  #report(results, action) {
    // Somebody who starts many does not mind those that ran.
    const harmless = { start: "ALREADY_STARTED", stop: "NOT_RUNNING" }[action];
    const done = results.filter((result) => result.ok);
    const failed = results.filter((result) => !result.ok && result.error.code !== harmless);
    if (done.length > 0) toast(`${done.length} ${done.length === 1 ? "program" : "programs"} ${DONE[action]}`);
    if (done.length === 0 && failed.length === 0) toast("Nothing had to be done");
    for (const result of failed.slice(0, 3)) toast(explain(result.name, LABELS[action], result.error), "bad");
    if (failed.length > 3) toast(`${failed.length - 3} more failed.`, "bad");
  }

  #begin(names, action) {
    for (const name of names) pending.set(name, action);
    names.forEach(this.#changed);
  }

  #end(names) {
    for (const name of names) pending.delete(name);
    names.forEach(this.#changed);
  }
}

function confirmed(names, action) {
  const dialog = byId("confirm");
  setText(byId("confirm-text"), `${LABELS[action]} ${names.length} programs?`);
  const shown = names.slice(0, 12).join(", ");
  setText(byId("confirm-names"), names.length > 12 ? `${shown} and ${names.length - 12} more` : shown);
  setText(byId("confirm-yes"), LABELS[action]);
  dialog.returnValue = "no";
  dialog.showModal();
  byId("confirm-yes").focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
