import doctest
import pkgutil
from importlib import import_module

from odoo.tests import BaseCase, tagged

from .. import law


@tagged("post_install", "-at_install", "post_install_l10n")
class TestLawDoctests(BaseCase):
    def test_examples_are_true(self):
        for found in pkgutil.iter_modules(law.__path__):
            module = import_module(f"{law.__name__}.{found.name}")
            with self.subTest(module=found.name):
                outcome = doctest.testmod(module)
                self.assertGreater(outcome.attempted, 0)
                self.assertEqual(outcome.failed, 0)
