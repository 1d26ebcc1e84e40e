import {Component, onWillStart, useState} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

const MINE = "l10n_nl_dunning.today_mine";

/** The start screen: what waits, as cards that open the lists they count. */
export class DunningToday extends Component {
    static template = "l10n_nl_dunning.Today";
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            cards: [],
            companies: [],
            company: false,
            day: "",
            isComplete: false,
            mine: window.localStorage.getItem(MINE) === "1",
        });
        this.reading = 0;
        useSetupAction();
        onWillStart(() => this.load());
    }

    get work() {
        return this.state.cards.filter((card) => !card.quiet);
    }

    get quiet() {
        return this.state.cards.filter((card) => card.quiet);
    }

    /** Show what the database counts, and add what takes longer when it is there. */
    async load() {
        const number = ++this.reading;
        this.state.isComplete = false;
        const first = await this.read(false);
        if (number !== this.reading) {
            return;
        }
        Object.assign(this.state, first);
        this.read(true).then(({cards}) => {
            if (number === this.reading) {
                this.state.cards = [...this.state.cards, ...cards].sort(
                    (one, other) => one.sequence - other.sequence
                );
                this.state.isComplete = true;
            }
        });
    }

    read(late) {
        const {company, mine} = this.state;
        return this.orm.call("dunning.today", "get_cards", [mine, company, late]);
    }

    async show(mine) {
        this.state.mine = mine;
        window.localStorage.setItem(MINE, mine ? "1" : "0");
        await this.load();
    }

    async chooseCompany(event) {
        this.state.company = parseInt(event.target.value) || false;
        await this.load();
    }

    /** Open the list that a card counts, without the filters it usually opens with. */
    async open(card) {
        const action = await this.action.loadAction(card.action);
        const context = Object.fromEntries(
            Object.entries(action.context || {}).filter(
                ([key]) => !key.startsWith("search_default_")
            )
        );
        await this.action.doAction({
            ...action,
            context,
            display_name: card.title,
            domain: card.domain,
            name: card.title,
        });
    }

    startRound() {
        this.action.doAction("l10n_nl_dunning.dunning_run_wizard_action");
    }

    describe(card) {
        return _t("%(title)s: %(count)s", {title: card.title, count: card.count});
    }
}

registry.category("actions").add("l10n_nl_dunning.today", DunningToday);
