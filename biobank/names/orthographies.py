"""Orthographies: the graphemes of each, and the phonetic signs they stand for.

A table consists of words `grapheme=signs`; a leading `^` means at the start of a word, `*` after a
vowel, `~` after a consonant, and a trailing `$` at the end. Longer graphemes take precedence. `0`
is silent.
"""

from __future__ import annotations

from dataclasses import dataclass

_VOWEL_LETTERS = frozenset("aeəıioöuüyàâáãäéèêëîïíóòôõúùûаеёиоуыэюяәөүіїєاآویأإ")


@dataclass(frozen=True)
class Orthography:
    """An orthography: key, standard or usage with its year, and rules."""

    key: str
    source: str
    rules: dict[tuple[str, str], str]
    max_grapheme_chars: int

    def parts(self, word: str, start: int, end: int) -> list[tuple[str, str]]:
        """Split `word[start:end]` into graphemes with the signs they stand for."""
        graphemes: list[tuple[str, str]] = []
        position = start
        while position < end:
            size, signs = self._match_grapheme(word, position, end)
            graphemes.append((word[position : position + size], signs))
            position += size
        return graphemes

    def _match_grapheme(self, word: str, position: int, end: int) -> tuple[int, str]:
        preceding = "*" if word[position - 1] in _VOWEL_LETTERS else "~"
        context = preceding if position else "^"
        for size in range(min(self.max_grapheme_chars, end - position), 0, -1):
            grapheme = word[position : position + size]
            contexts = ("$", context, "") if position + size == len(word) else (context, "")
            for rule_context in contexts:
                if (rule_context, grapheme) in self.rules:
                    return size, self.rules[rule_context, grapheme]
        return 1, ""


def _build_orthography(key: str, source: str, *texts: str) -> Orthography:
    rules: dict[tuple[str, str], str] = {}
    for word in " ".join(texts).split():
        grapheme, signs = word.split("=")
        context = ""
        if grapheme[0] in "^*~":
            context, grapheme = grapheme[0], grapheme[1:]
        elif grapheme[-1] == "$":
            context, grapheme = "$", grapheme[:-1]
        rules[context, grapheme] = "" if signs == "0" else signs
    return Orthography(key, source, rules, max(len(grapheme) for _, grapheme in rules))


# Letters shared by Latin orthographies, and accents with little effect.
_LATIN = """
a=A b=b d=d e=E f=f g=G h=h i=I k=K l=l m=m n=n o=O p=p q=Q r=r s=s t=t u=U v=v w=v x=x y=y z=z
ə=ə ı=ı ş=ş ç=ç ğ=ğ ö=ö ü=ü j=c c=Ç
à=A á=A â=A ã=A ä=ə å=O ā=A ă=A ą=A æ=E è=E é=E ê=E ë=E ē=E ě=E ę=E ì=I í=I î=I ï=I ī=I į=I
ò=O ó=O ô=O õ=O ø=ö ō=O ő=ö ù=U ú=U û=U ū=U ů=U ű=ü ý=Y ñ=n ń=n ň=n ł=l ř=r š=ş ś=ş ș=ş č=ç ć=ç
ž=j ź=z ż=j ź=z ß=s đ=d ð=d þ=t ț=t ţ=t ť=t ď=d ḥ=h ḫ=x ẖ=x ḵ=x ġ=Ɣ ḡ=Ɣ ǧ=Ɣ ṣ=s ṭ=t ẓ=z ḍ=z ż=z
"""

