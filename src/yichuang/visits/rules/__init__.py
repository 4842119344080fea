"""Pure rules of visits: values in, verdicts out."""
