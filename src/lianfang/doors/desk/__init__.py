"""The desk: server-rendered pages for everybody who works with the ledger, on a screen or a phone.

A view opens and shows; it decides nothing. `frame.page` declares of each what it takes to be let in, and runs it in one
transaction under the reader's scope. `words` holds what stored values are called, `parts` the pieces pages are
made of (figure strip, building map, timeline …), each shown in all its states on the living page /desk/style/.
Templates lie in `templates/desk`, one folder a subject; styles and small scripts in `static/desk`.
"""
