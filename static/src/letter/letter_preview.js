import {Component} from "@odoo/owl";

import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const VIEWER = "/web/static/lib/pdfjs/web/viewer.html";
const REPORT = "/report/pdf/l10n_nl_dunning.report_dunning_notice";

/** The page of a letter: as it was sent, or as it would be sent today. */
export class DunningLetterPreview extends Component {
    static template = "l10n_nl_dunning.LetterPreview";
    static props = {...standardWidgetProps};

    get source() {
        const {data, resId} = this.props.record;
        if (!resId) {
            return "";
        }
        const letter = data.letter_id;
        // What a proposal claims changes its page: another address makes it load anew.
        const file = letter
            ? `/web/content/${letter.id}`
            : `${REPORT}/${resId}?claim=${data.amount_claim}`;
        return `${VIEWER}?file=${encodeURIComponent(file)}#pagemode=none&zoom=page-width`;
    }
}

registry.category("view_widgets").add("dunning_letter_preview", {
    component: DunningLetterPreview,
    fieldDependencies: [{name: "letter_id", type: "many2one"}],
});
