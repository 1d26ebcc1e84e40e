import base64
from io import BytesIO

from PIL import Image

from odoo import fields, models
from odoo.tools import html2plaintext, is_html_empty, str2bool
from odoo.tools.image import image_data_uri

#: Who gets an e-mail besides whom it is addressed to.
COPIES = [
    ("none", "No copies"),
    ("cc", "To the other contacts of its invoices"),
]

DEFAULT_COLOR = "#20344d"


#: Pixels: sharp at the size in which the logo is printed.
LOGO_SIZE = (640, 210)


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_window_side = fields.Selection(
        selection=[("left", "Left"), ("right", "Right")],
        string="Envelope window",
        default="left",
        required=True,
    )
    dunning_window_top = fields.Integer(
        string="From the top (mm)", default=50, required=True
    )
    dunning_window_left = fields.Integer(
        string="From the edge (mm)",
        default=25,
        required=True,
        help="Distance from the left edge of the paper, or from the right edge with "
        "the window on the right, to the address.",
    )
    dunning_letterhead = fields.Boolean(
        string="Print letterhead",
        default=True,
        help="Logo, company details and footer on the letter. Switch off for "
        "pre-printed paper.",
    )

    dunning_copies = fields.Selection(
        selection=COPIES,
        string="Copies of letters",
        default="cc",
        required=True,
        help="Whether the e-mail with a letter goes in copy to the other contacts that "
        "its invoices were made out to, such as branches of the customer.",
    )
    dunning_seat = fields.Char(
        string="Registered seat",
        help="Place that stands on letters and e-mails beside name and registration "
        "number, as the articles of association name it. Without one, the city of the "
        "address.",
    )

    _check_dunning_window = models.Constraint(
        "CHECK(dunning_window_top BETWEEN 20 AND 90 "
        "AND dunning_window_left BETWEEN 10 AND 90)",
        "Place the address window between 20 and 90 mm from the top and between 10 and "
        "90 mm from the edge of the paper.",
    )

    # === BUSINESS METHODS === #

    def _prepare_dunning_letterhead(self):
        """Return how the letters of this company look, in the current language.

        :rtype: dict
        """
        self.ensure_one()
        company = self.sudo().with_context(lang=self.env.lang)  # a job or a clerk
        return {
            "is_printed": company.dunning_letterhead,
            "logo": company._get_dunning_logo(),
            "color": company.primary_color or DEFAULT_COLOR,
            "accent": company.secondary_color or company.primary_color or DEFAULT_COLOR,
            "font": (company.font or "").replace("_", " "),
            "tagline": _get_html(company.report_header),
            "details": company._get_dunning_details(),
            "footer": _get_html(company.report_footer),
            "particulars": company._get_dunning_particulars(),
            "window": company._get_dunning_window(),
            "return_address": ", ".join(
                filter(
                    None,
                    (
                        company.name,
                        company.street,
                        " ".join(filter(None, (company.zip, company.city))),
                    ),
                )
            ),
        }

    def _get_dunning_contact(self):
        """Return how letters say to reach the company: by telephone and e-mail.

        :rtype: str
        """
        self.ensure_one()
        return " · ".join(filter(None, (self.phone, self.email)))

    def _get_dunning_particulars(self):
        """Return what each letter and e-mail must say of the company beside its name.

        Its seat: Civil Code 2:75 and 2:186; its number in the trade register: article
        27 of the Handelsregisterwet; the number for VAT stands with them.

        :rtype: str
        """
        self.ensure_one()
        seat = self.dunning_seat or self.city
        parts = [
            seat and self.env._("registered seat in %s", seat),
            self._get_dunning_registration(),
            self.vat and self.env._("VAT number %s", self.vat),
        ]
        return ", ".join(filter(None, parts))

    def _get_dunning_registration(self):
        """Return the number of the company in its register, with what it is called."""
        number = (self.company_registry or "").strip()
        if number and self.country_code in ("NL", False):
            return self.env._("Chamber of Commerce (KvK) %s", number)
        return number and self.env._("company register %s", number)

    def _get_dunning_logo(self):
        """Return the logo as data URI, or False for the placeholder of Odoo."""
        if not self.logo or self.uses_default_logo:
            return False
        try:
            with Image.open(BytesIO(base64.b64decode(self.logo))) as image:
                logo = image.convert("RGBA")
        except (ValueError, OSError):
            return image_data_uri(self.logo)  # a vector image
        logo.thumbnail(LOGO_SIZE)
        # On white instead of transparent: the engine needs half the time.
        page = Image.new("RGB", logo.size, "white")
        page.paste(logo, mask=logo)
        stream = BytesIO()
        page.save(stream, format="PNG")
        return image_data_uri(base64.b64encode(stream.getvalue()))

    def _get_dunning_details(self):
        """Return the address details at the head of the letter, a line each."""
        if not self.is_company_details_empty:
            lines = html2plaintext(self.company_details).splitlines()
            return [line.strip() for line in lines if line.strip()]
        place = " ".join(filter(None, (self.zip, self.city)))
        lines = [self.name, self.street, place, self.phone, self.email, self.website]
        return [line for line in lines if line]

    def _get_dunning_window(self):
        """Return where the address stands, in mm from the left edge of the paper."""
        is_left = self.dunning_window_side == "left"
        width = 75 if is_left else 65  # a window on the right starts at 120 mm
        left = self.dunning_window_left
        return {
            "top": self.dunning_window_top,
            "left": left if is_left else 210 - left - width,
            "width": width,
        }

    def _has_dunning_online_payment(self):
        """Whether debtors of this company can pay online."""
        self.ensure_one()
        Parameter = self.env["ir.config_parameter"].sudo()  # a setting of the system
        return str2bool(
            Parameter.get_param("account_payment.enable_portal_payment", "")
        ) and bool(
            self.env["payment.provider"]
            .sudo()  # clerks cannot read providers
            .search_count(
                [("company_id", "=", self.id), ("state", "=", "enabled")], limit=1
            )
        )


def _get_html(content):
    return False if is_html_empty(content) else content
