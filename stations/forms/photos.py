"""Photos and papers sent as evidence: checked when they are typed, kept by the act."""

from django import forms
from django.utils.translation import gettext as _

from ..files import file_check

MOST_FILES = 6
ACCEPT = "image/jpeg,image/png,application/pdf"


class PhotoField(forms.FileField):
    """One photo or PDF; cleans to its bytes, b"" for none."""

    def __init__(self, **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.widget.attrs |= {"accept": ACCEPT}

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        return _checked(file) if file else b""


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to six photos or PDFs; cleans to a list of bytes."""

    widget = _SeveralFiles

    def __init__(self, **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.widget.attrs |= {"accept": ACCEPT}

    def clean(self, data, initial=None):
        files = [file for file in (data if isinstance(data, list) else [data]) if file]
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("At most %d files at once.") % MOST_FILES)
        return [_checked(super(PhotosField, self).clean(file)) for file in files]


def _checked(file):
    try:
        content = file_check.read(file)
        file_check.check(content)
    except file_check.FileRefused as refusal:
        raise forms.ValidationError(str(refusal)) from refusal
    return content
