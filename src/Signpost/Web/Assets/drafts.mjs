// Keeps what somebody types into the form of a link in this tab, by person, account and link, until it is saved. Passwords, files and keys are not kept.
import { addRule } from "./linkform.mjs";

const prefix = "draft:";
const kept = (field) =>
  field.name && !field.closest("[data-outcome]") && (field.closest("[data-chips]") || !["password", "file", "hidden", "submit", "button"].includes(field.type)) && field.name !== "utm_template";

const fieldsOf = (form) =>
  [...form.elements].filter(kept).map((field) => [field.name, field.type === "checkbox" ? field.value : "", field.type === "checkbox" ? field.checked : field.value]);

const restore = (form, fields) => {
  for (const [name, value, typed] of fields) {
    const rule = /^targeting_(\w+)_(?:key|value)\[\d+\]$/.exec(name);
    if (rule && typed && !form.elements[name]) addRule(form.querySelector(`[data-rules="${rule[1]}"]`));
    const field = [...form.elements].find((one) => one.name === name && (one.type !== "checkbox" || one.value === value));
    if (!field) continue;
    if (field.type === "checkbox") field.checked = typed;
    else {
      if (field.matches("select") && ![...field.options].some((option) => option.value === typed)) field.add(new Option(typed, typed));
      field.value = typed;
      if (field.matches("select[hidden]")) field.dispatchEvent(new Event("change"));
    }
  }
};

// A form that its address fills has a draft of its own, so that no other draft replaces the alias and the domain.
const filled = () => ["url", "domain_id"].flatMap((name) => new URLSearchParams(location.search).getAll(name)).map((value) => `:${value}`).join("");

export const keepDrafts = () => {
  const form = document.querySelector("[data-link-form]");
  const own = form ? prefix + form.dataset.linkForm + filled() : "";
  // A draft that was sent is saved, unless its own form is here again.
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith(prefix) && key !== own && JSON.parse(sessionStorage[key]).sent) sessionStorage.removeItem(key);
  if (!form) return;

  const version = form.elements.version.value;
  const draft = JSON.parse(sessionStorage[own] ?? "null");
  const keep = (sent) => (sessionStorage[own] = JSON.stringify({ version, sent, fields: fieldsOf(form) }));
  if (form.dataset.typed) keep(false);
  else if (draft && draft.version !== version) sessionStorage.removeItem(own);
  else if (draft && JSON.stringify(draft.fields) !== JSON.stringify(fieldsOf(form))) {
    restore(form, draft.fields);
    form.querySelector("[data-draft]").hidden = false;
  }

  for (const kind of ["input", "change"]) form.addEventListener(kind, () => keep(false));
  form.addEventListener("submit", () => keep(true));
  form.querySelector("[data-discard]").addEventListener("click", () => {
    sessionStorage.removeItem(own);
    location.reload();
  });
};
