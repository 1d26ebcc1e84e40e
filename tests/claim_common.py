from odoo.fields import Command

from .common import DunningCommon


class ClaimCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.final_demand.write({"with_interest": True, "debtor_kind": "business"})
        cls.final_demand.charges = "claim"
        cls.consumer = cls._create_debtor(
            "Janneke de Wit", is_company=False, email="janneke@wit.example"
        )
        cls.consumer_policy = cls.env["dunning.policy"].create(
            {
                "name": "Consumers",
                "company_id": cls.company.id,
                "debtor_kind": "consumer",
                "sequence": 1,
                "level_ids": [
                    Command.create(
                        cls._prepare_level("demand", "Aanmaning", sequence=10)
                    ),
                    Command.create(
                        cls._prepare_level(
                            "fourteen_day",
                            "Veertiendagenbrief",
                            sequence=20,
                            debtor_kind="consumer",
                            charges="announce",
                            letter_opening="You owe us {amount}.",
                        )
                    ),
                    Command.create(
                        cls._prepare_level(
                            "final_demand",
                            "Sommatie",
                            term=7,
                            sequence=30,
                            charges="claim",
                            with_interest=True,
                        )
                    ),
                ],
            }
        )

    def _get_claim(self, moves, day):
        claims = self._get_items(moves)._get_dunning_claims(day)
        self.assertEqual(len(claims), 1)
        return next(iter(claims.values()))

    def _get_items(self, moves):
        return moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
