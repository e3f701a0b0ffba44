// Short messages. Good news goes away by itself, bad news stays until it was read.

import { byId, h } from "./dom.js";

const GOOD_NEWS_TIME = 4000;
const MOST = 5;

export function toast(text, tone = "good") {
  const box = byId("toasts");
  const element = h("div", { class: `toast ${tone}` },
    h("span", {}, text),
    h("button", { type: "button", class: "quiet", "aria-label": "Dismiss", onclick: () => element.remove() }, "\u2715"));
  box.append(element);
  while (box.children.length > MOST) box.firstElementChild.remove();
  if (tone === "good") setTimeout(() => element.remove(), GOOD_NEWS_TIME);
}
