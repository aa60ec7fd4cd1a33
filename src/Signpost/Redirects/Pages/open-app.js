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
  // Who has the app is in it by now; coming back, both ways are still here.
  setTimeout(() => {
    if (!left) location.replace(way.href);
  }, 1500);
});
