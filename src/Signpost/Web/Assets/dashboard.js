// Makes the pages of the dashboard quicker to use. Each of them works without this, too.
import { openDialogs } from "./dialogs.mjs";
import { copyTexts } from "./copy.mjs";
import { closeMenus } from "./menus.mjs";
import { searchSelects } from "./selects.mjs";
import { showChips } from "./chips.mjs";
import { improveLinkForm } from "./linkform.mjs";
import { showOutcomes } from "./outcome.mjs";
import { keepDrafts } from "./drafts.mjs";
import { useLists } from "./lists.mjs";
import { useKeys } from "./keys.mjs";
import { usePalette } from "./palette.mjs";
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
showOutcomes();
searchSelects();
showChips();
useLists();
useKeys();
usePalette();
submitAtOnce();
submitOnce();
dismissToasts();
watchWaiting();
showQrDesigns();
printPages();
showStatistics();
usePasskeys();
// On a narrow screen tabs and saved views scroll.
for (const here of document.querySelectorAll(":is(.tabs, .views) [aria-current]")) here.scrollIntoView({ block: "nearest", inline: "center" });
