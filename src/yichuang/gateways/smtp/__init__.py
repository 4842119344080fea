"""E-mail (电子邮件) by SMTP with TLS: client, simulator, configuration."""
