"""An honest town or city of any size: invented people in real communities, of the sizes that were published, and what their phones send.

`published` has the figures with their sources, and the assumptions, named as such; `households` makes people; `ground` fills a database with
places, people, Party members, offices and grids; `days` tells what grid workers record from day to day; `phones` joins and seals as the app does,
`counting` counts what must come out: these three import nothing of the product. `command` is `./lianfang simulate`.
"""
