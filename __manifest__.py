{
    "name": "Dutch Dunning",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "summary": "Debtor management for the Netherlands: reminders, formal notices, evidence",
    "author": "l10n_nl_dunning contributors",
    "license": "LGPL-3",
    "countries": ["nl"],
    "depends": ["account_payment", "l10n_nl"],
    "external_dependencies": {"python": ["holidays", "num2words"]},
    "data": [
        # Security.
        "security/ir.model.access.csv",
        "security/dunning_security.xml",
        # Record data.
        "data/ir_sequence.xml",
        "data/ir_cron.xml",
        "data/dunning_interest_rate.xml",
        # Letters and their e-mails.
        "report/dunning_notice_reports.xml",
        "report/dunning_letter_templates.xml",
        "report/dunning_email_templates.xml",
        # Views.
        "wizard/dunning_run_wizard_views.xml",
        "wizard/dunning_notice_cancel_views.xml",
        "wizard/dunning_delivery_post_views.xml",
        "views/dunning_run_views.xml",
        "views/dunning_notice_views.xml",
        "views/dunning_delivery_views.xml",
        "views/account_move_line_views.xml",
        "views/account_move_views.xml",
        "views/dunning_policy_views.xml",
        "views/dunning_level_views.xml",
        "views/dunning_interest_rate_views.xml",
        "views/res_config_settings_views.xml",
        "views/res_partner_views.xml",
        "views/dunning_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["l10n_nl_dunning/static/src/**/*"],
        "web.assets_tests": ["l10n_nl_dunning/static/tests/tours/**/*"],
    },
    "application": True,
}
