"""The demonstration world: Lincolnshire's children's commissioning on 4 November 2014.

From the published paper (Lincolnshire County Council, Children and Young People Scrutiny Committee, 12 September
2014): the bodies that commission together, 228 contracts with 177 providers, 208 managed centrally and 20 devolved,
£32.0m a year and £134.0m whole life with partner funding, and the thirteen services under review. Everything else, and
above all every provider, person, rating, date, single amount and partner's share, is invented.

`world.describe` says what there is, as plain values, the same every time; `writer.write` puts it into the database.
"""
