"""The share platform (数据共享平台): shared bases of other houses over HTTP, signed both ways."""
