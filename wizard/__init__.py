from . import (
    account_payment_register,
    dunning_delivery_post,
    dunning_notice_cancel,
    dunning_run_wizard,
)
