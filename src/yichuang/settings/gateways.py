"""Which outside systems this installation talks to, from the environment: nothing named, nothing sent."""

import os
from typing import Any

from yichuang.settings.env import env, env_list

SMS_SENDERS = "yichuang.gateways.sms.client.senders"
MAIL_SENDERS = "yichuang.gateways.smtp.client.senders"
WEBHOOKS = "yichuang.gateways.webhooks.client.WebhookClient"
DEVICE_DRIVERS = {
    "printer": "yichuang.gateways.escpos.driver.printer_at",
    "reader": "yichuang.gateways.card_reader.driver.reader_at",
    "display": "yichuang.gateways.window_display.driver.display_at",
}
SMS_RECEIPTS = "yichuang.gateways.sms.receipts.SmsReceipts"


def sms_providers() -> dict[str, dict[str, str]]:
    """`YICHUANG_SMS_PROVIDERS=main,spare` in the order of preference, and `YICHUANG_SMS_MAIN_URL`, `_KEY`, `_SECRET`
    (or `_SECRET_FILE`) of each. A provider that is named but not described stops the start."""
    found = {}
    for name in env_list("YICHUANG_SMS_PROVIDERS", ""):
        told = {field: env(f"YICHUANG_SMS_{name.upper()}_{field.upper()}") for field in ("url", "key", "secret")}
        if missing := [f"YICHUANG_SMS_{name.upper()}_{field.upper()}" for field, value in told.items() if not value]:
            raise RuntimeError(f"the SMS provider {name!r} is named, but not described: {', '.join(missing)}")
        found[name] = told
    return found


def smtp() -> dict[str, str]:
    """`YICHUANG_SMTP_HOST` and, where they differ from the defaults, `_PORT` (587), `_SECURITY` (starttls), `_USER`,
    `_PASSWORD` (or `_PASSWORD_FILE`), `_FROM`, `_CA` (the authority of an internal server, a PEM file)."""
    names = {"port": "587", "security": "starttls", "user": "", "password": "", "from": "", "ca": ""}
    if not (host := env("YICHUANG_SMTP_HOST")):
        return {}
    told = {name: env(f"YICHUANG_SMTP_{name.upper()}", default) for name, default in names.items()}
    return {"host": host, "sender": told.pop("from"), **told}


def senders(sms: dict[str, Any], mail: dict[str, str]) -> dict[str, str]:
    """The senders by kind, for `notices.ports.senders_for`. `YICHUANG_SENDER_SMS` names another one's dotted path."""
    found = {"sms": SMS_SENDERS} if sms else {}
    if mail:
        found["email"] = MAIL_SENDERS
    for kind in ("sms", "email"):
        if other := os.environ.get(f"YICHUANG_SENDER_{kind.upper()}"):
            found[kind] = other
    return found


def share_sources() -> dict[str, dict[str, Any]]:
    """`YICHUANG_SHARE_SOURCES=police,civil`, and `YICHUANG_SHARE_POLICE_URL`, `_KEY`, `_SECRET` (or `_SECRET_FILE`), `_BASES`
    (population,credit …) and, where it differs from 1.2 seconds, `_TIMEOUT` of each. One that is not described stops the start."""
    found: dict[str, dict[str, Any]] = {}
    for name in env_list("YICHUANG_SHARE_SOURCES", ""):
        label = f"YICHUANG_SHARE_{name.upper()}"
        told = {field: env(f"{label}_{field.upper()}") for field in ("url", "key", "secret", "bases")}
        if missing := [f"{label}_{field.upper()}" for field, value in told.items() if not value]:
            raise RuntimeError(f"the share platform {name!r} is named, but not described: {', '.join(missing)}")
        bases = env_list(f"{label}_BASES", "")
        found[name] = {**told, "bases": bases, "timeout": env(f"{label}_TIMEOUT", "1.2")}
    return found


def face_platform() -> dict[str, str]:
    """`YICHUANG_FACE_URL`, `_KEY` and `_SECRET` (or `_SECRET_FILE`) of the platform that compares faces; {} without one."""
    told = {field: env(f"YICHUANG_FACE_{field.upper()}") for field in ("url", "key", "secret")}
    return told if told["url"] else {}


def webhook_networks(*, demo: bool) -> list[str]:
    """`YICHUANG_WEBHOOK_NETWORKS=10.20.0.0/16`: private networks in which applications may be told; the demo's is this machine."""
    return env_list("YICHUANG_WEBHOOK_NETWORKS", "127.0.0.0/8,::1/128" if demo else "")


def device_networks(*, demo: bool) -> list[str]:
    """`YICHUANG_DEVICE_NETWORKS=10.20.0.0/16`: where printers, readers and displays of halls stand; the demo's is this machine."""
    return env_list("YICHUANG_DEVICE_NETWORKS", "127.0.0.0/8" if demo else "")


def device_drivers() -> dict[str, str]:
    """The drivers by kind, for `devices.ports.driver_for`. `YICHUANG_DRIVER_PRINTER` names another one's dotted path."""
    return {kind: os.environ.get(f"YICHUANG_DRIVER_{kind.upper()}") or known for kind, known in DEVICE_DRIVERS.items()}


def drop_givers() -> dict[str, dict[str, Any]]:
    """`YICHUANG_DROP_GIVERS=civil`, and `YICHUANG_DROP_CIVIL_SECRET` (or `_SECRET_FILE`) and `_BASES` of each; their folders
    lie in `YICHUANG_DROP_FOLDER`."""
    found: dict[str, dict[str, Any]] = {}
    for name in env_list("YICHUANG_DROP_GIVERS", ""):
        label = f"YICHUANG_DROP_{name.upper()}"
        found[name] = {"secret": env(f"{label}_SECRET"), "bases": env_list(f"{label}_BASES", "")}
    return found
