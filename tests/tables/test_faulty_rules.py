"""[[rule]] tables with everything that can be wrong in them."""

import pytest

from matcher.rules import KNOWN
from tests.tables.folder import GOOD, Folder

FORMAT = GOOD["format.toml"]
RULE = FORMAT.count("\n") + 1
PRICE = "weight = the price of one breach in units of bridging"

CASES = {
    "name = 'never_alon'\nfirm = true": [
        "1:rule.name: unknown rule 'never_alon'; did you mean 'never_alone'? known: " + ", ".join(KNOWN)
    ],
    "firm = true": ["0:rule.name: a rule without a name; known: " + ", ".join(KNOWN)],
    "name = 3": ["1:rule.name: '3' is not a text of 1 to 200 characters; write for instance \"dialoog\""],
    "name = 'never_alone'\nfirm = true\ndimension = 'agee'": [
        "3:rule.dimension: unknown dimension 'agee'; did you mean 'age'? known: age, colour (columns of people.csv)"
    ],
    "name = 'never_alone'\nfirm = true": [
        "0:rule: never_alone needs 'dimension'; add dimension = a column of people.csv, or \"*\" for all"
    ],
    "name = 'never_alone'\ndimension = 'age'": [
        f"0:rule: never_alone is neither firm nor weighted; add firm = true or {PRICE}"
    ],
    "name = 'never_alone'\ndimension = 'age'\nfirm = true\nweight = 2": [
        "4:rule.weight: a rule is firm or has a weight, not both; leave out firm or weight"
    ],
    "name = 'outspoken_cap'\nweight = -inf": [
        "2:rule.weight: '-inf' is not a number of 0 or more; write for instance 0.5"
    ],
    "name = 'outspoken_cap'\nweight = nan": [
        "2:rule.weight: 'nan' is not a number of 0 or more; write for instance 0.5"
    ],
    "name = 'outspoken_cap'\nweight = true": [
        "2:rule.weight: 'true' is not a number of 0 or more; write for instance 0.5"
    ],
    "name = 'share_cap'\ndimension = 'age'\nshar = 0.5\nshare = 'x'\nfirm = 'yes'": [
        "3:rule.shar: unknown key of share_cap 'shar'; did you mean 'share'?"
        " known: name, firm, weight, dimension, share",
        "4:rule.share: 'x' is not a number of 0 or more; write for instance 0.5",
        "5:rule.firm: 'yes' is not true or false; write true or false",
    ],
    "name = 'balance'\nfirm = true": [f"2:rule.firm: balance cannot be firm; write {PRICE}"],
    "name = 'size'\nweight = 1": ["2:rule.weight: size can only be firm; write firm = true"],
    "name = 'common_ground'\nweight = 1\non = ['age', 'shoe']": [
        "3:rule.on: unknown dimension 'shoe'; known: interests, languages, age, colour (columns of people.csv)"
    ],
    "name = 'outspoken_cap'\nfirm = true\nmost = -1": [
        "3:rule.most: '-1' is not a whole number of 0 or more; write for instance 5"
    ],
    "name = 'outspoken_cap'\nfirm = true\nmost = true": [
        "3:rule.most: 'true' is not a whole number of 0 or more; write for instance 5"
    ],
    "name = 'outspoken_cap'\nfirm = true\n[[rule]]\nname = 'outspoken_cap'\nfirm = true": [
        "3:rule: the rule 'outspoken_cap' stands here twice; leave one of them out"
    ],
}


@pytest.mark.parametrize(("rule", "told"), CASES.items())
def test_every_fault_of_a_rule_is_told(folder: Folder, rule: str, told: list[str]) -> None:
    folder.write({"format.toml": f"{FORMAT}[[rule]]\n{rule}\n"})
    lines = (line.partition(":") for line in told)
    assert folder.faults() == [f"format.toml:{RULE + int(row)}:{rest}" for row, _, rest in lines]


def test_all_rules_are_read_at_once(folder: Folder) -> None:
    folder.write({"format.toml": FORMAT + "".join(f"[[rule]]\n{rule}\n" for rule in CASES)})
    assert len(folder.faults()) == sum(len(told) for told in CASES.values())
