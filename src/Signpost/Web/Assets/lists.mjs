// Lists: all rows at once, the bar for the chosen ones, and the keys that go from row to row.
const chooseRows = (list) => {
  const all = list.querySelector("[data-all]");
  const bar = document.querySelector("[data-bulk]");
  if (!all || !bar) return;
  const boxes = [...list.querySelectorAll("tbody input[type=checkbox]")];
  const show = () => {
    const count = boxes.filter((box) => box.checked).length;
    bar.classList.toggle("open", count > 0);
    bar.querySelector("[data-count]").textContent = count;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  list.addEventListener("change", show);
  // A browser that goes back keeps what was chosen.
  show();
};

const goToRow = (list, step) => {
  const rows = [...list.querySelectorAll("[data-row]")];
  const here = rows.indexOf(document.activeElement?.closest("[data-row]"));
  rows.at(here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1))?.querySelector("a")?.focus();
};

// j and k go to the next row, and x chooses it.
export const moveInList = (key) => {
  const list = document.querySelector("[data-list]");
  if (!list) return;
  if (key === "j" || key === "k") goToRow(list, key === "j" ? 1 : -1);
  else if (key === "x") document.activeElement?.closest("[data-row]")?.querySelector("input[type=checkbox]")?.click();
};

export const useLists = () => {
  const list = document.querySelector("[data-list]");
  if (list) chooseRows(list);
};
