"""ID-card readers (身份证读卡器) behind the small service of their terminal: client, simulator. The protocol: docs/how-to/devices.md."""
