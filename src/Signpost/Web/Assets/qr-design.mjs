// The preview of a QR code follows the form. The server draws it and says what is wrong.
const pause = 250;

export const showQrDesigns = () => {
  const form = document.querySelector("form[data-qr-design]");
  if (!form) return;
  const picture = document.querySelector("[data-qr-picture]");
  const problem = document.querySelector("[data-qr-problem]");
  const downloads = document.querySelectorAll("[data-qr-downloads] a");
  let timer;
  let running;

  const addressOf = (format) => {
    const address = new URL(picture.dataset.qrPicture || picture.src);
    const names = [...address.searchParams.keys()].filter((name) => name !== "format");
    for (const name of names) address.searchParams.delete(name);
    address.searchParams.set("format", format);
    for (const [name, value] of new FormData(form))
      if (typeof value === "string" && value !== "" && !["form_token", "name", "preset", "preset_name", "do"].includes(name)) address.searchParams.set(name, value);
    return address;
  };
  const draw = async () => {
    running?.abort();
    running = new AbortController();
    try {
      const address = addressOf("svg");
      address.searchParams.set("preview", "1");
      const response = await fetch(address, { signal: running.signal });
      const text = await response.text();
      const isDrawn = (response.headers.get("Content-Type") ?? "").startsWith("image/");
      if (isDrawn) picture.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
      problem.textContent = isDrawn ? "" : text;
      picture.classList.toggle("stale", !isDrawn);
      for (const link of downloads) {
        const address = addressOf(new URL(link.href).searchParams.get("format"));
        address.searchParams.set("download", "1");
        link.href = address;
      }
    } catch (error) {
      if (error.name !== "AbortError") picture.classList.add("stale");
    }
  };

  picture.dataset.qrPicture = picture.src;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(draw, pause);
  });
};
