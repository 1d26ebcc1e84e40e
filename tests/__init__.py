from . import (
    test_law_collection_costs,
    test_law_doctests,
    test_law_imputation,
    test_law_interest,
    test_law_interest_payments,
    test_law_limitation,
    test_law_notice_term,
    test_law_properties,
)
