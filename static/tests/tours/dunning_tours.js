import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("dunning_round", {
    steps: () => [
        {
            content: "Open the menu of letters",
            trigger: ".o_menu_sections [data-menu-xmlid='l10n_nl_dunning.dunning_menu_letters']",
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

tours.add("dunning_today", {
    steps: () => [
        {
            content: "A round waits, of which the card tells number and amount",
            trigger: ".o_dunning_card[data-code='round'] .o_dunning_count:contains('1')",
        },
        {
            content: "It does not wait for me",
            trigger: ".o_dunning_mine",
            run: "click",
        },
        {
            trigger: ".o_dunning_today:not(:has([data-code='round']))",
        },
        {
            content: "But for a colleague",
            trigger: ".o_dunning_everybody",
            run: "click",
        },
        {
            content: "Open the list that the card counts",
            trigger: ".o_dunning_card[data-code='round'] button",
            run: "click",
        },
        {
            content: "The round is there",
            trigger: ".o_list_view .o_data_row:contains('To approve') .o_data_cell",
            run: "click",
        },
        {
            content: "And is confirmed with one click",
            trigger: "button[name='action_confirm']",
            run: "click",
        },
        {
            content: "Nothing is left to confirm",
            trigger: ".o_menu_sections [data-menu-xmlid='l10n_nl_dunning.dunning_today_menu']",
            run: "click",
        },
        {
            trigger: ".o_dunning_today:not(:has([data-code='round']))",
        },
    ],
});

tours.add("dunning_debtor", {
    steps: () => [
        {
            content: "Open the screen of a debtor",
            trigger: ".o_data_row:contains('Tour Bakkerij') .o_data_cell[name='partner_id']",
            run: "click",
        },
        {
            content: "It says what is owed",
            trigger: ".o_dunning_sums tr[data-code='not_due']:contains('100')",
        },
        {
            content: "And what happens next",
            trigger: ".o_dunning_next tr:contains('Betalingsherinnering')",
        },
        {
            content: "The time line has a filter for each kind of event",
            trigger: ".o_dunning_debtor button[data-kind='contact']",
            run: "click",
        },
        {
            trigger: ".o_dunning_events:not(:has(li[data-kind='invoice'])) li[data-kind='contact']",
        },
        {
            content: "Record a call",
            trigger: "button[name='action_dunning_call']",
            run: "click",
        },
        {
            content: "A key chooses the outcome",
            trigger: ".modal [name='outcome'] .o_selection_badge:contains('Voicemail')",
            run: "press alt+3",
        },
        {
            content: "He is called again",
            trigger: ".modal .o_field_widget[name='next_date']",
        },
        {
            trigger: ".modal button[name='action_save']:visible",
            run: "click",
        },
        {
            content: "The call stands in the time line",
            trigger: "body:not(:has(.modal)) .o_dunning_events li:contains('Voicemail')",
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

tours.add("dunning_calls", {
    steps: () => [
        {
            content: "The largest debt comes first",
            trigger: ".o_list_view .o_data_row:first-child:contains('Tour Bakkerij')",
        },
        {
            content: "Call the debtor",
            trigger: ".o_data_row:contains('Tour Bakkerij') .o_data_cell[name='partner_id']",
            run: "click",
        },
        {
            content: "His number can be clicked",
            trigger: ".modal a[href='tel:+31335550101']",
        },
        {
            content: "He was reached",
            trigger: ".modal [name='outcome'] .o_selection_badge:contains('Reached')",
            run: "click",
        },
        {
            content: "He promises to pay",
            trigger: ".modal [name='agreement'] .o_selection_badge:contains('Promise')",
            run: "click",
        },
        {
            content: "All that is open is proposed",
            trigger: ".modal .o_field_widget[name='promise_amount'] input",
        },
        {
            content: "Go on with the list",
            trigger: ".modal button[name='action_save_next']",
            run: "click",
        },
        {
            content: "The next debtor is there",
            trigger: ".modal .o_field_widget[name='partner_id']:contains('Tour Garage')",
        },
        {
            content: "He is not at home",
            trigger: ".modal [name='outcome'] .o_selection_badge:contains('Voicemail')",
            run: "click",
        },
        {
            content: "He is called again some days later",
            trigger: ".modal .o_field_widget[name='next_date']",
        },
        {
            content: "That was the last one",
            trigger: ".modal button[name='action_save_next']",
            run: "click",
        },
        {
            content: "Nobody is left",
            trigger: "body:not(:has(.modal)) .o_nocontent_help:contains('Nobody to call today')",
        },
    ],
});
