import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** What Odoo's form with the demo provider asks. */
const payWithDemo = [
    {
        content: "One way to pay is chosen already",
        trigger: "#o_payment_form input[name='o_payment_radio']:checked",
    },
    {
        trigger: "#o_payment_form #customer_input",
        run: "edit 4242 4242 4242 4242",
    },
    {
        trigger: "#o_payment_form button[name='o_payment_submit_button']:not([disabled])",
        run: "click",
        expectUnloadPage: true,
    },
];

tours.add("dunning_pay_all", {
    steps: () => [
        {
            content: "Three invoices with interest and costs: one sum",
            trigger: ".o_dunning_choice .o_dunning_sum:contains('1.155,99')",
        },
        {
            content: "Without the first one",
            trigger: "input[name='item']:first",
            run: "click",
        },
        {
            content: "The server says what is to be paid now",
            trigger: ".o_dunning_choice .o_dunning_sum:contains('1.040,39')",
        },
        {
            content: "After all everything",
            trigger: ".o_dunning_pick button[data-pick='all']",
            run: "click",
        },
        {
            trigger: ".o_dunning_choice .o_dunning_sum:contains('1.155,99')",
        },
        {
            content: "Account and reference can be copied",
            trigger: ".o_dunning_choice .o_dunning_copy:not(.d-none)",
        },
        {
            trigger: ".o_dunning_choice button.o_dunning_pay",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#dunning_pay_sum:contains('1.155,99')",
        },
        ...payWithDemo,
        {
            content: "It is settled",
            trigger: ".o_dunning_pay_page .border-success",
        },
    ],
});

tours.add("dunning_pay_letter_in_part", {
    steps: () => [
        {
            content: "The page of the letter offers to pay all of it",
            trigger: "#dunning_portal_pay button:contains('1.155,98')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "An amount of one's own, with a comma",
            trigger: "#dunning_own_amount",
            run: "edit 500,00",
        },
        {
            trigger: "form:has(#dunning_own_amount) button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The law divides it: costs, interest, principal",
            trigger:
                "#dunning_pay_split:contains('150,00'):contains('5,98'):contains('344,02')",
        },
        ...payWithDemo,
        {
            content: "What is left is asked for",
            trigger: "#dunning_pay_sum:contains('655,98')",
        },
    ],
});
