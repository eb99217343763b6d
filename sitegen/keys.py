"""The keys of the YAML files that people write: how each is read, and what an editor says of it.

`topic` and `paper` in the schemas refer to the site's own topics and papers, which `schema` puts in.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sitegen.fields import (
    Reader,
    Unfit,
    arxiv_id,
    base_url,
    boolean,
    date,
    doi,
    items,
    language,
    links,
    or_nothing,
    partial_date,
    reader,
    required,
    slug,
    slugs,
    terms,
    text,
    texts,
    web_link,
    web_links,
    weight,
)
from sitegen.model import Paper
from sitegen.yamlio import Value

FORMAT = 1
MOST_TOPICS = 4
Table = dict[str, Reader[Any]]


@reader(type=["integer", "string"], pattern=r"^\s*\d+\s*$", minimum=1, maximum=FORMAT)
def format_number(value: Value) -> int:
    """The version of the record format."""
    version = text(value)
    if not version.isdecimal() or not 1 <= int(version) <= FORMAT:
        raise Unfit(value.where, f'"{version}" is not a format this version reads', f"formats 1 to {FORMAT} are known")
    return int(version)


SITE: Table = {
    "format": format_number.about("The version of the record format in this folder."),
    "title": required.about("The name of the site."),
    "description": text.about("A sentence or two, for the home page, search engines and feeds."),
    "base_url": base_url.about("Where the site will live: https://host/path/. Feeds and the sitemap need it."),
    "repository": web_link.about('Web address of the Git repository, for "Suggest a change".'),
    "branch": required.about("The branch that is published (default: main)."),
    "language": language.about("Language of the site's texts: en, de, pt-BR, ..."),
    "author": text.about("Who keeps the list."),
    "contact": text.about("E-mail or web address that enrich tells the services it asks; published nowhere."),
    "show_abstracts": boolean.about("Whether paper pages show abstracts, where there are some (default: true)."),
}
TOPIC: Table = {
    "slug": slug.about("Its address: lower-case letters, digits and single hyphens."),
    "name": required.about("Its heading."),
    "scope": text.about("What belongs in it, in a sentence."),
    "aliases": texts.about("Synonyms and acronyms that find it in the search."),
    "redirect_from": slugs.about("Its old addresses. One that several topics name was split: its page offers all."),
    "terms": terms.about("Words and phrases that speak for it in a title or abstract; `phrase: 2` counts double."),
    "not": texts.about("Words and phrases that speak against it."),
    "weight": weight.about("Above 1 for a special subject that beats a technique when a paper has both."),
}
GROUP: Table = {
    "group": required.about("The heading of the group."),
    "slug": slug.about("The group's name in addresses."),
    "topics": items.about("Its topics, in the order of the site."),
}
WORDS: Table = {
    "tldr": text.about("The paper in one sentence."),
    "summary": text.about("The paper in a few sentences."),
    "keywords": texts.about("What a reader would search by."),
}

TOPIC_NAME, PAPER_NAME = {"$ref": "#/definitions/topic"}, {"$ref": "#/definitions/paper"}
topic_names = Reader(texts.read, {"type": "array", "items": TOPIC_NAME, "uniqueItems": True, "minItems": 1})
paper_name = Reader(required.read, PAPER_NAME)
paper_names = Reader(texts.read, {"type": "array", "items": required.schema, "uniqueItems": True})

_FITTING: Table = {
    "title": required,
    "published": or_nothing(partial_date),
    "arxiv_id": or_nothing(arxiv_id),
    "doi": or_nothing(doi),
    "url": or_nothing(web_link),
    "pdf_url": or_nothing(web_link),
    "code_urls": web_links,
}
_PLAIN: dict[object, Reader[Any]] = {str: text, tuple[str, ...]: texts}
_OURS = ("slug", "enriched", "sources", "extra")
"""Fields of a record that only the program writes."""
CORRECTIONS: Table = {
    field.name: _FITTING.get(field.name, _PLAIN[field.type]).about(f"Corrects the record's {field.name}.")
    for field in msgspec.structs.fields(Paper)
    if field.name not in _OURS
}
FOR_PEOPLE: Table = {
    "why": text.about("The reason, shown on the paper's page."),
    "by": text.about("Who decided."),
    "date": date.about("When: YYYY-MM-DD."),
}
OVERRIDE: Table = {
    "topics": topic_names.about("All its topics, the primary one first.", maxItems=MOST_TOPICS),
    "add": topic_names.about("Topics beside those that are found by its words."),
    "remove": topic_names.about("Topics that it should not stand under."),
    "pin": boolean.about("List it first under its topics."),
    "hide": boolean.about("Leave it out of everything."),
    "note": text.about("A remark, shown on its page."),
    "links": links.about('More links: URLs, or "name: URL".'),
    "merge_into": paper_name.about("It is this other paper: both become one, and its address leads there."),
    "distinct_from": paper_names.about(
        "Papers that it is not, though they look alike: slug, arXiv id, DOI, title or FILE:POSITION."
    ),
    "slug": slug.about("A new address; the old one leads there."),
    "abstract": text.about("The whole abstract, where the imported one is cut off or wrong."),
    **FOR_PEOPLE,
    **CORRECTIONS,
}
BESIDE_MERGE = ("merge_into", *FOR_PEOPLE)
"""What an override may say of a paper that is merged into another."""
EXCLUDES = {"topics": ("add", "remove"), "merge_into": tuple(key for key in OVERRIDE if key not in BESIDE_MERGE)}
"""Keys that leave no room for others."""
