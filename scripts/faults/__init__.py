"""Faults at every system call by which `laurels issue` and `laurels build` change a file, and what is left after each.

A first run under strace lists the calls. Then, for each call, a run of its own is killed at it, or told by it that the disk fails or is
full (strace's injection). What is left must be sound, and the same command once more must complete it."""
