"""Dutch law on late payment: pure functions of amounts and days."""

from .notice_term import NoticeTerm, add_working_days, is_working_day, notice_term

__all__ = ["NoticeTerm", "add_working_days", "is_working_day", "notice_term"]
