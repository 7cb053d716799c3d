"""What themes are learnt from and checked on keeps its promises (S035, R4, R5)."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import pytest
import yaml

DATA = resources.files("schakel.themes") / "data"
PUT_ASIDE = ("heldout.jsonl", "plain.jsonl", "fresh.jsonl", "unseen.jsonl")
FILES = ("sentences.jsonl", *PUT_ASIDE)
VOICES = ("resident", "professional")

PERSONAL_DIGITS = {
    "phone": re.compile(r"(?<!\d)(?:\+31|0031|0)[ -]?[1-9](?:[ -]?\d){7,8}(?!\d)"),
    "postcode": re.compile(r"\b[1-9]\d{3} ?[A-Z]{2}\b"),
    "date": re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.](?:\d{2}|\d{4})\b"),
    "account": re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{4}"),
    "long number": re.compile(r"\d{4,}"),
    "street with number": re.compile(r"\b\w+(?:straat|laan|weg|plein|kade|gracht|singel|hof) \d"),
    "e-mail or handle": re.compile(r"@\w"),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One labelled sentence: what was said, what it is about, and who speaks."""

    text: str
    themes: tuple[str, ...]
    voice: str


@cache
def domains() -> list[dict[str, Any]]:
    taxonomy = yaml.safe_load((DATA / "taxonomy.yaml").read_text(encoding="utf-8"))
    return list(taxonomy["domains"])


@cache
def themes() -> dict[str, dict[str, Any]]:
    return {theme["id"]: theme for domain in domains() for theme in domain["themes"]}


@cache
def sentences(file: str) -> tuple[Sentence, ...]:
    rows = (json.loads(line) for line in (DATA / file).read_text(encoding="utf-8").splitlines())
    return tuple(Sentence(row["text"], tuple(row["themes"]), row["voice"]) for row in rows)


