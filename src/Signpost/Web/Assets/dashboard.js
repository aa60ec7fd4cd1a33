// Makes the pages of the dashboard quicker to use. Each of them works without this, too.
import { openDialogs } from "./dialogs.mjs";
import { copyTexts } from "./copy.mjs";
import { closeMenus } from "./menus.mjs";
import { searchSelects } from "./selects.mjs";
import { showChips } from "./chips.mjs";
import { improveLinkForm } from "./linkform.mjs";
import { keepDrafts } from "./drafts.mjs";
import { useLists } from "./lists.mjs";
import { watchWaiting } from "./waits.mjs";
import { showQrDesigns } from "./qr-design.mjs";
import { submitAtOnce, submitOnce, dismissToasts, printPages } from "./forms.mjs";
import { showStatistics } from "./statistics.mjs";
import { usePasskeys } from "./passkeys.mjs";

closeMenus();
openDialogs();
copyTexts();
keepDrafts();
improveLinkForm();
searchSelects();
showChips();
useLists();
submitAtOnce();
submitOnce();
dismissToasts();
watchWaiting();
showQrDesigns();
printPages();
showStatistics();
usePasskeys();
// On a narrow screen the tabs scroll.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
