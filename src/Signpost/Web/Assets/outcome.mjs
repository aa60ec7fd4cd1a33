// Asks the server, a moment after the last change, where the link of the unsaved form sends the chosen visitor, and what an edit changes for all
// visitors. A later question cancels an earlier one.
const wait = 400;
const wide = "(min-width: 75.01rem)";

const bodyOf = (form) => {
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  body.set("part", "1");
  return body;
};

const show = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const part of page.querySelectorAll("[data-part]")) {
    const old = document.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!old) continue;
    const isOpen = old.querySelector("details")?.open;
    old.replaceChildren(...document.adoptNode(part).childNodes);
    if (isOpen) old.querySelector("details")?.setAttribute("open", "");
  }
};

// An answer to an earlier form must not stay.
const clear = (sentence) => {
  for (const part of document.querySelectorAll("[data-part]")) {
    const hint = document.createElement("p");
    hint.className = "hint";
    hint.textContent = sentence;
    part.replaceChildren(...(part.dataset.part === "decision" ? [hint] : []));
  }
};

// Without script, Enter in an input would save the link. With it, people get the browser's own field for dates.
const offerDates = (card) => {
  for (const typed of card.querySelectorAll("[data-moment]")) {
    const input = document.createElement("input");
    for (const { name, value } of typed.attributes) if (!["rows", "placeholder", "data-moment"].includes(name)) input.setAttribute(name, value);
    input.type = "datetime-local";
    input.value = typed.value.trim().replace(" ", "T");
    typed.replaceWith(input);
  }
};

export const showOutcomes = () => {
  const form = document.querySelector("[data-link-form]");
  const card = document.querySelector("[data-outcome]");
  if (!card) return;
  offerDates(card);
  const { formAction, dataset } = card.querySelector("[data-explain]");
  const isEdit = document.querySelector("[data-part=comparison]") !== null;
  let waiting;
  let asking = new AbortController();
  let isOver = false;

  const ask = async () => {
    clearTimeout(waiting);
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    if (!(card.open || isEdit)) return;
    if (isOver || !form.elements.location_url.value.trim()) return clear(dataset.unknown);
    try {
      const response = await fetch(formAction, { method: "POST", body: bodyOf(form), signal });
      // After the end of the session there are no answers until the page is loaded again.
      isOver = response.status === 401;
      response.ok ? show(await response.text()) : clear(dataset.unknown);
    } catch {
      // The server is away, unless a later question came.
      if (!signal.aborted) clear(dataset.unknown);
    }
  };
  const askSoon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, wait);
  };

  for (const kind of ["input", "change"]) form.addEventListener(kind, askSoon);
  card.addEventListener("toggle", ask);
  // Enter in a field of the visitor must not save the link.
  card.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.defaultPrevented || !event.target.matches("input, textarea")) return;
    event.preventDefault();
    ask();
  });
  if (matchMedia(wide).matches) card.open = true;
};
