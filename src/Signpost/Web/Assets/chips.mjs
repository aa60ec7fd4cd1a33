// Several values in one field: each is a chip with a button that removes it. The hidden field sends them all, separated by commas.
const enhance = (field) => {
  const input = field.querySelector("input");
  const list = document.createElement("div");
  const sent = document.createElement("input");
  const values = new Set();

  list.className = "chip-list";
  [sent.type, sent.name] = ["hidden", input.name];
  input.removeAttribute("name");

  const show = () => {
    sent.value = [...values].join(", ");
    list.replaceChildren(
      ...[...values].map((value) => {
        const chip = document.createElement("span");
        const remove = document.createElement("button");
        chip.className = "chip";
        remove.type = "button";
        remove.textContent = "×";
        remove.setAttribute("aria-label", field.dataset.remove.replace("{name}", value));
        remove.addEventListener("click", () => {
          values.delete(value);
          show();
          input.focus();
        });
        chip.append(value, remove);
        return chip;
      })
    );
  };
  const take = () => {
    for (const value of input.value.split(",").map((one) => one.trim())) if (value) values.add(value);
    input.value = "";
    show();
  };

  input.before(list, sent);
  input.addEventListener("input", () => input.value.includes(",") && take());
  input.addEventListener("blur", take);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && input.value.trim()) {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && input.value === "") {
      values.delete([...values].at(-1));
      show();
    }
  });
  take();
};

export const showChips = (root = document) => root.querySelectorAll("[data-chips]").forEach(enhance);
