import {BadgeSelectionField, badgeSelectionField} from "@web/views/fields/badge_selection/badge_selection_field";

import {registry} from "@web/core/registry";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";

/**
 * Badges that keys choose: 1 is the first. In a text, where a figure is a figure, it
 * takes Alt as well.
 */
export class DunningOutcomeField extends BadgeSelectionField {
    setup() {
        super.setup();
        this.options.slice(0, 9).forEach(([value], index) => {
            const choose = () => this.onChange(value);
            useHotkey(`${index + 1}`, choose);
            useHotkey(`alt+${index + 1}`, choose, {bypassEditableProtection: true});
        });
    }
}

registry.category("fields").add("dunning_outcome", {
    ...badgeSelectionField,
    component: DunningOutcomeField,
});
