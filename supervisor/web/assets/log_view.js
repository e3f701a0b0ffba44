// A log on the screen: lines as they come, bounded, with search.

import { h, setText } from "./dom.js";
import { plainText } from "./format.js";

const MOST_LINES = 5000;
const MOST_LINE = 8000; // characters of one line that are shown

export class LogView {
  #element;
  #onState;
  #lines = [];
  #open = false; // the last line has no line end yet
  #held = ""; // what came while paused, or since the last frame
  #frame = null;
  #paused = false;
  #follows = true;
  #needle = "";
  #hits = [];
  #hit = -1;

  /** `onState({held, follows, hits, hit})` is called when something beside the text changes. */
  constructor(element, onState) {
    this.#element = element;
    this.#onState = onState;
    element.addEventListener("scroll", () => this.#scrolled());
  }

  get paused() {
    return this.#paused;
  }

  clear() {
    this.#lines = [];
    this.#open = false;
    this.#held = "";
    this.#hits = [];
    this.#hit = -1;
    this.#element.replaceChildren();
    this.#report();
  }

  append(text) {
    this.#held += text;
    if (this.#held.length > 4 * MOST_LINES * 100) this.#held = this.#held.slice(-2 * MOST_LINES * 100);
    if (this.#paused) this.#report();
    else this.#frame ??= requestAnimationFrame(() => this.#flush());
  }

  pause(on) {
    this.#paused = on;
    if (!on) this.#flush();
    this.#report();
  }

  follow(on) {
    this.#follows = on;
    if (on) this.#element.scrollTop = this.#element.scrollHeight;
    this.#report();
  }

  wrap(on) {
    this.#element.classList.toggle("nowrap", !on);
  }

  find(text) {
    this.#needle = text.toLowerCase();
    this.#markCurrent(null);
    for (const line of this.#lines) this.#paint(line);
    this.#collectHits();
    if (this.#hits.length > 0) this.#go(this.#hits.length - 1);
    this.#report();
  }

  /** To the next hit (1) or the one before (-1), around the ends. */
  step(by) {
    if (this.#hits.length > 0) this.#go((this.#hit + by + this.#hits.length) % this.#hits.length);
  }

  #flush() {
    this.#frame = null;
    if (this.#paused || this.#held === "") return;
    const pieces = plainText(this.#held).split("\n");
    this.#held = "";
    const added = document.createDocumentFragment();
    pieces.forEach((piece, i) => {
      const last = i === pieces.length - 1;
      if (this.#open) this.#extend(this.#lines.at(-1), piece);
      else if (!last || piece !== "") added.append(this.#make(piece));
      this.#open = last && (piece !== "" || (this.#open && pieces.length === 1));
    });
    this.#element.append(added);
    for (const line of this.#lines.splice(0, Math.max(0, this.#lines.length - MOST_LINES))) line.remove();
    if (this.#needle !== "") this.#collectHits();
    if (this.#follows) this.#element.scrollTop = this.#element.scrollHeight;
    this.#report();
  }

  #make(text) {
    const line = h("div");
    line.text = text;
    this.#lines.push(line);
    this.#paint(line);
    return line;
  }

  #extend(line, text) {
    line.text += text;
    this.#paint(line);
  }

  #paint(line) {
    const text = line.text.length > MOST_LINE ? `${line.text.slice(0, MOST_LINE)} …` : line.text;
    const at = this.#needle === "" ? -1 : text.toLowerCase().indexOf(this.#needle);
    line.hit = at >= 0;
    if (!line.hit) {
      setText(line, text === "" ? "\u200b" : text);
      if (line.firstElementChild) line.textContent = text;
      return;
    }
    const end = at + this.#needle.length;
    line.replaceChildren(text.slice(0, at), h("mark", {}, text.slice(at, end)), text.slice(end));
  }

  #collectHits() {
    const current = this.#hits[this.#hit];
    this.#hits = this.#lines.filter((line) => line.hit);
    this.#hit = this.#hits.indexOf(current);
    if (this.#hit < 0) this.#hit = this.#hits.length - 1;
  }

  #go(index) {
    this.#hit = index;
    const line = this.#hits[index];
    this.#markCurrent(line);
    this.follow(index === this.#hits.length - 1 && line === this.#lines.at(-1));
    line.scrollIntoView({ block: "nearest" });
  }

  #markCurrent(line) {
    this.#element.querySelector(".current")?.classList.remove("current");
    line?.classList.add("current");
  }

  /** Somebody who scrolls up wants to read; at the end it follows again. */
  #scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.#element;
    const atEnd = scrollTop + clientHeight >= scrollHeight - 24;
    if (atEnd !== this.#follows) {
      this.#follows = atEnd;
      this.#report();
    }
  }

  #report() {
    const held = this.#paused ? this.#held.split("\n").length - 1 : 0;
    this.#onState({ held, follows: this.#follows, paused: this.#paused, hits: this.#hits.length, hit: this.#hit, lines: this.#lines.length });
  }
}
