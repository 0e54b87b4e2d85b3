// Elements made of text. Whatever comes from a wiki goes through here, and becomes text nodes alone.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (undefined and false: left out) and children (elements, texts, null, lists of these). */
export function el(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false || value === null) continue;
    element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...present(children));
  return element;
}

const present = (children) => children.flat(Infinity).filter((child) => child !== null && child !== undefined);

/** A wiki's text: apart from its neighbours, so that marks of direction in it turn nothing else around. */
export function foreign(text, attributes = {}) {
  return el("bdi", attributes, text);
}

/** A link that a wiki holds. Only addresses of the web are followed; any other is text. */
export function foreignLink(url, text) {
  const shown = text || url || "";
  let address;
  try {
    address = new URL(url);
  } catch {
    return foreign(shown);
  }
  if (address.protocol !== "https:" && address.protocol !== "http:") return foreign(shown);
  return el("a", { href: address.href, rel: "noopener noreferrer", target: "_blank" }, foreign(shown));
}

/** Details whose content is made when they are first opened. */
export function unfolding(summary, count, make, isOpen = false) {
  const content = el("div", { class: "content" });
  const details = el(
    "details",
    {},
    el("summary", {}, summary, count === null ? null : el("span", { class: "count" }, String(count))),
    content,
  );
  let isMade = false;
  const unfold = () => {
    if (!details.open || isMade) return;
    isMade = true;
    content.append(...present([make()]));
  };
  details.addEventListener("toggle", unfold);
  if (isOpen) {
    details.open = true;
    unfold();
  }
  return details;
}

/** Pairs as a description list's rows; those without a value are left out. */
export function facts(pairs) {
  return pairs
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
}

/** A table that scrolls by itself where it is wider than the page. */
export function scrolling(label, table) {
  return el("div", { class: "scroll", role: "region", "aria-label": label, tabindex: 0 }, table);
}
