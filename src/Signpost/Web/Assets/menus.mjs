// Menus close at Esc and at a click elsewhere, and open upwards at the bottom of the window. So does the drawer of the navigation close.
const menus = () => document.querySelectorAll("details[data-menu][open]");

const closeDrawer = () => {
  if (location.hash === "#navigation") location.hash = "#content";
};

export const closeMenus = () => {
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
    if (event.target === document.querySelector(".page")) closeDrawer();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    closeDrawer();
  });
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (!target.matches?.("details[data-menu][open]")) return;
      const items = target.querySelector(".items");
      items.classList.remove("up");
      items.classList.toggle("up", items.getBoundingClientRect().bottom > innerHeight && target.getBoundingClientRect().top > items.offsetHeight);
    },
    true
  );
};
