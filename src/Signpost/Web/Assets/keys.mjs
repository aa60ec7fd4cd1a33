// Keys of one letter, and of g and a letter: they press the element with that data-key. They do nothing while somebody types. The switch in the
// help turns them off, because software that types spoken words would press them.
import { moveInList } from "./lists.mjs";

const stored = "signpost-keys";
const longest = 1500;

const isTyping = ({ target }) => target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]") || document.querySelector("dialog[open]");

// A browser may refuse to keep anything.
const areOff = () => {
  try {
    return localStorage.getItem(stored) === "off";
  } catch {
    return false;
  }
};

const press = (element) => (element.matches("input") ? element.focus() : element.click());

const useSwitch = (box) => {
  box.checked = !areOff();
  box.addEventListener("change", () => {
    try {
      box.checked ? localStorage.removeItem(stored) : localStorage.setItem(stored, "off");
    } catch {
      box.checked = true;
    }
  });
};

export const useKeys = () => {
  let start = -longest;
  for (const box of document.querySelectorAll("[data-keys-switch]")) useSwitch(box);
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || areOff()) return;
    const isSecond = event.timeStamp - start < longest;
    start = event.key === "g" && !isSecond ? event.timeStamp : -longest;
    const keys = isSecond ? `g ${event.key}` : event.key;
    const target = [...document.querySelectorAll("[data-key]")].find(({ dataset }) => dataset.key === keys);
    if (target) {
      event.preventDefault();
      press(target);
    } else if (!isSecond) moveInList(event.key, event.shiftKey);
  });
};
