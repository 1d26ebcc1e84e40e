import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

const KINDS = {
    letter: [_t("Letters"), "fa-envelope-o"],
    contact: [_t("Contact"), "fa-phone"],
    promise: [_t("Promises"), "fa-handshake-o"],
    dispute: [_t("Disputes"), "fa-comments-o"],
    hold: [_t("Pauses"), "fa-pause-circle-o"],
    arrangement: [_t("Arrangements"), "fa-list-ol"],
    payment: [_t("Payments"), "fa-money"],
    invoice: [_t("Invoices"), "fa-file-text-o"],
    charge: [_t("Charges"), "fa-percent"],
    waiver: [_t("Waivers"), "fa-eraser"],
    protection: [_t("Protection"), "fa-shield"],
};

/** What a debtor owes, what comes next, how he pays, and all that happened. */
export class DunningDebtor extends Component {
    static template = "l10n_nl_dunning.Debtor";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({data: null, kind: ""});
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => this.load(next.record.resId));
    }

    async load(id) {
        if (id) {
            this.state.data = await this.orm.call("res.partner", "get_dunning_debtor", [[id]]);
        }
    }

    /** The filters: what there is, with how many of it. */
    get kinds() {
        const counts = {};
        for (const {kind} of this.state.data.events) {
            counts[kind] = (counts[kind] || 0) + 1;
        }
        return Object.entries(counts).map(([code, count]) => ({
            code,
            count,
            name: (KINDS[code] || [code])[0],
        }));
    }

    get events() {
        const {events} = this.state.data;
        return this.state.kind ? events.filter(({kind}) => kind === this.state.kind) : events;
    }

    icon(kind) {
        return (KINDS[kind] || ["", "fa-circle-o"])[1];
    }

    open(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("dunning_debtor", {component: DunningDebtor});
