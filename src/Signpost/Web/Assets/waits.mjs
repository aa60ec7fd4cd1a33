// While a card waits for something outside, such as a record in the DNS, its form is sent again and again. A new state replaces the card.
const firstAfter = 5_000;
const every = 20_000;
const most = 60;

const ask = async (card) => {
  const form = card.querySelector("form");
  const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const now = page.getElementById(card.id);
  if (now && now.dataset.state !== card.dataset.state) card.replaceWith(document.adoptNode(now));
};

export const watchWaiting = () => {
  let left = most;
  const again = async () => {
    const card = document.querySelector("[data-waits]");
    if (!card || left === 0) return;
    if (!document.hidden) {
      left--;
      // Without an answer, the next time tries again.
      await ask(card).catch(() => {});
    }
    setTimeout(again, every);
  };
  if (document.querySelector("[data-waits]")) setTimeout(again, firstAfter);
};
