// While a card waits for something, such as a record in the DNS or a job, the page is asked again and again. A new state replaces the card.
// If the card has data-waits="", the form in it is sent; a number is the seconds between two looks at the page.
const firstAfter = 5_000;
const every = 20_000;
const most = 60;

const secondsOf = (card) => Number(card.dataset.waits);

const ask = async (card) => {
  const form = card.querySelector("form");
  const response = secondsOf(card)
    ? await fetch(location.href)
    : await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const now = page.getElementById(card.id);
  if (!now || now.dataset.state === card.dataset.state) return false;
  card.replaceWith(document.adoptNode(now));
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
