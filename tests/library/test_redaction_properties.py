"""What holds for redaction of any text whatsoever (R4)."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from schakel.redaction import KINDS, placeholder, redact
from schakel.redaction.spans import PLACEHOLDER
from tests.library.redaction_sentences import SETS, Sentence, sentences

_WORDS = """
    Jan jan Roos wil mevrouw Mevr. oma de van der Vries vries Jansen J.P. Kerkstraat straat 12 12-b 3512 AB 3512AB
    06-12345678 0612345678 geb. geboren 12-04-1951 3 mei 1962 bsn 111222333 NL91ABNA0417164300 GB-001-B kenteken
    @mo_10 insta jan@x.nl basisschool De Regenboog OBS Pauluskerk . , : ( ) - ' [ ] [naam] [adres] en in @
"""
pieces = st.lists(st.one_of(st.sampled_from([*_WORDS.split(), "\n"]), st.text(max_size=4)), max_size=14).map(
    " ".join
)
texts = st.one_of(st.text(max_size=80), pieces)


@given(texts)
def test_spans_are_in_order_disjoint_in_range_and_of_a_known_kind(text: str) -> None:
    position = 0
    for span in redact(text).spans:
        assert position <= span.start < span.end <= len(text)
        assert span.kind in KINDS
        assert span.text == text[span.start : span.end]
        position = span.end


@given(texts)
def test_text_outside_the_spans_stays_identical(text: str) -> None:
    result = redact(text)
    expected, position = "", 0
    for span in result.spans:
        expected += text[position : span.start] + placeholder(span.kind)
        position = span.end
    assert result.text == expected + text[position:]


@given(texts)
def test_redacting_again_changes_nothing(text: str) -> None:
    once = redact(text).text
    assert redact(once).text == once
    assert not redact(once).spans


@given(st.sampled_from([sentence for name in SETS for sentence in sentences(name)]))
def test_redacting_a_labelled_sentence_again_changes_nothing(sentence: Sentence) -> None:
    once = redact(sentence.text).text
    assert not redact(once).spans


labelled = st.sampled_from([sentence for name in SETS[:-1] for sentence in sentences(name)])


@given(labelled, st.sampled_from("\u00a0\u2009\u202f"), st.sampled_from("\u2010\u2011"))
def test_r4_other_spaces_and_hyphens_hide_nothing(sentence: Sentence, space: str, hyphen: str) -> None:
    written = sentence.text.replace(" ", space).replace("-", hyphen)
    spans = redact(written).spans
    assert [(s.start, s.end, s.kind) for s in spans] == [
        (s.start, s.end, s.kind) for s in redact(sentence.text).spans
    ]


@given(labelled, st.sampled_from("\u200b\u00ad\u2060\ufeff"))
def test_r4_signs_without_width_hide_nothing_and_go_with_what_they_stand_in(
    sentence: Sentence, sign: str
) -> None:
    result, bare = redact(sign.join(sentence.text)), redact(sentence.text)
    assert result.text.replace(sign, "") == bare.text
    assert [span.text for span in result.spans] == [sign.join(span.text) for span in bare.spans]


@given(pieces)
def test_placeholders_in_the_text_are_never_part_of_a_span(text: str) -> None:
    spans = redact(text).spans
    for match in PLACEHOLDER.finditer(text):
        assert all(span.end <= match.start() or match.end() <= span.start for span in spans)


def _theme_words() -> list[str]:
    taxonomy = files("schakel.themes").joinpath("data/taxonomy.yaml").read_text(encoding="utf-8")
    found: list[str] = []

    def walk(node: object, key: str = "") -> None:
        if isinstance(node, dict):
            for name, value in node.items():
                walk(value, name)
        elif isinstance(node, list):
            for value in node:
                walk(value, key)
        elif key in ("kw", "keywords"):
            found.append(str(node))

    walk(yaml.safe_load(taxonomy))
    return found


THEME_WORDS = _theme_words()
FRAMES = (
    "{}",
    "Ze zegt dat {} speelt.",
    "Mijn buurvrouw {}",
    "mevrouw {}",
    "ik ben {}",
    "oma {}",
    "Voor {} is er niets.",
)


def test_the_taxonomy_has_words_to_try() -> None:
    assert len(THEME_WORDS) >= 500


@pytest.mark.parametrize("frame", FRAMES)
def test_r4_theme_words_are_never_changed(frame: str) -> None:
    written = [frame.format(word) for word in THEME_WORDS]
    assert {text: redact(text).text for text in written if redact(text).spans} == {}


@pytest.mark.parametrize("write", [str.capitalize, str.upper])
def test_r4_theme_words_are_never_changed_when_a_capital_opens_the_sentence(
    write: Callable[[str], str],
) -> None:
    written = [f"{write(word)} komt hier veel voor." for word in THEME_WORDS]
    assert {text: redact(text).text for text in written if redact(text).spans} == {}


@given(st.lists(st.sampled_from(THEME_WORDS), min_size=1, max_size=8))
def test_a_sentence_of_theme_words_only_stays_as_it_is(words: list[str]) -> None:
    text = f"{', '.join(words).capitalize()}."
    assert redact(text).text == text


def test_the_sentences_that_teach_the_themes_contain_no_persons() -> None:
    lines = files("schakel.themes").joinpath("data/sentences.jsonl").read_text(encoding="utf-8").splitlines()
    changed = [text for line in lines if redact(text := json.loads(line)["text"]).spans]
    assert len(changed) <= 0.006 * len(lines), changed
