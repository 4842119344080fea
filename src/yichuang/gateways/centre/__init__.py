"""The line of a hall node (大厅节点) to its centre: paired once, then one sealed exchange after the other."""
