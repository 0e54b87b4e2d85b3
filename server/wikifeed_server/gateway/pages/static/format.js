// Numbers and times as people read them. Times are microseconds since 1970.

import { el } from "./dom.js";

const NUMBERS = new Intl.NumberFormat("en");
const SIZES = ["B", "kB", "MB", "GB", "TB", "PB"];

export const number = (value) => NUMBERS.format(value);

/** "1 article", "2 articles" */
export const counted = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

/** Bytes by powers of 1000. */
export function bytes(value) {
  let power = 0;
  while (value >= 1000 && power < SIZES.length - 1) {
    value /= 1000;
    power += 1;
  }
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${SIZES[power]}`;
}

/** How long something lasts, in its two largest units at most: "3 d 4 h", "12 min", "8 s". */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  if (whole < 86400) return pair(Math.floor(whole / 3600), "h", Math.floor((whole % 3600) / 60), "min");
  const days = Math.floor(whole / 86400);
  return days < 60 ? pair(days, "d", Math.floor((whole % 86400) / 3600), "h") : `${number(days)} d`;
}

const pair = (large, unit, small, smallUnit) => `${large} ${unit}${small ? ` ${small} ${smallUnit}` : ""}`;

/** A time element that says how long ago it was. */
export function ago(time, now) {
  if (!time) return "never";
  const seconds = (now - time) / 1e6;
  return stamped(time, seconds < 2 ? "just now" : `${duration(seconds)} ago`);
}

/** A time element with the time of the day, and the date where that is not today's. */
export function clock(time) {
  const date = new Date(time / 1000);
  const isToday = date.toDateString() === new Date().toDateString();
  return stamped(time, isToday ? timeOfDay(date, true) : `${day(date)} ${timeOfDay(date, false)}`);
}

/** A time element with date and time. */
export function moment(time) {
  const date = new Date(time / 1000);
  return stamped(time, `${day(date)} ${timeOfDay(date, false)}`);
}

/** Hours and minutes of a Date; with seconds if wanted. */
export function timeOfDay(date, withSeconds) {
  const parts = [date.getHours(), date.getMinutes(), ...(withSeconds ? [date.getSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

const day = (date) =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");

/** A time element that says `text`. */
export function stamped(time, text) {
  const iso = new Date(time / 1000).toISOString();
  return el("time", { datetime: iso, title: iso }, text);
}
