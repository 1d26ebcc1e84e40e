from . import (
    account_payment_register,
    dunning_contact_record,
    dunning_contact_record_save,
    dunning_delivery_post,
    dunning_hold_add,
    dunning_hold_end,
    dunning_notice_cancel,
    dunning_run_wizard,
    dunning_simulation,
    payment_arrangement_cancel,
    payment_arrangement_wizard,
)
