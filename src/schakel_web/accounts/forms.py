"""Forms for passkeys in plain words; everything they do is allauth's."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, LoginWebAuthnForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


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
