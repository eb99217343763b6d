"""What overrides say of two papers: that they are one, or not; and new addresses, which only one paper can have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from sitegen.curate.names import Names
from sitegen.errors import Problem
from sitegen.model import Override, Paper
from sitegen.yamlio import List, Table, Text


class Rule(msgspec.Struct, frozen=True):
    """An entry of the file: its key, what stands below it (nothing, if that is topics alone), and what was read."""

    key: Text
    table: Table
    override: Override

    @property
    def what(self) -> str:
        return f'the override of "{self.key}"'

    def text(self, name: str) -> Text:
        """The text of a field, with its place."""
        value = self.table[Text(name)]
        assert isinstance(value, Text)
        return value


def relate(rules: Mapping[str, Rule], names: Names, problems: list[Problem]) -> dict[str, Override]:
    """The overrides, with the papers that they name resolved to the slugs of their records."""
    found = {slug: _resolved(slug, rule, names, problems) for slug, rule in rules.items()}
    for slug, override in found.items():
        rule = rules[slug]
        if override.merge_into:
            problems.extend(_merging(slug, rule, found))
        if override.address:
            problems.extend(_address(slug, rule, rules, names))
        if rule.override.distinct_from:
            problems.extend(_parting(slug, rule, found, rules, names))
    return found


def _resolved(slug: str, rule: Rule, names: Names, problems: list[Problem]) -> Override:
    if not rule.override.merge_into and not rule.override.distinct_from:
        return rule.override
    into = rule.override.merge_into and names.find(rule.text("merge_into"), problems)
    others = list[str]()
    for item in rule.table.get(Text("distinct_from"), ()) if rule.override.distinct_from else ():
        assert isinstance(item, Text)
        other = names.find_other(item, slug, problems)
        if other == slug:
            problems.append(
                Problem(
                    item.where,
                    f"{rule.what} parts it from itself",
                    "name the other paper, by its arXiv id, DOI or FILE:POSITION",
                )
            )
        elif other in others:
            problems.append(Problem(item.where, f'{rule.what} names "{item}" twice', "keep one"))
        elif other:
            others.append(other)
    return msgspec.structs.replace(rule.override, merge_into=into or "", distinct_from=tuple(others))


def _merging(slug: str, rule: Rule, found: Mapping[str, Override]) -> Iterator[Problem]:
    """Why a paper cannot be merged into another."""
    target, where = found[slug].merge_into, rule.text("merge_into").where
    chain = [slug]
    while target not in chain and (after := found.get(target)) and after.merge_into:
        chain.append(target)
        target = after.merge_into
    other = found.get(target)
    if target == slug and len(chain) == 1:
        yield Problem(where, f"{rule.what} merges it into itself", "name the other paper, or remove the rule")
    elif target in chain:
        way = " -> ".join([*chain[chain.index(target) :], target])
        yield Problem(where, f"{rule.what} merges in a circle: {way}", "remove the rule of the paper that stays")
    elif len(chain) > 1:
        yield Problem(where, f'"{chain[1]}" is itself merged into "{target}"', f"write merge_into: {target}")
    elif other and other.hide:
        yield Problem(where, f'"{target}" is hidden', f'hide "{slug}" too, in place of merging it, or show "{target}"')
    elif other and slug in other.distinct_from:
        hint = "remove one of the two rules"
        yield Problem(where, f'"{target}" is said to be distinct from it in line {other.line}', hint)


def _address(slug: str, rule: Rule, rules: Mapping[str, Rule], names: Names) -> Iterator[Problem]:
    """Why a paper cannot have its new address."""
    new, where = rule.override.address, rule.text("slug").where
    first = next((r for r in rules.values() if r.override.address == new), rule)
    if new == slug:
        return
    if new in names.papers:
        other = rules.get(new)
        hint = "choose another"
        if other and other.override.merge_into == slug:
            hint = f'merge the other way: give this paper "merge_into: {new}"'
        elif other and other.override.address:
            hint = f'choose another: the address leads to "{other.override.address}" now'
        yield Problem(where, f'the slug "{new}" is taken by "{names.papers[new].title}"', hint)
    elif first is not rule:
        message = f'the slug "{new}" is given in line {first.text("slug").where.line} already'
        yield Problem(where, message, "choose another")


def _parting(
    slug: str, rule: Rule, found: Mapping[str, Override], rules: Mapping[str, Rule], names: Names
) -> Iterator[Problem]:
    """What is odd about the papers that one is parted from."""
    items, paper = rule.table.get(Text("distinct_from")), names.papers.get(slug)
    if not isinstance(items, List) or paper is None:
        return
    for item in items:
        assert isinstance(item, Text)
        other = names.find_other(item, slug, []) or ""
        if other in found and slug in found[other].distinct_from and rules[other].key.where < rule.key.where:
            message = f'line {rules[other].key.where.line} says already that "{other}" is another paper'
            yield Problem(item.where, message, "one of the two is enough", "warning")
        elif other and other not in names.papers and _is_part(item, paper):
            files = " ".join(sorted({source.file for source in paper.sources}))
            message = f'"{item}" is still a part of "{slug}"'
            yield Problem(item.where, message, f'run "sitegen import" with all its files at once: {files}', "warning")
        elif other and other not in names.papers:
            yield Problem(item.where, f'no paper has "{item}" yet', "import the file that holds it", "warning")


def _is_part(name: str, paper: Paper) -> bool:
    """Whether a name means something of the record itself, which another paper gave it."""
    return name in paper.identifiers or name.rpartition(":")[0] in {source.file for source in paper.sources}
