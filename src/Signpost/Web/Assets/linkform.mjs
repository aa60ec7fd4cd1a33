// The form of a link: rules are added and moved at once, closed sections say what is set, and a preview stands beside the form.
import { searchSelects } from "./selects.mjs";

const fieldOf = (form, name) => form.querySelector(`[name="${name}"]`);

const number = (name, index) => name.replace(/\[(new|\d+)\]$/, `[${index}]`);

// The names of the fields of a list of rules have the places of the rules.
const renumber = (rules) => {
  [...rules.querySelectorAll("li.rule")].forEach((row, index) => {
    for (const field of row.querySelectorAll("[name^='targeting_']")) field.name = number(field.name, index);
    for (const button of row.querySelectorAll("[data-move]")) {
      const label = button.dataset.label.replace("{number}", index + 1);
      button.value = button.value.replace(/[^:]*$/, index);
      button.setAttribute("aria-label", label);
      button.title = label;
    }
  });
  showShares(rules);
};

// The share of each weight.
const showShares = (rules) => {
  const shares = [...rules.querySelectorAll("[data-percent]")];
  const weights = shares.map((share) => Number(share.parentElement.querySelector(".key").value) || 0);
  const sum = weights.reduce((all, one) => all + one, 0);
  const format = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
  shares.forEach((share, index) => (share.textContent = sum > 0 && weights[index] > 0 ? format.format(weights[index] / sum) : ""));
};

export const addRule = (rules) => {
  const row = rules.querySelector("template").content.firstElementChild.cloneNode(true);
  rules.querySelector("ol").append(row);
  renumber(rules);
  searchSelects(row);
  return row;
};

// A row of a long list has only its own key to choose from until somebody opens it.
const fillChoices = (row, rules) => {
  const select = row.querySelector("select");
  const chosen = select.value;
  const all = rules.querySelector("template").content.querySelector("select").cloneNode(true);
  if (![...all.options].some((option) => option.value === chosen)) all.append(select.selectedOptions[0].cloneNode(true));
  select.replaceChildren(...all.children);
  select.value = chosen;
  delete row.dataset.short;
};

const change = (button) => {
  const rules = button.closest("[data-rules]");
  const row = button.closest("li.rule");
  const step = button.dataset.move;
  if (button.dataset.add) return addRule(rules).querySelector("input").focus();
  if (step === "up") row.previousElementSibling?.before(row);
  if (step === "down") row.nextElementSibling?.after(row);
  if (step === "remove") row.remove();
  renumber(rules);
  (step === "remove" ? rules.querySelector("[data-add]") : button).focus();
};

const fillTemplate = (form) => {
  for (const [name, text] of Object.entries(JSON.parse(fieldOf(form, "utm_template").value))) {
    const field = form.querySelector(`input[name="${CSS.escape(name)}"]`);
    if (!name.startsWith("utm_") || typeof text !== "string" || !field) continue;
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
};

// The values of a section, as the server writes them when it has made the page.
const brief = (section) =>
  [...section.querySelectorAll("input, select, textarea")]
    .filter((field) => field.closest(".rules, div").offsetParent !== null)
    .map((field) => {
      if (field.type === "checkbox") return field.checked ? field.parentElement.textContent.trim() : "";
      if (field.type === "password") return "•".repeat(Math.min(field.value.length, 8));
      if (field.matches("select")) return field.value && field.id !== "utm-template" ? field.selectedOptions[0].textContent.trim() : "";
      return field.matches("[role=combobox]") ? "" : field.value.replace("T", field.type === "datetime-local" ? " " : "T");
    })
    .filter(Boolean)
    .join(" · ");

const finalAddress = (form) => {
  const typed = fieldOf(form, "location_url").value.trim();
  try {
    const address = new URL(/^[a-z][a-z0-9+.-]*:/i.test(typed) ? typed : `https://${typed}`);
    for (const field of form.querySelectorAll("input[name^='utm_']")) if (field.value.trim()) address.searchParams.set(field.name, field.value.trim());
    return address.href;
  } catch {
    return typed;
  }
};

// Asks the server whether the alias is free, a moment after the last key. A later question cancels an earlier one.
const watchAlias = (form, preview) => {
  const state = form.querySelector("[data-alias-state]");
  const qr = preview.querySelector("[data-qr]");
  const first = `${fieldOf(form, "domain_id").value} ${fieldOf(form, "url").value}`;
  let waiting;
  let asking = new AbortController();

  const ask = async () => {
    const [domain, alias] = [fieldOf(form, "domain_id").value, fieldOf(form, "url").value.trim()];
    asking.abort();
    asking = new AbortController();
    if (!alias || `${domain} ${alias}` === first) {
      state.textContent = "";
      return;
    }
    const query = new URLSearchParams({ domain_id: domain, url: alias, link: preview.dataset.link ?? "", account: fieldOf(form, "account").value });
    try {
      const response = await fetch(`${preview.dataset.preview}?${query}`, { signal: asking.signal });
      if (!response.ok) return;
      const { is_free, text, qr_path, qr_size } = await response.json();
      state.textContent = text;
      state.className = is_free ? "hint good" : "wrong";
      qr.toggleAttribute("hidden", !qr_path);
      if (!qr_path) return;
      qr.setAttribute("viewBox", `0 0 ${qr_size} ${qr_size}`);
      qr.firstElementChild.setAttribute("d", qr_path);
    } catch {
      // A later question came, or the server is away: the form works without the answer.
    }
  };
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 350);
  };
};

// The preview scrolls with the page until its end is visible, and stays there.
const keepInSight = (preview) => new ResizeObserver(() => preview.style.setProperty("--height", `${preview.offsetHeight}px`)).observe(preview);

export const improveLinkForm = () => {
  const form = document.querySelector("[data-link-form]");
  const preview = document.querySelector("[data-preview]");
  if (!form) return;
  const short = preview.querySelector("[data-short-address]");
  const askAlias = watchAlias(form, preview);
  keepInSight(preview);

  const show = () => {
    const domain = fieldOf(form, "domain_id").selectedOptions[0]?.textContent.trim() ?? "";
    if (fieldOf(form, "url").value.trim() || !preview.dataset.link) short.textContent = `${domain}/${fieldOf(form, "url").value.trim() || "…"}`;
    preview.querySelector("[data-final-address]").textContent = finalAddress(form);
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move], [data-add], [data-template]");
    if (!button) return;
    event.preventDefault();
    button.dataset.template ? fillTemplate(form) : change(button);
    form.dispatchEvent(new Event("input"));
  });
  form.addEventListener("focusin", ({ target }) => {
    const row = target.closest("[data-short]");
    if (row) fillChoices(row, row.closest("[data-rules]"));
  });
  for (const kind of ["input", "change"])
    form.addEventListener(kind, ({ target }) => {
      // Dates count only in a period that is on. Somebody who enters one wants that, and can turn it off.
      if (["start_date", "end_date"].includes(target.name) && target.value) fieldOf(form, "schedule").checked = true;
      const section = target.closest?.("[data-section]");
      if (section) section.querySelector("[data-brief]").textContent = brief(section);
      const rules = target.closest?.("[data-rules]");
      if (rules) showShares(rules);
      if (["url", "domain_id"].includes(target.name)) askAlias();
      show();
    });
  show();
};
