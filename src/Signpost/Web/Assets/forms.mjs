// Forms with data-submit send themselves when a choice changes: at once after a click, but with the keyboard only on Enter or when the
// field is left, because each arrow key changes the choice. Boxes wait for the button, so that people can check several. Confirmations go away by themselves, unless they offer something.
export const submitAtOnce = () => {
  let key = null;
  let waiting = null;
  const send = (field) => {
    waiting = null;
    field.form.requestSubmit();
  };
  document.addEventListener("pointerdown", () => (key = null), true);
  document.addEventListener(
    "keydown",
    (event) => {
      key = event.key;
      if (key !== "Enter" || !waiting || event.target !== waiting) return;
      event.preventDefault();
      send(waiting);
    },
    true
  );
  document.addEventListener("change", ({ target }) => {
    if (!target.form?.matches("[data-submit]") || target.type === "checkbox") return;
    if (key === null || key === "Enter") send(target);
    else waiting = target;
  });
  document.addEventListener("focusout", ({ target }) => {
    if (target === waiting) send(target);
  });
};

// A second click must not send a form twice. Forms with GET change nothing, so the last one of those wins.
export const submitOnce = () => {
  const sent = new Set();
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    const method = submitter?.getAttribute("formmethod") ?? form.getAttribute("method");
    if (event.defaultPrevented || method?.toLowerCase() !== "post") return;
    if (sent.has(form)) event.preventDefault();
    else sent.add(form);
  });
  // A browser that goes back shows the page as it was.
  addEventListener("pageshow", () => sent.clear());
};

// An address that ends with #print has been asked to print: once, and when the pictures are there.
export const printPages = () => {
  const buttons = document.querySelectorAll("button[data-print]");
  for (const button of buttons) button.addEventListener("click", () => print());
  if (location.hash !== "#print" || buttons.length === 0) return;
  history.replaceState(null, "", location.pathname + location.search);
  addEventListener("load", () => print());
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
