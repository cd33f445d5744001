// Comfort for pages that work without it. Each module looks for the attributes that it knows.
import { keepBadges } from "./badges.js";
import { chosen } from "./chosen.js";
import { copy } from "./copy.js";
import { dialogs } from "./dialog.js";
import { dismisses } from "./dismiss.js";
import { fills } from "./fill.js";
import { filters } from "./filter.js";
import { loads } from "./load.js";
import { menus } from "./menus.js";
import { live } from "./live.js";
import { rows } from "./rows.js";
import { sorting } from "./sort.js";
import { suggests } from "./suggest.js";
import { swaps } from "./swap.js";
import { tabs } from "./tabs.js";
import { usages } from "./usages.js";

// What has to be done again for what comes into the page later.
function dress(root) {
  chosen(root);
  copy(root);
  dismisses(root);
  fills(root);
  filters(root);
  live(root);
  loads(root, dress);
  rows(root, dress);
  sorting(root);
  suggests(root);
  tabs(root);
  usages(root);
}

dress(document);
dialogs(dress);
swaps(dress);
keepBadges();
menus();
