// A passkey: the server makes a challenge, the browser asks the person, and the form brings the response. If anything fails, the form goes
// without a response, and the page that comes back says why.
const answer = async (options) =>
  options.user
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });

const sendPasskey = async (button) => {
  const field = document.createElement("input");
  [field.type, field.name] = ["hidden", "credential"];
  try {
    const body = new URLSearchParams(new FormData(button.form));
    const response = await fetch(`${button.formAction}/options`, { method: "POST", body });
    field.value = response.ok ? JSON.stringify(await answer(await response.json())) : "";
  } catch (error) {
    // The person cancelled.
    if (error.name === "NotAllowedError") return;
  }
  button.form.append(field);
  button.form.requestSubmit(button);
};

export const usePasskeys = () => {
  if (!globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
  for (const button of document.querySelectorAll("button[data-passkey]")) {
    button.hidden = button.form.hidden = false;
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      button.disabled = true;
      await sendPasskey(button);
      button.disabled = false;
    });
  }
};
