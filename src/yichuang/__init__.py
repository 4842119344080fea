"""yichuang (一窗): one window, one net, one case."""
