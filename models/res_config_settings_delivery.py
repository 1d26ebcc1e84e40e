from odoo import fields, models

from .dunning_notice_job import PARAMETER


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_has_queue_job = fields.Boolean(
        string="OCA's queue_job is installed", compute="_compute_dunning_has_queue_job"
    )
    dunning_deliver_as_jobs = fields.Boolean(
        string="Deliver letters as jobs", config_parameter=PARAMETER
    )

    # === COMPUTE METHODS === #

    def _compute_dunning_has_queue_job(self):
        self.dunning_has_queue_job = "queue.job" in self.env