AZ = _build_orthography(
    "az",
    "Azerbaijani Latin alphabet, law of 25 December 1991, ə from 16 May 1992",
    _LATIN,
    "a=a e=e i=i o=o u=u c=c ç=ç j=j g=g q=q k=k h=h x=x y=y â=a é=e î=i û=u w=v",
)
ASCII = _build_orthography(
    "ascii",
    "Azerbaijani typed without its letters (usage): ə as e, a or ae; ı as i; ş as s or sh",
    _LATIN,
    "a=A ae=ə e=E i=I o=O u=U s=S c=C sh=ş ch=ç gh=Ɣ kh=x g=Ğ q=q k=k j=Ž h=h x=x y=y",
)
EN = _build_orthography(
    "en",
    "English usage, near BGN/PCGN 1993 for Azerbaijani and 1947 for Russian",
    _LATIN,
    """
    kh=X gh=Ɣ sh=ş ch=ç zh=Ž dzh=c dj=c dg=c dge=c j=c jj=c g=G q=Q k=K ck=k c=Ç tch=ç ph=f th=t
    ts=ts tz=ts oo=U ou=U ee=I ea=E x=ks ~y=Y ^y=y *y=y wh=v ce$=s ge$=c sch=ş tsch=ç ie=I ci=si
    ce=se cy=sI qu=kv igh=ay eu=yU ew=yU ai=E w=Ŵ ge=ƓE gi=ƓI gy=ƓY
    oh=Ɔ ock=ƆK ocks=Ɔks ott=Ɔtt obb=Ɔbb onn=Ɔnn omm=Ɔmm orr=Ɔrr odd=Ɔdd opp=Ɔpp oss=Ɔss
    on$=Ɔn om$=Ɔm ob$=Ɔb od$=Ɔd ot$=Ɔt ow=AU aham$=Am gham$=GAm ckham$=KAm rham$=rAm aw=O
    udd=Ʌd uck=Ʌk utch=Ʌç unn=Ʌn uff=Ʌf umm=Ʌm upp=Ʌp uss=Ʌs utt=Ʌt ush=Ʌş un$=Ʌn um$=Ʌm
    ite$=ayt ike$=ayk ile$=ayl ide$=ayd ife$=ayf ime$=aym
    """,
)
TR = _build_orthography(
    "tr",
    "Turkish alphabet, law 1353 of 1928",
    _LATIN,
    "a=A e=E i=I o=o ö=ö u=U c=c ç=ç j=j h=X k=K g=Ğ t=t t$=T p$=P ç$=C k$=K v=v y=y s=s ğ=ğ â=A",
)
DE = _build_orthography(
    "de",
    "German usage of press and encyclopaedias: tsch, dsch, sch, ch = x, w = v, j = y",
    _LATIN,
    """
    tsch=ç dsch=c sch=ş ch=X j=y w=v s=Z ss=s ß=s z=ts tz=ts v=V ei=ey ie=I ä=ə g=G h=h c=K ck=k
    dj=c gh=Ɣ kh=X sh=ş eu=oy ^st=şt ^sp=şp ph=f th=t y=Y
    """,
)
FR = _build_orthography(
    "fr",
    "French usage of press and encyclopaedias: tch, dj, ch = ş, ou = u",
    _LATIN,
    """
    tch=ç dj=c ch=ş j=Ž ou=U gu=G gh=Ɣ kh=X ï=J aï=Ay eï=Ey ss=s s=Z
    s$=0 t$=0 d$=0 x$=0 es$=0 ge$=j ges$=j qu=k c=Ç ç=s ph=f th=t y=y
    ge=jE gé=jE gè=jE gê=jE ^h=Ħ
    ier$=IE illi=y ille=Iy ill=Iy illet$=IyE et$=E er$=E ot$=O ault$=O aux$=O eaux$=O eau=O
    au=O ai=E ei=E oi=ŴA oî=ŴA oy=ŴAy eu=ö œ=ö gn=n ^y=y ~y=Y ce=s gi=jI w=v an=An in=In
    """,
)
SLAVIC = _build_orthography(
    "slavic",
    "Czech, Polish and South Slavic usage, near ISO 9:1968 (GOST 16876-71)",
    _LATIN,
    """
    č=ç ć=ç š=ş ś=ş ž=Ž ź=z ż=Ž dž=c dż=c dź=c cz=ç sz=ş rz=j szcz=şç ch=X h=X j=y w=v c=ts ł=l
    ó=U y=Y ů=U ě=E iu=U ia=A ie=E g=G dj=c đ=c
    """,
)
NL = _build_orthography(
    "nl",
    "Dutch usage: tsj, dzj, sj, oe = u",
    _LATIN,
    "tsj=ç dzj=c dj=c sj=ş zj=Ž oe=U j=y ie=I ch=X w=v z=z aa=A ee=E ij=Ey kh=X gh=Ɣ",
)

