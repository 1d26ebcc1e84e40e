from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from odoo.orm.model_classes import add_to_registry
from odoo.orm.models import MetaModel

from .common import DunningCommon

SEAMS = Path(__file__).parent / "seams"


class SeamCommon(DunningCommon):
    """A company whose Odoo has a module more: a file of the folder `seams`.

    Its models are put into the registry, and its columns into the database, until the
    tests of the class are done.
    """

    @classmethod
    def _install(cls, name):
        """Extend the models as if a module of one file was installed.

        :param str name: of the module, and of its file
        """
        cls.env["ir.module.module"].create({"name": name, "state": "installed"})
        path = SEAMS / f"{name}.py"
        spec = spec_from_file_location(f"odoo.addons.{name}.models", path)
        spec.loader.exec_module(module_from_spec(spec))
        definitions = MetaModel._module_to_models__.pop(name)
        names = [definition._name for definition in definitions]
        for known in set(names) & set(cls.registry):
            model = cls.registry[known]
            cls.addClassCleanup(
                setattr, model, "_base_classes__", model._base_classes__
            )
        for definition in definitions:
            if definition._name not in cls.registry:
                cls.addClassCleanup(cls.registry.__delitem__, definition._name)
            add_to_registry(cls.registry, definition)
        cls.registry._setup_models__(cls.env.cr, names)
        every = set(cls.registry.descendants(names, "_inherit"))
        stored = [n for n in every if not cls.registry[n]._abstract]
        cls.registry.init_models(cls.env.cr, stored, {"module": name})
