"""Webhooks of other applications (租户回调): messages to addresses that strangers chose, so that none leads into our own house."""
