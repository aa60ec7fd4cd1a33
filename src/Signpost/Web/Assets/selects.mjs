// A long list in which people search: a text field with a list below, for a select element that still sends the value.
let count = 0;

export const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const enhance = (select) => {
  const box = document.createElement("div");
  const input = document.createElement("input");
  const list = document.createElement("ul");
  const id = `combobox-${++count}`;
  let shown = [];
  let here = -1;

  box.className = "combobox";
  list.id = id;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", select.labels[0]?.textContent ?? "");
  Object.entries({
    role: "combobox", type: "text", autocomplete: "off", spellcheck: "false", placeholder: select.dataset.searchable,
    "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list",
  }).forEach(([name, value]) => input.setAttribute(name, value));
  for (const name of ["aria-describedby", "aria-invalid", "aria-label"])
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));

  const chosen = () => select.selectedOptions[0]?.textContent.trim() ?? "";
  const mark = (index) => {
    here = index;
    [...list.children].forEach((item, at) => item.classList.toggle("here", at === here));
    const item = shown.length ? list.children[here] : undefined;
    item?.scrollIntoView({ block: "nearest" });
    item ? input.setAttribute("aria-activedescendant", item.id) : input.removeAttribute("aria-activedescendant");
  };
  const open = (filter) => {
    const wanted = plain(filter);
    shown = [...select.options].filter((option) => plain(option.textContent).includes(wanted));
    list.replaceChildren(
      ...shown.map((option, at) => {
        const item = document.createElement("li");
        item.id = `${id}-${at}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", option.selected);
        item.textContent = option.textContent;
        item.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          choose(option);
        });
        return item;
      })
    );
    if (!shown.length) {
      const item = document.createElement("li");
      item.className = "none";
      item.setAttribute("role", "option");
      item.setAttribute("aria-disabled", "true");
      item.textContent = select.dataset.none;
      list.append(item);
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(Math.max(0, shown.findIndex((option) => option.selected)));
  };
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    input.value = chosen();
  };
  const choose = (option) => {
    select.value = option.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    close();
  };

  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => list.hidden && open(""));
  input.addEventListener("input", () => open(input.value));
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      event.preventDefault();
      list.hidden ? open("") : mark(Math.min(Math.max(here + move, 0), shown.length - 1));
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      if (shown[here]) choose(shown[here]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });

  // A script may choose, too.
  select.addEventListener("change", () => (input.value = chosen()));
  input.id = select.id;
  select.removeAttribute("id");
  select.hidden = true;
  input.value = chosen();
  select.before(box);
  box.append(input, list);
};

export const searchSelects = (root = document) => root.querySelectorAll("select[data-searchable]:not([hidden])").forEach(enhance);
