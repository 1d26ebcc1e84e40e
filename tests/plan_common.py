from datetime import date

from ..models.plan.engine.items import OpenItem, Settings, make_class
from ..models.plan.engine.plan import plan_items


class PlanCommon:
    """The pure plan, with the facts and obstacles of all rooms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        planner, company = cls.env["dunning.planner"], cls.env.company
        cls.obstacles = planner._get_obstacles()
        cls.Special = make_class("Special", planner._get_facts(company))
        cls.Debtor = make_class("OpenDebtor", planner._get_debtor_facts(company))
        cls.item = OpenItem(
            debtor=cls.Debtor(
                recipient_id=1, kind="business", has_email=True, has_post=True
            ),
            line_id=1,
            move_id=1,
            partner_id=1,
            currency_id=1,
            due=date(2026, 11, 2),
            residual=100.0,
            residual_company=100.0,
            invoice_total=100.0,
            last=None,
            last_deadline=None,
            special=cls.Special.ORDINARY,
        )

    def _plan_items(self, *items, today, ladders, **settings):
        """Return the steps of some items of a debtor."""
        return plan_items(
            list(items), list(ladders), Settings(**settings), today, self.obstacles
        )
