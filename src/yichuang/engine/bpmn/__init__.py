"""BPMN 2.0 (ISO/IEC 19510), an executable subset: XML to a checked graph, moved by a pure interpreter, drawn as SVG."""
