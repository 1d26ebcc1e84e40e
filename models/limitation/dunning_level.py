from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..policy.dunning_level import TEXT_FIELDS


class DunningLevel(models.Model):
    """The letter outside all ladders that interrupts the limitation of a claim."""

    _inherit = "dunning.level"

    # Without policy it is in no ladder, so it never takes the place of a rung.
    _check_policy = models.Constraint(
        "CHECK((kind = 'limitation_notice') = (policy_id IS NULL))",
        "An interruption of limitation belongs to no policy: it can be sent at any "
        "level. Every other letter belongs to a policy.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("kind", "charges", "with_interest", *TEXT_FIELDS)
    def _check_limitation_notice(self):
        """The letter reserves the claim; it sets no term and charges nothing."""
        for lang, _name in self.env["res.lang"].get_installed():
            for level in self.with_context(lang=lang):
                if level.kind != "limitation_notice":
                    continue
                if level.charges != "none" or level.with_interest:
                    raise ValidationError(
                        self.env._(
                            "Level %s interrupts the limitation only: it cannot claim "
                            "interest or costs.",
                            level.display_name,
                        )
                    )
                if any("{deadline}" in (level[name] or "") for name in TEXT_FIELDS):
                    raise ValidationError(
                        self.env._(
                            "The texts of %s cannot name {deadline}: the letter sets "
                            "no term.",
                            level.display_name,
                        )
                    )

    # === BUSINESS METHODS === #

    @api.model
    def _get_limitation_level(self):
        """Return the letter that interrupts the limitation.

        :raise UserError: when there is none
        """
        level = self.search([("kind", "=", "limitation_notice")], limit=1)
        if not level:
            raise UserError(
                self.env._(
                    "There is no letter that interrupts the limitation. Make one, or "
                    "take it out of the archive, under Configuration, Interruption "
                    "letter."
                )
            )
        return level
