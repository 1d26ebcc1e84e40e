import {Interaction} from "@web/public/interaction";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

/** All that a customer owes: each tick asks the server what is to be paid now. */
export class DunningAccount extends Interaction {
    static selector = "form.o_dunning_account";
    dynamicContent = {
        "input[name=item]": {"t-on-change": this.debounced(this.update, 150)},
        "button[data-pick]": {"t-on-click": this.pick},
    };

    setup() {
        this.asked = 0;
    }

    start() {
        this.el.querySelector(".o_dunning_pick")?.classList.remove("d-none");
    }

    pick(ev) {
        const isPicked = ev.currentTarget.dataset.pick === "all";
        for (const box of this.el.querySelectorAll("input[name=item]")) {
            box.checked = isPicked;
        }
        this.update();
    }

    async update() {
        const number = ++this.asked;
        const choice = this.el.querySelector(".o_dunning_choice");
        choice.setAttribute("aria-busy", "true");
        const html = await this.waitFor(
            fetch(this.el.dataset.update, {method: "POST", body: new FormData(this.el)}).then(
                (answer) => answer.text()
            )
        );
        if (number !== this.asked) {
            return; // A later tick has an answer of its own.
        }
        this.services["public.interactions"].stopInteractions(choice);
        choice.innerHTML = html;
        choice.removeAttribute("aria-busy");
        this.services["public.interactions"].startInteractions(choice);
    }
}

/** Copies account, reference or amount, for the bank app on the same telephone. */
export class DunningCopy extends Interaction {
    static selector = ".o_dunning_copy";
    dynamicContent = {_root: {"t-on-click": this.copy}};

    start() {
        // Browsers have a clipboard on secure pages only.
        this.el.classList.toggle("d-none", !browser.navigator.clipboard);
    }

    async copy() {
        await this.waitFor(browser.navigator.clipboard.writeText(this.el.dataset.copy));
        this.services.notification.add(_t("Copied: %s", this.el.dataset.copy), {
            type: "success",
        });
    }
}

const interactions = registry.category("public.interactions");
interactions.add("l10n_nl_dunning.account", DunningAccount);
interactions.add("l10n_nl_dunning.copy", DunningCopy);