LATIN = _build_orthography(
    "la",
    "Classical names as Russian takes them over: without -us, c as ts before e and i",
    _LATIN,
    "ius$=Iy us$=0 as$=0 os$=0 es$=0 c=K ce=tsE ci=tsI cy=tsI ch=X ph=F th=T ae=E oe=E x=ks y=I j=y",
)

# After a consonant я, ю, ё are front vowels (Лятиф, Пюста), otherwise they start with y.
RU = _build_orthography(
    "ru",
    "Russian orthography of 1918; Azerbaijani names after the usage of Baku's press",
    """
    а=A б=b в=v г=G д=d е=E ж=Ž з=z и=I й=y к=K л=l м=m н=n о=O п=P р=r с=s т=T у=U ф=F х=X ц=ts
    ч=ç ш=ş щ=şç ъ=ʲ ы=Y ь=ʲ э=E ю=yU я=yA ё=yO дж=c ~е=E *е=ʲE ^е=ʲE ~ю=ʲU ~я=ʲA ~ё=ʲO ~ье=ʲE
    ^уа=ŴA ^уэ=ŴE ^уи=ŴI ^уо=ŴO
    кс=ks ий$=I ый$=Y ия=IyA ье=yE ья=yA ъя=yA ью=yU
    і=I ї=yI є=yE ґ=Ğ ў=v ҷ=c җ=c ҳ=h һ=h қ=q ҡ=q ғ=ğ ә=ə ө=ö ү=ü ұ=U ң=n ҥ=n ҙ=z ҫ=s ӯ=U ӣ=I
    ј=y љ=l њ=n ђ=c ћ=ç џ=c ѓ=g ќ=k ѕ=z ^є=ʲE *є=ʲE ~є=E дз=z ӓ=ə ӧ=ö ӱ=ü ӂ=c ҝ=g ҹ=c
    """,
)
AZ_CYRILLIC = _build_orthography(
    "az-cyrl",
    "Azerbaijani Cyrillic of 1939 (я ю е й э ц), 1947 and 1958 (ј, one letter a sound)",
    """
    а=a б=b в=v г=q ғ=ğ д=d е=e ә=ə ж=j з=z и=i ы=ı ј=y й=y к=k ҝ=g л=l м=m н=n о=o ө=ö п=p р=r
    с=s т=t у=u ү=ü ф=f х=x һ=h ч=ç ҹ=c ш=ş э=e ю=yU я=yA ё=yo ц=s щ=ş ъ=0 ь=0 җ=c ҳ=h дж=c
    қ=q ҡ=q ң=n ҙ=z ҫ=s ӯ=U і=i ї=i є=e ґ=g ў=v *е=ʲe ^е=ʲe
    """,
)

# Short vowels are not written; ayn and hamza are silent or carry a vowel.
PERSIAN = _build_orthography(
    "fa",
    "Persian and Azerbaijani (Iran, before 1929 Baku) orthography of the Arabic script; "
    "sounds after the ALA-LC Persian table, 2012",
    """
    ا=A ^ا=Ȧ ^اس=@s ^اش=@ş آ=a أ=@ إ=@ ب=B پ=p ت=T ث=Θ ج=Ɉ چ=ç ح=h خ=X د=D ذ=z ر=r ز=z
    ژ=Ž س=s ش=ş ص=s ض=Ẓ ط=T ٹ=T ڈ=D ڑ=r ں=n ڤ=v ڕ=r ڵ=l ێ=E
    ظ=z ع=@ غ=Ɣ ف=F ق=Q ک=K گ=Ğ ل=l م=m ن=n ه=h ه$=H و=W ^و=Ŵ ی=J ^ی=y ء=0 ئ=@ ؤ=W
    ای$=Ay ائ=A وا=ŴA اوا=AŴA وو=ŴW ی$=I یی=yI ایی$=AyI ^ای=I ^او=W ^عی=I ^عو=W الله=ulla ی‌=I
    خوا=XA اا=A ٔ=0 عا=A ئو=W ئی=I ئا=A ئه=E
    """,
)
