"""Whether somebody waits for new records of a model."""


def is_creation_watched(records):
    """Whether the `create` of a model was wrapped at run time.

    Automation rules do that, and keep what they wrapped as `origin`: then records must
    be made by it, and not in bulk behind the ORM.

    :param records: any records of the model
    :rtype: bool
    """
    return hasattr(type(records).create, "origin")
