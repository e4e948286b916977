"""Charts as SVG to stand in a page: drawn at build time, with nothing to load and nothing to run.

Each kind declares its chart once in Vega-Altair; Vega draws it for each set of figures. A drawing
is 560 units wide, takes the width of its column, has labels above its rows, so that it can be read
at 320 px, and tells things apart by shape, stroke and words as well as by colour.
"""
