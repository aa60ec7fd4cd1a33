// While a card waits for something, such as a record in the DNS or a job, the page is asked again and again. A new state replaces the card. While
// it waits, only its parts with data-changing are replaced, so that a button keeps the focus.
// If the card has data-waits="", the form in it is sent; a number is the seconds between two looks at the page.
const firstAfter = 5_000;
const every = 20_000;
const most = 60;

const secondsOf = (card) => Number(card.dataset.waits);

const replace = (card, now) => {
  const fresh = [...now.querySelectorAll("[data-changing]")];
  const old = [...card.querySelectorAll("[data-changing]")];
  if (old.length === 0 || old.length !== fresh.length || now.dataset.waits !== card.dataset.waits) {
    card.replaceWith(document.adoptNode(now));
    return;
  }

  old.forEach((part, at) => part.replaceWith(document.adoptNode(fresh[at])));
  card.dataset.state = now.dataset.state;
};

const ask = async (card) => {
  const form = card.querySelector("form");
  const response = secondsOf(card)
    ? await fetch(location.href)
    : await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const now = page.getElementById(card.id);
  if (!now || now.dataset.state === card.dataset.state) return false;
  replace(card, now);
  return true;
};

export const watchWaiting = () => {
  let left = most;
  const again = async () => {
    const card = document.querySelector("[data-waits]");
    if (!card || left === 0) return;
    if (!document.hidden) {
      left--;
      // Without an answer, the next time tries again.
      if (await ask(card).catch(() => false)) left = most;
    }
    setTimeout(again, secondsOf(card) * 1_000 || every);
  };
  const card = document.querySelector("[data-waits]");
  if (card) setTimeout(again, secondsOf(card) * 1_000 || firstAfter);
};
