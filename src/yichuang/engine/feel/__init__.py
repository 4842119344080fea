"""FEEL (OMG DMN 1.5, chapter 10), a subset: text to own tree to closures, failing closed, explainable. Never eval."""
