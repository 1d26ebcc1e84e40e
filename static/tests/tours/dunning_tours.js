import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("dunning_round", {
    steps: () => [
        {
            content: "Open the dunning menu",
            trigger: ".o_menu_sections [data-menu-xmlid='l10n_nl_dunning.dunning_menu']",
            run: "click",
        },
        {
            content: "Start a round",
            trigger: "[data-menu-xmlid='l10n_nl_dunning.dunning_run_wizard_menu']",
            run: "click",
        },
        {
            content: "The bank is not up to date: there is a warning",
            trigger: ".modal .alert-warning:contains('bank')",
        },
        {
            content: "Show the proposal",
            trigger: ".modal button[name='action_propose']",
            run: "click",
        },
        {
            content: "Both debtors get a letter",
            trigger: ".o_field_widget[name='notice_ids'] .o_data_row:contains('Tour Bakkerij')",
        },
        {
            content: "Take one letter out",
            trigger: ".o_data_row:contains('Tour Garage') button[name='action_remove']",
            run: "click",
        },
        {
            content: "It is gone",
            trigger:
                ".o_field_widget[name='notice_ids']:not(:has(.o_data_row:contains('Tour Garage')))",
        },
        {
            content: "What is not dunned has its reason",
            trigger: ".o_notebook .nav-link[name='obstacles']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='obstacle_ids'] .o_data_row:contains('Not yet due')",
        },
        {
            content: "Confirm the round",
            trigger: "button[name='action_confirm']",
            run: "click",
        },
        {
            content: "The letter is queued",
            trigger: "button[name='action_open_notices']:contains('Queued')",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Tour Bakkerij')",
        },
    ],
});

tours.add("dunning_invoice_tab", {
    steps: () => [
        {
            content: "Open the tab",
            trigger: ".o_notebook .nav-link[name='dunning']",
            run: "click",
        },
        {
            content: "It says what happens next",
            trigger:
                ".alert:visible .o_field_widget[name='dunning_summary']:contains('A letter is due today')",
        },
        {
            content: "Exclude the invoice",
            trigger: ".o_field_widget[name='no_followup'] input",
            run: "click",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It says that nothing happens, and why",
            trigger:
                ".alert:visible .o_field_widget[name='dunning_summary']:contains('excluded from dunning')",
        },
    ],
});
