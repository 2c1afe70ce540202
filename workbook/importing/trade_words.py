"""Words of names and papers of trade with letters beyond ASCII: a reading of a text that holds one of them is not there by chance.

Legal forms, everyday words of company names, frequent surnames and towns. Those of three letters or less do not count.
They need not be complete: without one of them two readings that make sense are asked for.
"""

from __future__ import annotations

from typing import Final

WORDS: Final = frozenset((
    # Italian
    "società", "attività", "qualità", "città", "unità", "università", "pubblicità", "elettricità", "proprietà", "libertà",
    "novità", "specialità", "sanità", "modalità", "quantità", "autorità", "località", "perché", "virtù", "caffè",
    # Danish and Norwegian
    "jørgensen", "sørensen", "nørgaard", "søndergaard", "kjær", "bjørn", "bjørk", "købmand", "københavn", "århus", "ålborg",
    "sønderborg", "helsingør", "næstved", "køge", "sønner", "brødrene", "tømrer", "møbler", "mølle", "møller", "østergaard",
    "vestergård", "nørre", "søren", "jørn", "strøm", "værksted", "rådgivning", "løsninger", "miljø", "grøn", "tromsø", "bodø",
    "ålesund", "sørlandet", "østlandet", "håkon",
    # Swedish and Finnish
    "göteborg", "malmö", "västerås", "örebro", "norrköping", "linköping", "jönköping", "åkerlund", "söderström", "söderberg",
    "sjöberg", "björk", "björklund", "öberg", "lindström", "nyström", "bergström", "åberg", "åström", "företag", "försäkring",
    "försäljning", "bröderna", "söner", "järn", "trävaror", "möbler", "kött", "mäkinen", "hämäläinen", "järvinen", "jyväskylä",
    "hämeenlinna", "yhtiö",
    # German
    "müller", "jäger", "köhler", "schröder", "krüger", "böhm", "könig", "schäfer", "böttcher", "günther", "österreich", "münchen",
    "köln", "düsseldorf", "nürnberg", "zürich", "großhandel", "getränke", "söhne", "gebrüder", "straße", "geschäft", "vermögen",
    "beschläge", "möbel", "gemüse",
    # French
    "société", "générale", "établissements", "électricité", "hôtel", "françois", "béranger", "compagnie", "française", "frères",
    "matériaux", "étude", "dépôt", "bâtiment", "élevage", "ingénierie", "santé", "sécurité", "propreté", "énergie", "écologie",
    "crédit", "immobilière", "péage", "orléans", "nîmes", "besançon",
    # Spanish and Portuguese
    "compañía", "construcción", "construcciones", "distribución", "alimentación", "ibáñez", "martínez", "garcía", "lópez",
    "gonzález", "rodríguez", "hernández", "pérez", "sánchez", "gómez", "jiménez", "álvarez", "muñoz", "peña", "españa", "málaga",
    "córdoba", "construções", "comércio", "indústria", "indústrias", "gonçalves", "joão", "são", "araújo", "distribuição",
    "alimentação", "importação", "exportação", "serviços", "soluções", "irmãos",
    # Polish, Czech, Slovak, Hungarian, Romanian
    "spółka", "przedsiębiorstwo", "łódź", "kraków", "wrocław", "gdańsk", "poznań", "usług", "sprzedaż", "społeczna", "zakład",
    "śląsk", "źródło", "główna", "společnost", "dvořák", "novák", "křižík", "škoda", "náměstí", "plzeň", "třebíč", "průmysl",
    "stavební", "služby", "spoločnosť", "košice", "žilina", "társaság", "győr", "szűcs", "kőműves", "fűtőmű", "építő", "gyártó",
    "székesfehérvár", "részvénytársaság", "și", "bucurești", "timișoara", "brașov",
    # Turkish
    "şirketi", "türkiye", "yılmaz", "kaynağı", "güneş", "çelik", "öztürk", "yıldız", "doğan",
))  # fmt: skip
