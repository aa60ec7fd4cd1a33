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
import { submitAtOnce, dismissToasts } from "./forms.mjs";
import { showQrDesigns } from "./qr-design.mjs";

closeMenus();
openDialogs();
copyTexts();
keepDrafts();
improveLinkForm();
searchSelects();
showChips();
useLists();
submitAtOnce();
dismissToasts();
watchWaiting();
showQrDesigns();
