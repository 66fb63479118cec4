"""Imported once by the fork server of `web.composing`: loads the solver and compiles its kernels, or reads them."""

from __future__ import annotations

import matcher.engine
import matcher.repairing
from matcher.search.chain import warm_up

assert matcher.engine
assert matcher.repairing
warm_up()
