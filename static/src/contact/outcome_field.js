import {BadgeSelectionField, badgeSelectionField} from "@web/views/fields/badge_selection/badge_selection_field";

import {registry} from "@web/core/registry";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";

/** Badges that keys choose: 1 is the first. In a text the keys stay what they are. */
export class DunningOutcomeField extends BadgeSelectionField {
    setup() {
        super.setup();
        this.options.slice(0, 9).forEach(([value], index) => {
            useHotkey(`${index + 1}`, () => this.onChange(value));
        });
    }
}

registry.category("fields").add("dunning_outcome", {
    ...badgeSelectionField,
    component: DunningOutcomeField,
});
