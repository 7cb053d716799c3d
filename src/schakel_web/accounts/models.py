"""The person who logs in. Which teams and roles somebody has is in `network`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes users; addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user with this address; without a password nobody can log in with one."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """By address, whatever its case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """Somebody who works with Schakel. Residents need no account."""

    email = models.EmailField(_("e-mailadres"), unique=True)
    name = models.CharField(_("naam"), max_length=120)
    is_active = models.BooleanField(_("mag inloggen"), default=True)
    joined = models.DateTimeField(_("sinds"), auto_now_add=True)
    #: which team's pages this person looks at, if there is more than one to choose from
    team_choice = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    #: codes of the roles of this request, for the log; set by who reads the memberships
    acting: str = ""

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    personal = {"email", "name", "password", "last_login"}
    not_personal = {"is_active", "joined", "team_choice"}
    purpose = _("Weten wie er met Schakel werkt, en wie wat heeft gedaan.")
    kept = _("zolang iemand meewerkt; naam en adres nog tot 24 maanden nadat iemand voor het laatst inlogde")

    class Meta:
        verbose_name = _("gebruiker")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_user_per_address"),
        ]

    def __str__(self) -> str:
        return self.name or self.email
