// Buttons that copy a text. Browsers offer the clipboard only over HTTPS and on localhost; elsewhere the older command works.
const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
};

export const copyTexts = () => {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button[data-copy-text]");
    if (!button || !(await copy(button.dataset.copyText))) return;
    if (button.classList.contains("copied")) return;
    const copied = button.dataset.done;
    const label = button.getAttribute("aria-label");
    const text = button.querySelector("span");
    const before = text?.textContent;
    const show = (isCopied) => {
      button.classList.toggle("copied", isCopied);
      button.setAttribute("aria-label", isCopied ? copied : label);
      if (text) text.textContent = isCopied ? copied : before;
    };
    show(true);
    setTimeout(() => show(false), 2000);
  });
};
