"""One thing, many cases: packages such as 企业开办."""
