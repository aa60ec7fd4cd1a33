"use strict";
let left = false;
const leave = () => {
  left = true;
};
document.addEventListener("visibilitychange", () => {
  if (document.hidden) leave();
});
addEventListener("pagehide", leave);
addEventListener("DOMContentLoaded", () => {
  const way = document.getElementById("way");
  location.href = document.getElementById("app").href;
  // A visitor with the app is in it now. After coming back, the page still shows both ways.
  setTimeout(() => {
    if (!left) location.replace(way.href);
  }, 1500);
});
