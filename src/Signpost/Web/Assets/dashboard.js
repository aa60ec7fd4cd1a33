// Makes the pages of the dashboard quicker to use. Each of them works without this, too.
import { openDialogs } from "./dialogs.mjs";
import { copyTexts } from "./copy.mjs";
import { closeMenus } from "./menus.mjs";
import { searchSelects } from "./selects.mjs";
import { showChips } from "./chips.mjs";
import { useLists } from "./lists.mjs";
import { submitAtOnce, dismissToasts } from "./forms.mjs";
import { showQrDesigns } from "./qr-design.mjs";

closeMenus();
openDialogs();
copyTexts();
searchSelects();
showChips();
useLists();
submitAtOnce();
dismissToasts();
showQrDesigns();
