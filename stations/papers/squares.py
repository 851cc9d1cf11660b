"""QR codes, as every page and paper of ours draws them."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_square(address, *, border=0) -> SafeString:
    """Return the QR code of one of our own addresses as inline SVG.

    `border` is the blank edge in modules: 0 where the paper around it is white.
    """
    # Nothing of anybody's gets in: segno draws squares, and never the address itself.
    return mark_safe(segno.make(address, error="m").svg_inline(omitsize=True, border=border))
