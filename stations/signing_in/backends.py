"""Which accounts may sign in."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend


class AccountBackend(ModelBackend):
    """Name and password; a demonstration account never opens a site in production."""

    def user_can_authenticate(self, user):
        if settings.PRODUCTION and user.is_demo:
            return False
        return super().user_can_authenticate(user)
