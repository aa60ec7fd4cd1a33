// Forms with data-submit send themselves when a choice changes. Confirmations go away by themselves, unless they offer something.
export const submitAtOnce = () => {
  document.addEventListener("change", ({ target }) => {
    const form = target.form;
    if (form?.matches("[data-submit]")) form.requestSubmit();
  });
};

export const printPages = () => {
  for (const button of document.querySelectorAll("button[data-print]")) button.addEventListener("click", () => print());
};

export const dismissToasts = () => {
  for (const toast of document.querySelectorAll("[data-toast]")) {
    toast.querySelector("[data-close]").addEventListener("click", () => toast.remove());
    if (!toast.querySelector("form"))
      setTimeout(() => {
        if (!toast.matches(":hover, :focus-within")) toast.remove();
      }, 8000);
  }
};
