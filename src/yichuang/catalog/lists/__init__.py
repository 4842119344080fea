"""Lists of items by batch, target and date (事项清单): the file, its checks, and the rule of progress."""
