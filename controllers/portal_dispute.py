from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools.mimetypes import guess_mimetype

from .portal import DunningPortal

#: What may come with a dispute, by what it is and not by what it is called.
EXTENSIONS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
}
FILES = 3
FILE_SIZE = 5 * 1024 * 1024
NAME_SIZE = 80
TEXT_FIELDS = ("line_id", "category_id", "amount", "text")


class DunningDisputePortal(DunningPortal):
    """Disputes that debtors raise from the page of a letter."""

    @http.route(
        ["/my/dunning/<int:notice_id>/dispute"],
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        max_content_length=FILES * FILE_SIZE + 1024 * 1024,
    )
    def portal_dunning_dispute(self, notice_id, access_token=None, **form):
        """Take a dispute, or show the page again and say what is wrong with it."""
        notice = self._get_dunning_notice(notice_id, access_token)
        if not notice:
            return request.redirect("/my")
        page = notice.get_portal_url(
            query_string="&dispute=received", anchor="disputes"
        )
        if form.get("company_website"):
            return request.redirect(page)  # no person sees this field
        form = {name: self._read_text(form.get(name)) for name in TEXT_FIELDS}
        errors = self._take_dispute(notice, form)
        if not errors:
            return request.redirect(page)
        response = self._render_dunning_notice(
            notice, access_token, form=form, errors=errors
        )
        response.status_code = 429 if "limit" in errors else 422
        return response

    def _take_dispute(self, notice, form):
        """Raise the dispute that a form and its files describe.

        :param notice: the letter, as superuser
        :param dict form: what was filled in, as anybody may have sent it
        :return: what is wrong with it by field; when it is empty, it was raised
        :rtype: dict[str, str]
        """
        files, file_error = self._read_files()
        claims = notice._get_portal_claims(request.env.user.partner_id)
        disputable = notice._get_disputable(claims[notice.id])
        dispute, errors = notice._read_dispute(form, disputable)
        if file_error:
            errors["files"] = file_error
        if not errors:
            try:
                with request.env.cr.savepoint():
                    author = self._get_dispute_author(notice)
                    notice._raise_dispute(dispute, files, author)
            except UserError as error:
                errors["limit"] = str(error)
        return errors

    def _get_dispute_author(self, notice):
        user = request.env.user
        return notice.recipient_id if user._is_public() else user.partner_id

    def _read_text(self, value):
        return value if isinstance(value, str) else ""

    def _read_files(self):
        """Return what was sent along, with names that tell what it is.

        :return: pairs of name and content, and what is wrong or None
        :rtype: tuple[list, str | None]
        """
        uploads = [
            upload
            for upload in request.httprequest.files.getlist("files")
            if upload.filename
        ]
        if len(uploads) > FILES:
            return [], request.env._("Send at most %s files.", FILES)
        files = []
        for upload in uploads:
            upload.seek(0)  # also when the request is tried again
            content = upload.read(FILE_SIZE + 1)
            extension = EXTENSIONS.get(guess_mimetype(content))
            if not extension or len(content) > FILE_SIZE:
                return [], request.env._(
                    "Send PDF files or pictures (JPEG, PNG) of at most %s MB.",
                    FILE_SIZE // 1024**2,
                )
            files.append((self._name_file(upload.filename, extension), content))
        return files, None

    def _name_file(self, name, extension):
        stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
        stem = "".join(char for char in stem if char.isalnum() or char in " -_()")
        return f"{stem.strip()[:NAME_SIZE] or 'attachment'}.{extension}"
