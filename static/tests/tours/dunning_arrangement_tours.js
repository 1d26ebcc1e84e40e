import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("dunning_arrangement_sign", {
    steps: () => [
        {
            content: "Read the instalments and the terms",
            trigger: "#arrangement_lines:contains('100.00')",
        },
        {
            trigger: "#arrangement_terms:contains('novation')",
        },
        {
            content: "Type the name, which signs at the same time",
            trigger: "#arrangement_sign .o_web_sign_name_and_signature input",
            run: "clear",
        },
        {
            trigger: "#arrangement_sign .o_web_sign_name_and_signature input",
            run: "fill G. Aar",
        },
        {
            trigger: "#arrangement_sign canvas.o_web_sign_signature",
            run: "canvasNotEmpty",
        },
        {
            trigger: "#arrangement_sign .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is signed",
            trigger: ".alert-success:contains('Signed by G. Aar')",
        },
    ],
});
