// The last hour as sixty bars.

import { el, svg } from "./dom.js";
import { counted, number, timeOfDay } from "./format.js";

const WIDTH = 600;
const HEIGHT = 100;
const MINUTE = 60e6;

/** Draw the rate into an element, and tell it in words in another. */
export function drawRate(rate, place, text) {
  const { began, counts } = rate;
  const known = counts.filter((count) => count !== null);
  const most = Math.max(1, ...known);
  const sum = known.reduce((total, count) => total + count, 0);
  const words = described(sum, most, began, counts);
  const step = WIDTH / counts.length;
  const bars = counts.map((count, index) => {
    const height = count === null ? 2 : count === 0 ? 0 : Math.max(2, (count / most) * (HEIGHT - 2));
    const at = minute(began, index);
    const kind = count === null ? "unknown" : index === counts.length - 1 ? "running" : "";
    return svg(
      "rect",
      { x: index * step + 1, y: HEIGHT - height, width: step - 2, height, class: kind || undefined },
      svg("title", {}, `${at}: ${count === null ? "no longer known" : counted(count, "change")}`),
    );
  });
  text.textContent = words;
  place.replaceChildren(
    svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": words },
      bars,
      svg("line", { class: "base", x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT }),
    ),
    el(
      "div",
      { class: "axis", "aria-hidden": "true" },
      [0, 15, 30, 45].map((index) => el("span", {}, minute(began, index))),
      el("span", {}, "now"),
    ),
  );
}

const minute = (began, index) => timeOfDay(new Date((began + index * MINUTE) / 1000), false);

function described(sum, most, began, counts) {
  if (sum === 0) return "No changes in the last hour";
  const busiest = minute(began, counts.lastIndexOf(most));
  return `${counted(sum, "change")}; busiest minute ${busiest} with ${number(most)}`;
}
