// Lists: all rows at once, the bar for the chosen ones, and the keys that go from row to row.
const chooseRows = (list) => {
  const all = list.querySelector("[data-all]");
  const bar = document.querySelector("[data-bulk]");
  if (!all || !bar) return;
  const boxes = [...list.querySelectorAll("tbody input[type=checkbox]")];
  const matching = bar.querySelector("[data-matching]");
  let last = null;
  const show = () => {
    const count = boxes.filter((box) => box.checked).length;
    if (matching && count < boxes.length) matching.checked = false;
    bar.classList.toggle("open", count > 0);
    bar.querySelector("[data-count]").textContent = matching?.checked ? matching.dataset.matching : count;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };
  const set = (some, checked) => {
    for (const box of some) box.checked = checked;
    show();
  };
  all.addEventListener("change", () => set(boxes, all.checked));
  matching?.addEventListener("change", () => set(boxes, matching.checked));
  // With the shift key, all rows from the last one to this one.
  list.addEventListener("click", ({ target, shiftKey }) => {
    const here = boxes.indexOf(target);
    if (here < 0) return;
    if (shiftKey && last !== null) set(boxes.slice(Math.min(here, last), Math.max(here, last) + 1), target.checked);
    last = here;
  });
  list.addEventListener("change", show);
  // A browser that goes back keeps what was chosen.
  show();
};

const chooseHere = (shiftKey) => {
  const box = document.activeElement?.closest("[data-row]")?.querySelector("input[type=checkbox]");
  box?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }));
};

const goToRow = (list, step) => {
  const rows = [...list.querySelectorAll("[data-row]")];
  const here = rows.indexOf(document.activeElement?.closest("[data-row]"));
  rows.at(here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1))?.querySelector("a")?.focus();
};

// j and k go to the next row, and x chooses it, with shift all from the last one.
export const moveInList = (key, shiftKey) => {
  const list = document.querySelector("[data-list]");
  if (!list) return;
  if (key === "j" || key === "k") goToRow(list, key === "j" ? 1 : -1);
  else if (key.toLowerCase() === "x") chooseHere(shiftKey);
};

export const useLists = () => {
  const list = document.querySelector("[data-list]");
  if (list) chooseRows(list);
};
