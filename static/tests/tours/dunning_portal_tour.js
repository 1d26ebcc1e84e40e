import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("dunning_portal_dispute", {
    steps: () => [
        {
            content: "One number says what is to be paid",
            trigger: "#dunning_portal_amount:contains('100.00')",
        },
        {
            content: "The invoice that is not right",
            trigger: "#disputes button[data-bs-target='#dispute_form']",
            run: "click",
        },
        {
            trigger: "#dispute_form.show select[name='category_id']",
            run: "selectByLabel Quality",
        },
        {
            content: "Part of it only",
            trigger: "#dispute_form input[name='amount']",
            run: "edit 40",
        },
        {
            trigger: "#dispute_form textarea[name='text']",
            run: "edit Two of the five chairs <b>wobble</b>.",
        },
        {
            trigger: "#dispute_form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It was received",
            trigger: "#disputes .alert-success",
        },
        {
            content: "The rest is still to be paid",
            trigger: "#dunning_portal_amount:contains('60.00')",
        },
        {
            content: "The dispute has a state",
            trigger: "#disputes li:contains('Being investigated')",
        },
    ],
});
