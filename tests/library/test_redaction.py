"""Redaction finds personal data in Dutch free text (R4, R21) and leaves the signal as it was."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from schakel.redaction import KINDS, Redaction, Span, advice, placeholder, redact, redact_many
from tests.library.redaction_sentences import SETS, Sentence, parse, score, sentences

EVERYTHING = [sentence for name in SETS for sentence in sentences(name)]


@pytest.mark.parametrize("name", SETS)
def test_r4_at_least_97_percent_of_what_is_personal_is_found(name: str) -> None:
    assert score(sentences(name)).recall() >= 0.97


@pytest.mark.parametrize("name", SETS)
def test_r4_at_least_92_percent_of_what_is_found_is_personal(name: str) -> None:
    assert score(sentences(name)).precision() >= 0.92


@pytest.mark.parametrize("kind", KINDS)
def test_r4_every_kind_is_found_nearly_always(kind: str) -> None:
    result = score(EVERYTHING)
    assert result.gold[kind] >= 10
    assert result.recall([kind]) >= 0.95
    assert result.precision([kind]) >= 0.92


@pytest.mark.parametrize("sentence", sentences("reported"), ids=lambda sentence: sentence.text)
def test_r4_what_was_reported_is_found_exactly(sentence: Sentence) -> None:
    assert redact(sentence.text).spans == sentence.gold


def test_the_labelled_set_has_400_sentences_of_which_120_with_nothing_to_redact() -> None:
    assert len({sentence.text for sentence in EVERYTHING}) == len(EVERYTHING) >= 400
    assert sum(not sentence.gold for sentence in EVERYTHING) >= 120


def test_found_spans_have_the_labelled_kind() -> None:
    right: Counter[bool] = Counter()
    for sentence in EVERYTHING:
        found = redact(sentence.text).spans
        for gold in sentence.gold:
            right[
                any(
                    span.kind == gold.kind and span.start < gold.end and gold.start < span.end
                    for span in found
                )
            ] += 1
    assert right[True] / right.total() >= 0.97


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param("Ik sprak jan de vries en zijn zus.", id="nothing marked"),
        pytest.param("Ik [[name:sprak]] niemand.", id="an ordinary word marked"),
    ],
)
def test_the_score_notices_misses_and_false_alarms(marked: str) -> None:
    result = score([parse(marked)])
    assert min(result.precision(), result.recall()) < 1 or result.gold.total() != result.predicted.total()


HARD = [
    # numbers and dates in words, signs apart
    "Bel [[phone:nul zes twaalf vierendertig zesenvijftig achtenzeventig]] maar.",
    "haar bsn is [[bsn:een een een twee twee twee drie drie drie]]",
    "Het BSN dat op de brief staat is [[bsn:12 34 56 782]].",
    "[[iban:NL 91 A B N A 0 4 1 7 1 6 4 3 0 0]] van de buurtkas",
    "uit [[postcode:3 5 1 1 A B]] of [[postcode:9711-LM]]",
    "geboren op [[birth_date:drie mei negentientweeënzestig]]",
    "Hij is geboren in [[birth_date:negentienhonderd achtenveertig]].",
    "mevrouw ([[birth_date:12-04-1938]]) woont alleen",
    "[[email:piet punt jansen apenstaartje ziggo punt nl]] is het adres",
    # a house number that tells who, a plate from elsewhere
    "de buurvrouw van [[address:nummer 12]] heeft hulp nodig",
    "Op [[address:nummer 18a]] woont een gezin.",
    "op [[address:'s-Gravelandseweg 9]] is het overleg",
    "Poolse auto [[licence_plate:WA 12345]] staat er weer",
    # name
    "Ze noemen hem [[name:Lange Jan]] in de buurt.",
    "Mevrouw [[name:Tjin A Koeng]] zorgt voor haar man.",
    "Cliënt [[name:M.A.]] wil meedoen.",
    "Ik heb [[name:Li Wei]] geholpen met de brief.",
    "Zij is getrouwd met [[name:jan van den berg]].",
    "Mevr. [[name:J.P. van der Berg-de Wit]] belde.",
    "meneer [[name:el amrani]] zoekt een tolk",
    "Ik denk dat [[name:Wil]] eenzaam is.",
    "oma [[name:truus]] eet slecht",
    "mijn zoon heet [[name:storm]]",
    "Gesproken met [[name:Nguyen Thi Hoa]] over haar man.",
    "[[name:Roos]] vertelt dat ze gepest wordt.",
    "Vraag het [[name:Sjoerd]] of [[name:Bas]] maar.",
    # birth_date
    "Hij is geboren op [[birth_date:1 april 1950]].",
    "[[name:Jansen]], [[birth_date:12-04-1951]], woont alleen.",
    "geb. [[birth_date:120451]]",
    "Zij is van [[birth_date:3 mei 1962]].",
    # phone
    "Bel [[phone:+31 (0)6 12345678]] maar.",
    "Bel [[phone:06 12 34 56 78]] of [[phone:020-6234567]].",
    "bel [[phone:612345678]]",
    "tel: [[phone:06 12345678]]/[[phone:0201234567]]",
    # email
    "Mail [[email:jan@voorbeeld.nl]].",
    "mail naar [[email:jan.jansen (at) voorbeeld (dot) nl]]",
    # address and postcode
    "Hij woont op [[address:Kerkstraat 12-b]].",
    "[[address:Burgemeester de Vlugtlaan 125 hs]], derde bel",
    "Op [[address:Laan van Nieuw-Guinea 3]] is brand.",
    "[[postcode:3512AB]] [[address:7]], boven de winkel",
    "[[address:Plein 1944 nr 12]], achter de winkels",
    # bsn and iban
    "bsn [[bsn:111.222.333]]",
    "Mijn [[bsn:111222333]] is gestolen.",
    "[[iban:NL91 ABNA 0417 1643 00]] op naam van de stichting",
    # licence_plate
    "Auto [[licence_plate:GB-001-B]] en scooter [[licence_plate:D-123-ZZ]].",
    "kenteken [[licence_plate:gb001b]]",
    # handle
    "Ze heet [[handle:@mo_1070]] online.",
    "insta: [[handle:lotte.xx]]",
    # institution
    "Hij zit op basisschool [[institution:De Wegwijzer]].",
    "Het [[institution:Barlaeus Gymnasium]] is vol.",
    "verpleeghuis [[institution:'t Hoge Veer]] is vol",
]


@pytest.mark.parametrize("marked", HARD)
def test_r4_hard_cases_are_found_exactly(marked: str) -> None:
    sentence: Sentence = parse(marked)
    assert [(span.text, span.kind) for span in redact(sentence.text).spans] == [
        (span.text, span.kind) for span in sentence.gold
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Op 3 maart was de buurtbarbecue.",
        "Wil je mee in mei, als de rozen en de roos weer bloeien?",
        "Jong en oud, groot en klein doen mee.",
        "Het nummer van Veilig Thuis is 0800-2000.",
        "Groep 8 gaat op 12-06-2025 naar het buurthuis.",
        "In de Jan van Galenstraat is het donker.",
        "Bewoners van Overvecht en de Schilderswijk willen een voedselbank.",
        "De school, de huisarts, de kerk, de moskee en het verzorgingshuis werken samen.",
        "Er zijn 123456789 redenen om te klagen.",
        "Van 10-12 uur inloop, 15 euro, 2e verdieping, lijn 12.",
        "Een sterrenhemel en een mannetje van de maan.",
        "Ik ben alleen, mark mijn woorden.",
    ],
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert redact(text) == Redaction(text, ())


def test_the_text_has_dutch_placeholders() -> None:
    text = "Mevrouw Jansen (geb. 3-4-1950), Kerkstraat 12, 3512 AB Utrecht, belt op 06-12345678."
    assert (
        redact(text).text == "Mevrouw [naam] (geb. [geboortedatum]), [adres], [postcode], belt op [telefoon]."
    )


def test_r21_every_kind_has_advice_of_one_sentence_in_plain_words() -> None:
    for kind in KINDS:
        assert advice(kind).endswith(".")
        assert advice(kind).count(".") == 1
        assert len(advice(kind).split()) <= 20
    assert len({placeholder(kind) for kind in KINDS}) == len(KINDS)
    with pytest.raises(KeyError):
        advice("shoe size")


def test_r16_the_text_of_a_span_stays_out_of_its_representation() -> None:
    assert "Jansen" not in repr(Span(0, 6, "name", "Jansen"))


def test_many_texts_are_redacted_lazily_and_in_order() -> None:
    endless = iter(lambda: "Jan Jansen", None)
    stream = redact_many(endless)
    assert next(stream).text == "[naam]"
    assert [one.text for one in redact_many(["Kees", "tuin"])] == ["[naam]", "tuin"]


def test_threads_give_the_same_result_as_one_after_the_other() -> None:
    texts = [sentence.text for sentence in EVERYTHING[:100]]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(redact, texts)) == list(redact_many(texts))


def test_importing_redaction_leaves_logging_and_the_package_deduce_alone() -> None:
    program = (
        "import logging, sys; from schakel.redaction import redact; redact('Jan Jansen');"
        "assert not logging.root.handlers; assert 'deduce' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_name_of_an_own_area_stays_where_it_is_written_as_a_place() -> None:
    """A neighbourhood is often called after a person; it is nobody's name there (R4)."""
    own = {"Frederik Hendrikbuurt-Zuidwest", "Sint Joris", "Smit"}
    for sentence in (
        "In de Frederik Hendrikbuurt-Zuidwest zijn veel mensen alleen.",
        "Rond Sint Joris horen we dit vaker.",
        "Ook in Smit speelt dit.",
    ):
        assert redact(sentence, areas=own).text == sentence


def test_the_name_of_an_own_area_never_protects_the_name_of_a_person() -> None:
    """R4: behind a form of address, or without a word that says where, it is a person."""
    own = {"Smit", "De Vries"}
    assert (
        redact("Mevrouw Smit komt niet meer buiten.", areas=own).text
        == "Mevrouw [naam] komt niet meer buiten."
    )
    assert redact("Jan de Vries kan niet lezen.", areas=own).text == "[naam] kan niet lezen."
    assert redact("Meneer Smit woont in Smit.", areas=own).text.startswith("Meneer [naam] woont in ")
