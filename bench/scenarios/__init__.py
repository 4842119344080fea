"""One scenario per file: each has NAME, BAR, `run(stack, quick) -> list[Result]`."""
