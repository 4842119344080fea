"""Who: citizens, companies and their agents, staff, roles, sign-in, and the OpenID provider (统一认证)."""
