"""Secrets of the second step of logging in: kept so that a copy of the database is not enough to log in."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def _keys() -> MultiFernet:
    """From the secret key and those before it: the first one encrypts, each of them can read."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    hashed = (hashlib.sha256(b"schakel.second_factor:" + secret.encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(each)) for each in hashed])


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Encrypts what allauth would keep as it is: secrets of authenticator apps and recovery codes."""

    def encrypt(self, text: str) -> str:
        """As text."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was encrypted, with this key or an earlier one."""
        return _keys().decrypt(encrypted_text.encode()).decode()
