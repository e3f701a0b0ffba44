// Building elements. Text is always text: nothing here reads HTML.

export const byId = (id) => document.getElementById(id);

/** h("button", {type: "button", onclick: f, "aria-label": "x"}, "text", element, ...) */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Sets text only where it differs: most ticks change nothing. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const ICONS = {
  start: "M5 3.5v9l7.5-4.5z",
  stop: "M4 4h8v8H4z",
  restart: "M12.6 6.2A5 5 0 1 0 13 8.6M13 2.8v3.6H9.4",
};

export function icon(name) {
  const stroke = name === "restart";
  return svg("svg", { viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true", class: stroke ? "stroke" : "fill" },
    svg("path", { d: ICONS[name] }));
}

const WIDTH = 64;
const HEIGHT = 20;

/** A small trend line that is updated in place. */
export function trendLine() {
  const area = svg("path", { class: "area" });
  const line = svg("path", { class: "line" });
  const element = svg("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, class: "trend",
    "aria-hidden": "true", preserveAspectRatio: "none",
  }, area, line);

  /** `values` oldest first, of at most `slots`; `floor` is the least maximum of the scale. */
  function draw(values, slots, floor) {
    if (values.length < 2) {
      line.removeAttribute("d");
      area.removeAttribute("d");
      return;
    }
    const top = Math.max(floor, ...values);
    const step = WIDTH / (slots - 1);
    const first = WIDTH - step * (values.length - 1);
    const points = values.map((value, i) =>
      `${(first + step * i).toFixed(1)} ${(HEIGHT - 1.5 - (value / top) * (HEIGHT - 3)).toFixed(1)}`);
    line.setAttribute("d", `M${points.join("L")}`);
    area.setAttribute("d", `M${first.toFixed(1)} ${HEIGHT}L${points.join("L")}L${WIDTH} ${HEIGHT}z`);
  }
  return { element, draw };
}