def bare(text: str) -> str:
    """The words only, so that a comma or a capital does not hide a duplicate."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def speaks_a_keyword(sentence: Sentence) -> bool:
    words = (word for theme in sentence.themes for word in themes()[theme]["keywords"])
    return any(word in sentence.text.casefold() for word in words)


def test_the_taxonomy_has_twelve_domains_and_sixty_themes_with_unique_ids() -> None:
    assert len(domains()) == 12
    assert sum(len(domain["themes"]) for domain in domains()) == len(themes()) == 60


def test_every_theme_has_names_in_two_languages_a_suitability_and_plain_keywords() -> None:
    for theme in themes().values():
        assert theme["nl"]
        assert theme["en"]
        assert theme["collective"] in {"high", "middle", "low"}
        assert len(theme["keywords"]) >= 8
        assert all(word == word.lower() for word in theme["keywords"])


def test_every_sensitive_theme_and_no_other_shows_a_route_that_names_112() -> None:
    """R5: no pattern, but where to go now."""
    sensitive = {name for name, theme in themes().items() if theme.get("sensitive")}
    assert sensitive == {"veiligheid_thuis", "crisis_suicide", "dreigend_woonverlies", "terugkeer_detentie"}
    assert sensitive == {name for name, theme in themes().items() if "route" in theme}
    assert all("112" in themes()[name]["route"] for name in sensitive)


@pytest.mark.parametrize(
    ("theme", "must_name"),
    [
        ("veiligheid_thuis", ("meldcode", "Veilig Thuis", "0800-2000")),
        ("crisis_suicide", ("bel 113", "0800-0113", "huisarts", "crisisdienst")),
        ("dreigend_woonverlies", ("gemeente", "vroegsignalering", "maatschappelijke opvang")),
        ("terugkeer_detentie", ("nazorgcoördinator", "gemeente", "reclassering")),
    ],
)
def test_a_route_names_who_can_help(theme: str, must_name: tuple[str, ...]) -> None:
    for name in must_name:
        assert name in themes()[theme]["route"]


@pytest.mark.parametrize("file", FILES)
def test_every_line_has_exactly_a_text_known_themes_and_a_voice(file: str) -> None:
    for line in (DATA / file).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert set(row) == {"text", "themes", "voice"}
        assert row["voice"] in VOICES
        assert row["text"] == row["text"].strip() != ""
        assert set(row["themes"]) <= set(themes()), line
        assert len(row["themes"]) == len(set(row["themes"])) <= 3, line


def test_there_are_at_least_seven_thousand_sentences_and_eighty_for_every_theme() -> None:
    assert len(sentences("sentences.jsonl")) >= 7000
    seen = Counter(theme for sentence in sentences("sentences.jsonl") for theme in sentence.themes)
    assert {theme: seen[theme] for theme in themes() if seen[theme] < 80} == {}


def test_every_theme_is_heard_from_residents_and_from_professionals() -> None:
    seen = Counter((theme, said.voice) for said in sentences("sentences.jsonl") for theme in said.themes)
    assert [pair for theme in themes() for voice in VOICES if seen[pair := (theme, voice)] < 5] == []


def test_the_two_voices_are_about_equally_many() -> None:
    said = Counter(sentence.voice for sentence in sentences("sentences.jsonl"))
    assert 0.45 <= said["resident"] / said.total() <= 0.55


def test_a_sixth_of_the_sentences_with_a_theme_carry_more_than_one() -> None:
    sizes = Counter(len(sentence.themes) for sentence in sentences("sentences.jsonl") if sentence.themes)
    assert (sizes[2] + sizes[3]) / sizes.total() >= 1 / 6
    assert sizes[3] >= 10


def test_at_least_sixty_sentences_carry_no_theme_and_some_of_them_speak_a_keyword_all_the_same() -> None:
    """Near-misses: the word is there, the meaning is not; a classifier must abstain."""
    none = [sentence for sentence in sentences("sentences.jsonl") if not sentence.themes]
    every_keyword = {word for theme in themes().values() for word in theme["keywords"]}
    near = [said for said in none if any(word in said.text.casefold() for word in every_keyword)]
    assert len(none) >= 60
    assert len(near) >= 8


def test_at_least_two_fifths_say_their_theme_without_any_of_its_keywords() -> None:
    about = [sentence for sentence in sentences("sentences.jsonl") if sentence.themes]
    assert sum(not speaks_a_keyword(sentence) for sentence in about) / len(about) >= 0.4


@pytest.mark.parametrize("file", ["heldout.jsonl", "fresh.jsonl", "unseen.jsonl"])
def test_the_held_out_set_has_three_sentences_for_every_theme_and_some_without(file: str) -> None:
    seen = Counter(theme for sentence in sentences(file) for theme in sentence.themes)
    assert {theme: seen[theme] for theme in themes() if seen[theme] < 3} == {}
    assert sum(not sentence.themes for sentence in sentences(file)) >= 20


def test_no_sentence_occurs_twice_within_or_across_the_files() -> None:
    """A held-out sentence that was learnt from checks nothing; capitals and commas make no difference."""
    seen = Counter(bare(sentence.text) for file in FILES for sentence in sentences(file))
    assert [text for text, times in seen.items() if times > 1] == []


def test_the_plain_held_out_set_has_two_voices_for_every_theme_and_some_without() -> None:
    seen = Counter((theme, said.voice) for said in sentences("plain.jsonl") for theme in said.themes)
    assert set(seen) == {(theme, voice) for theme in themes() for voice in VOICES}
    assert sum(not said.themes for said in sentences("plain.jsonl")) >= 10


def test_every_theme_has_words_of_its_own_and_none_repeats_a_plain_held_out_sentence() -> None:
    words = yaml.safe_load((DATA / "words.yaml").read_text(encoding="utf-8"))
    assert set(words) == set(themes())
    assert all(isinstance(word, str) and word == word.lower() for some in words.values() for word in some)
    said = [f" {bare(sentence.text)} " for sentence in sentences("plain.jsonl")]
    phrases = {f" {bare(word)} " for some in words.values() for word in some if " " in word}
    assert [phrase for phrase in phrases if any(phrase in text for text in said)] == []


def test_no_held_out_sentence_repeats_six_words_in_a_row_of_a_sentence_learnt_from() -> None:
    def runs(file: str) -> set[tuple[str, ...]]:
        words = [bare(sentence.text).split() for sentence in sentences(file)]
        return {tuple(text[start : start + 6]) for text in words for start in range(len(text) - 5)}

    assert runs("sentences.jsonl") & set().union(*map(runs, PUT_ASIDE)) == set()


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("phone", "bel 06-12 34 56 78 na zes uur"),
        ("phone", "bel +31 30 123 45 67"),
        ("postcode", "in 1234 AB staat het leeg"),
        ("date", "geboren 3-4-1951"),
        ("account", "op NL00 BANK nul nog iets"),
        ("long number", "dossier 20417"),
        ("street with number", "in de Dorpsstraat 12"),
        ("e-mail or handle", "mail iemand@voorbeeld.nl"),
    ],
)
def test_the_look_for_personal_data_would_see_it(kind: str, written: str) -> None:
    assert PERSONAL_DIGITS[kind].search(written)


@pytest.mark.parametrize("kind", PERSONAL_DIGITS)
@pytest.mark.parametrize("file", FILES)
def test_no_sentence_holds_digits_that_look_like_personal_data(file: str, kind: str) -> None:
    """R4: nothing here could be mistaken for somebody's own number, address or account."""
    found = [said.text for said in sentences(file) if PERSONAL_DIGITS[kind].search(said.text)]
    assert found == []
