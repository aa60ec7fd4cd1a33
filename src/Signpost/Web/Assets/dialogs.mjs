// A link with data-dialog opens the dialog of that id. A click beside the dialog closes it.
export const openDialogs = () => {
  document.addEventListener("click", (event) => {
    const dialog = document.getElementById(event.target.closest?.("[data-dialog]")?.dataset.dialog ?? "");
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
    } else if (event.target instanceof HTMLDialogElement) event.target.close();
  });
};
