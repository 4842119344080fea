"""Window displays (窗口显示屏): a few lines of light over TCP: client, simulator. The protocol: docs/how-to/devices.md."""
