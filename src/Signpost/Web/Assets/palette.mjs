// Search and commands. Ctrl K, or the command key and K, opens a list of everything on the page that has data-command. Typing filters it, and
// asks the server for links.
import { plain } from "./selects.mjs";

const pause = 200;
const isMac = /^(Mac|iP)/.test(navigator.platform);

const nameOf = (source) => source.dataset.name ?? source.textContent.trim();

const element = (name, className, ...content) => {
  const made = document.createElement(name);
  made.className = className;
  made.append(...content);
  return made;
};

const optionOf = (source, id) => {
  const icon = source.querySelector(".icon, .letter")?.cloneNode(true);
  const name = element("bdi", "name", nameOf(source));
  const option = element("div", "", ...(icon ? [icon] : []), name);
  if (source.dataset.more) option.append(element("bdi", "more", source.dataset.more));
  if (source.dataset.key) option.append(element("span", "keys", ...source.dataset.key.split(" ").map((key) => element("kbd", "", key))));
  option.id = id;
  option.setAttribute("role", "option");
  return option;
};

const searchLinks = async (all, found, text, signal) => {
  const query = new URLSearchParams({ account: all.dataset.all, search: text });
  const response = await fetch(`${found.href}/search?${query}`, { signal, redirect: "error" });
  return (await response.json()).map(({ id, short_text, more }) => {
    const link = found.cloneNode(true);
    link.href = `${found.href}/${id}?${new URLSearchParams({ account: all.dataset.all })}`;
    link.dataset.name = short_text;
    link.dataset.more = more;
    return link;
  });
};

export const usePalette = () => {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  const status = dialog.querySelector("[role=status]");
  const [all, found] = [dialog.querySelector("[data-all]"), dialog.querySelector("[data-found]")];
  let options = [];
  let links = [];
  let here = 0;
  let timer;
  let asking;

  const mark = (index) => {
    here = index;
    options.forEach(({ option }, at) => option.setAttribute("aria-selected", at === here));
    const option = options[here]?.option;
    option?.scrollIntoView({ block: "nearest" });
    option ? input.setAttribute("aria-activedescendant", option.id) : input.removeAttribute("aria-activedescendant");
  };
  const show = () => {
    const words = plain(input.value).split(/\s+/).filter((word) => word);
    const fits = (source) => words.every((word) => plain(nameOf(source)).includes(word));
    const commands = [...document.querySelectorAll("[data-command]")].filter(fits);
    all.dataset.name = all.dataset.text.replace("{text}", () => input.value.trim());
    options = [];
    for (const group of dialog.querySelectorAll("[data-group]")) {
      const name = group.dataset.group;
      const sources = name === "links" ? (words.length ? [all, ...links] : []) : commands.filter((source) => source.dataset.command === name);
      const made = sources.map((source, at) => ({ source, option: optionOf(source, `palette-${name}-${at}`) }));
      group.replaceChildren(group.firstElementChild, ...made.map(({ option }) => option));
      group.hidden = made.length === 0;
      options.push(...made);
    }
    status.textContent = status.dataset.text.replace("{count}", options.length);
    mark(0);
  };
  const ask = async () => {
    asking = new AbortController();
    try {
      links = await searchLinks(all, found, input.value.trim(), asking.signal);
      // The links come below what is there, so the marked one stays.
      const marked = here;
      show();
      mark(marked);
    } catch {
      // A later text came, or the server is away: the option that shows all still searches.
    }
  };
  const choose = (option) => {
    const { source } = options.find((one) => one.option === option) ?? {};
    if (!source) return;
    if (source === all) all.href = `${found.href}?${new URLSearchParams({ account: all.dataset.all, search: input.value.trim() })}`;
    dialog.close();
    source.click();
  };
  const open = () => {
    if (document.querySelector("dialog[open]")) return;
    input.value = "";
    links = [];
    show();
    dialog.showModal();
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    asking?.abort();
    // The links of an earlier text must not be chosen.
    links = [];
    if (input.value.trim()) timer = setTimeout(ask, pause);
    show();
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing) return;
    if (step && options.length) mark((here + step + options.length) % options.length);
    else if (event.key === "Enter") choose(options[here]?.option);
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", ({ target }) => choose(target.closest("[role=option]")));
  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    asking?.abort();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(isMac ? event.metaKey : event.ctrlKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    dialog.open ? dialog.close() : open();
  });
  for (const button of document.querySelectorAll("[data-palette]")) button.addEventListener("click", open);
  if (isMac) for (const key of document.querySelectorAll("[data-control]")) key.textContent = "⌘";
};
