"""Words that the masking of a blind reading treats apart. All are folded: lower case, no accent."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _words("""
a ai an as at au aux avec bah bas bon ca car ce ces cet chez ci d da dans de des dit do dos du elle en es est et etc
eu eux fa fin ici il ils j je l la le les leur lui ma mai mais me mes mi moi mon mot my ne ni nos notre nous nu on
or ou oui par pas pays peu plus pour pu qu que qui re sa sans se ses si soi son sous su suis sur ta te tes toi ton
tu tot un une va van vers vie voie von vos votre vous vu y zen
""")
"""Short words of every sentence that some people are called by. Masked wherever they stand, they would leave no
sentence: they are masked beside another part of the name, or after what announces a name.
"""

TRADES = _words("""
acteur actrice animateur animatrice assistant assistante auteur autrice bruiteur bruiteuse cadreur cadreuse coiffeur
coiffeuse comedien comedienne compositeur compositrice conteur costumier costumiere decorateur decoratrice
eclairagiste electricien electro etalonneur etalonneuse graphiste illustrateur ingenieur machiniste maquilleur
maquilleuse menuisier mixeur mixeuse monteur monteuse musicien musicienne operateur operatrice perchiste photographe
producteur productrice projectionniste realisateur realisatrice regisseur regisseuse scenariste scripte
""")
"""What people of the trade are called: part of many addresses, and of every file."""

ORDINARY_WORDS = (
    _words("""
aime aimee air ambre ange ancien arbre argent arts aube aurore avenir avril azur banc baron beau belle berger bien
bijou blanc blanche bleu blond bois bonheur bonne boucher boulanger brave brun brune caillou calme camera canal
carre cerise chance chant charme chasseur chat chateau chef chene cher chere chevalier cinema ciel clair claire
colline comte constant content corps couleur court cousin croix cuisinier dame danse desir desire diamant dieu
divine domaine doux douce ecole ecran esperance espoir etoile felicite ferme fete feu feuille fidele fille film
films fils fleur fleurs flore foi foret fort fortune franc france francais garde gentil gloire grace grand grande
gris gros guerre heureux hiver homme honneur horizon huit image images innocent iris ivoire jade jardin jaune jeune
joie jolie jour joy juin juillet juste lac laine langue large legende leger libre lilas lion livre loi loin long
loup lumiere main maire maison maitre malin mar marais marchand marche marin mars mer mercier merle merveille
metisse meunier mignon mille mine ministre miracle moine monde montagne montage moulin musique nature neige noble
noel noir noire nord nouveau nuit oasis ocean olive orange ours palmier papillon paris parole passion pasteur pauvre
pays peintre perle pere petit petite philosophe pierre pin plage plaine plein poisson pont porte port poulain
precieux premier prince princesse printemps prudent prune puits raison reine renard riche riviere robin roche roi
roman ronde rose roses rouge roux ruelle sage saint sainte salle salut sang saule savoir scene seigneur serein serie
silence simple soeur soleil son source sud sucre tailleur talent temps terre theatre theme tison tour tournage
tresor trois vaillant vallee vent verger verite vert victoire video vierge vieux vigne vigneron villa ville violette
vivant voix volcan voyage vrai
""")
    | TRADES
)
"""Words of the language that some people, and some schools, are called by. « Un petit film » says nothing of Mme
Petit, and « un [nom masqué] film » would: in lower case, and by themselves, they stay.
"""

GENERIC_PLACES = _words("""
academie accueil action agence alternance antenne apprentis apprentissage art arts artistique association atelier
ateliers audiovisuel audiovisuelle audiovisuels bac beaux bts but campus cap centrale centre cfa chance cinema
cinematographique cite classe classes club college collectif communication communale commune conservatoire cours
culture culturel culturelle departemental departementale design deuxieme dut ecole ecoles educatif emploi enfance
enfants enseignement epide espace est etablissement etudes europe europeen europeenne fac faculte film films
fondation formation foyer foyers francais francaise france francophone general generale grand grande greta groupe
habitat haut haute ile image images information insertion institut international internationale internationaux iut
jeune jeunes jeunesse lep licence local locale locales lp lycee lycees maison maisons master media medias metier
metiers mission missions mixte mlc multimedia municipal municipale musique national nationale nationaux nord
nouvelle numerique ouest ouvert parcours paris pedagogique pole polytechnique polyvalent populaire premiere prepa
prepas prive privee pro professionnel professionnelle professionnelles professionnels programme projet promotion
protection public publique quartier quartiers regie region regional regionale rep republique residence reseau saint
sainte sante scenique scolaire seconde section secours service services social sociale sociales sociaux solidaire
solidarite son structure sud superieur superieure superieures technique techniques technologie technologique
terminale territorial theatre travail travailleurs troisieme ufr unite universitaire universite ville visuel visuels
""")
"""What schools and structures have in common: alone, such a word says nothing of which one it is."""

GENERIC_PLACES |= _words("""
aucun aucune autodidacte chomage deux cinq dix huit independant independante mille neant neuf personne quatre quinze
rien sept six trois vingt cent recherche douze treize seize trente quarante cinquante
""")
"""Numbers, and what somebody types who has no school: masked, it would only make her text hard to read."""

CIVILITIES = _words("""
assistant assistante conseiller conseillere cpe directeur directrice dr educateur educatrice m madame mademoiselle
mlle mm mme mmes monsieur mr pr principal principale prof professeur professeure proviseur proviseure referent
referente
""")
"""What goes with somebody's name in a form, and is no part of it."""

COMMON_HANDLES = _words("""
accueil adresse artiste bonjour camera cine cinema contact demo direction ecole email film films formation gmail
hello image images info infos insta instagram lycee mail media montage music musique perso photo photos portfolio
prod production realisation secretariat showreel son travail video videos watch youtube
""")
"""What stands before the @ of many addresses, or ends many links: a sign of nobody."""
