"""How: runs BPMN processes and DMN decision tables on plain data; knows no case."""
