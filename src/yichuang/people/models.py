"""Tables of people: accounts first."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Account(AbstractBaseUser):
    """What somebody signs in with."""

    username = models.CharField(max_length=150, unique=True)
    USERNAME_FIELD = "username"
    objects = BaseUserManager()
