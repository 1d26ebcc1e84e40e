import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("dunning_handover", {
    steps: () => [
        {
            content: "Open the actions of the invoice",
            trigger: ".o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        {
            content: "Hand it over",
            trigger: ".o-dropdown-item:contains('Hand over…')",
            run: "click",
        },
        {
            content: "The claim of today is proposed",
            trigger: ".o_field_widget[name='item_ids'] .o_data_row",
        },
        {
            content: "Nothing stands in the way",
            trigger: "body:not(:has(.alert-warning:visible))",
        },
        {
            content: "Approve it",
            trigger: "button[name='action_approve']",
            run: "click",
        },
        {
            content: "It was sent, with a dossier",
            trigger: ".o_arrow_button_current:contains('Sent')",
        },
        {
            trigger: "button[name='action_open_dossier']",
        },
        {
            content: "The agency takes it on",
            trigger: "button[name='action_accept']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Accepted')",
        },
    ],
});
