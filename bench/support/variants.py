"""The variants that a bench takes when none is named: six on an x86-64 machine."""

import os

from support import call

_FILTERS = ("accelerator==cpu && feasible", "accelerator==cuda && feasible && (sm==90 || sm==120) && isa=='avx2'")


def of_simdkernels(program, home):
    """The simdkernels CPU variants of this machine's platform and two CUDA ones, "simdkernels/cpu-avx2" and so on."""
    platform = os.uname().machine + "-linux"
    names = []
    for wanted in _FILTERS:
        listed = call.answer(program, home, "list", "--product", "simdkernels", wanted)
        names += ["simdkernels/" + one["short_name"] for one in listed if one["platform"] == platform]
    return names
