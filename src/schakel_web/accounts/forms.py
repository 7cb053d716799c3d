"""Forms for the second step in plain words; what they do is allauth's, but that a code is good once (RFC 6238, 5.2)."""

from __future__ import annotations

from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, LoginWebAuthnForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class ActivateAppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code uit de app")


class _Once:
    """A code that was used stays used for as long as it would be good, the half minutes around it included."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        key = f"schakel.second_factor.used:{self.user.pk}:{normalize_user_code(code)}"
        if cache.add(key, True, timeout=app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)):
            return code
        self._emit_authentication_failed(self.authenticator)  # type: ignore[attr-defined]
        raise get_adapter().validation_error("incorrect_code")


class CodeForm(_Once, AuthenticateForm):  # type: ignore[misc]
    """The code that is asked after the password."""


class CodeAgainForm(_Once, ReauthenticateForm):  # type: ignore[misc]
    """The code that is asked again before something that matters."""


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new key: what it is called, and whether it is enough by itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, alone = self.fields["name"], self.fields["passwordless"]
        name.label = _("Naam")
        name.help_text = _("Zo herkent u de sleutel later. Bijvoorbeeld: laptop van het team.")
        alone.label = _("Met deze sleutel wil ik inloggen zonder wachtwoord")
        alone.help_text = _("Uw apparaat vraagt dan uw vingerafdruk, uw gezicht of een pincode.")
        alone.initial = True


class EditKeyForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Naam")


class LoginKeyForm(LoginWebAuthnForm):  # type: ignore[misc]
    """Logging in with a key alone."""

    def clean_credential(self) -> Authenticator:
        """Whose key it is; a key that is not known is refused in words that say what to do."""
        try:
            return super().clean_credential()
        except ValidationError as error:
            raise ValidationError(
                _(
                    "Deze toegangssleutel kennen wij niet. Log in met uw wachtwoord, of probeer een andere sleutel."
                )
            ) from error
