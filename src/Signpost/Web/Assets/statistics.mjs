// Pages with statistics. Links and forms inside replace the numbers only, so nothing jumps. The time line has a tooltip and arrow keys, and a
// drag over it zooms. New clicks are counted beside the period; nothing that is read moves until somebody asks for them.
const numbers = () => document.querySelector("[data-statistics]");
let request = null;

const show = async (address, isNew = true) => {
  request?.abort();
  request = new AbortController();
  const focused = document.activeElement?.textContent?.trim();
  const section = document.activeElement?.closest?.("[id]")?.id;
  try {
    const response = await fetch(address, { signal: request.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-statistics]");
    if (!response.ok || !fresh) throw new Error("There are no statistics.");
    numbers().replaceWith(fresh);
    document.title = page.title;
    if (isNew) history.pushState(null, "", response.url);
    improve();
    const within = (section && document.getElementById(section)) || fresh;
    [...within.querySelectorAll("a, select, summary, button")].find((one) => one.textContent.trim() === focused)?.focus({ preventScroll: true });
    if (fresh.getBoundingClientRect().bottom < 0 || fresh.querySelector("[data-whole]")) fresh.scrollIntoView({ block: "center" });
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
};

const isHere = (url) => url.origin === location.origin && url.pathname === location.pathname;

const followLinks = () => {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-statistics] a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href.baseVal ?? link.href, location.href);
    if (!isHere(url) || link.hasAttribute("download")) return;
    event.preventDefault();
    show(url.href);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-statistics] form[method=get]")) return;
    event.preventDefault();
    const url = new URL(form.action);
    url.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
    show(url.href);
  });
  addEventListener("popstate", () => show(location.href, false));
};

const improveChart = (figure) => {
  const chart = figure.querySelector(".chart");
  const points = [...chart.querySelectorAll("[data-point]")];
  const links = points.map((point) => point.closest("a"));
  const tip = document.createElement("p");
  tip.className = "chart-tip";
  tip.hidden = true;
  figure.append(tip);
  const texts = points.map((point) => {
    const title = point.querySelector("title");
    title.remove();
    return title.textContent;
  });
  links.forEach((link, at) => {
    link.setAttribute("aria-label", texts[at]);
    link.setAttribute("tabindex", at === links.length - 1 ? 0 : -1);
  });
  const tell = (at) => {
    tip.hidden = at === null;
    points.forEach((point, index) => point.classList.toggle("told", index === at));
    if (at === null) return;
    tip.textContent = texts[at];
    const room = (chart.clientWidth * (at + 0.5)) / points.length - tip.offsetWidth / 2;
    tip.style.left = `${Math.max(0, Math.min(room, chart.clientWidth - tip.offsetWidth))}px`;
  };
  const pointAt = ({ clientX }) => {
    const { left, width } = chart.getBoundingClientRect();
    return Math.max(0, Math.min(points.length - 1, Math.floor(((clientX - left) / width) * points.length)));
  };
  let from = null;
  let dragged = false;
  const pick = (to) => points.forEach((point, at) => point.classList.toggle("picked", to !== null && at >= Math.min(from, to) && at <= Math.max(from, to)));
  chart.addEventListener("pointermove", (event) => {
    const at = pointAt(event);
    tell(at);
    if (from === null) return;
    dragged ||= at !== from;
    if (dragged) pick(at);
  });
  chart.addEventListener("pointerleave", () => tell(null));
  chart.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.pointerType === "mouse" && !event.target.closest(".flag-link")) [from, dragged] = [pointAt(event), false];
  });
  // A mouse does not focus the points.
  chart.addEventListener("mousedown", (event) => event.preventDefault());
  chart.addEventListener("dragstart", (event) => event.preventDefault());
  const drop = (event) => {
    if (from === null) return;
    const [first, last] = [from, pointAt(event)].sort((a, b) => a - b).map((at) => links[at]);
    from = null;
    pick(null);
    if (!dragged || !first.dataset.start) return;
    const url = new URL(location.href);
    for (const name of ["period", "granularity"]) url.searchParams.delete(name);
    url.searchParams.set("start_date", first.dataset.start);
    url.searchParams.set("end_date", last.dataset.end);
    show(url.href);
  };
  addEventListener("pointerup", drop, { signal: (figure.ended = new AbortController()).signal });
  // The end of a drag is no click on a point.
  chart.addEventListener("click", (event) => dragged && (event.preventDefault(), (dragged = false)), true);
  chart.addEventListener("focusin", (event) => tell(links.indexOf(event.target.closest("a")) < 0 ? null : links.indexOf(event.target.closest("a"))));
  chart.addEventListener("focusout", () => tell(null));
  chart.addEventListener("keydown", (event) => {
    const at = links.indexOf(event.target.closest("a"));
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: links.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    links[Math.max(0, Math.min(links.length - 1, to))].focus();
  });
};

let charted = null;
const improve = () => {
  charted?.ended?.abort();
  charted = numbers()?.querySelector(".timeline") ?? null;
  if (charted) improveChart(charted);
};

const countNewClicks = () => {
  const { live } = numbers().dataset;
  if (!live) return;
  let source = null;
  const open = () => {
    source = new EventSource(live);
    source.addEventListener("click", (event) => {
      const button = numbers()?.querySelector("[data-new]");
      if (!button || JSON.parse(event.data).kind !== "person") return;
      const count = button.querySelector("[data-count]");
      count.textContent = Number(count.textContent) + 1;
      button.classList.add("some");
    });
  };
  open();
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-new]")) show(location.href, false);
  });
  // A page that is left needs no connection; one that comes back does.
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && open());
};

export const showStatistics = () => {
  if (!numbers()) return;
  followLinks();
  improve();
  countNewClicks();
};
