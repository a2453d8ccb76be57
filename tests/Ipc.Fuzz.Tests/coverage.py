"""Prints how many branches of the parsers of foreign bytes were taken. Usage: coverage.py coverage.cobertura.xml"""
import re
import sys
import xml.etree.ElementTree as tree

# Class, and the methods of it that parse; all of them where none is named.
PARSERS = [
    ("FrameHeader", ["TryRead"]),
    ("FrameEncoder", ["ReadHeaders"]),
    ("MessagePackReader", []),
    ("ControlReader", []),
    ("Greeting", ["TryRead"]),
    ("DirectoryMessage", ["TryRead", "TryReadNames"]),
    ("LaneDescription", ["TryRead"]),
    ("RingReader", [".ctor", "Refresh", "ReadRecord", "ReadPiece", "BeginAssembly", "TryReadHeader", "ReadReference", "BeginUse", "DeliverInherited"]),
    ("FrameSegmentTable", ["TryBegin"]),
    ("LedgerSegment", ["IsLegalPlace", "IsInSegment", "Kept"]),
    ("LedgerStore", ["Adopt", "FindInherited"]),
    ("LedgerSalvage", []),
    ("PostMortem", []),
    ("AbandonedInbox", []),
]


def count(methods, wanted):
    """Branches taken and there, and the lines where one was not."""
    taken = there = 0
    missing = []
    for method in methods:
        if wanted and method.get("name") not in wanted:
            continue
        for line in method.iter("line"):
            found = re.search(r"\((\d+)/(\d+)\)", line.get("condition-coverage") or "")
            if found:
                taken += int(found[1])
                there += int(found[2])
                if found[1] != found[2]:
                    missing.append(line.get("number"))
    return taken, there, missing


classes = {}
for item in tree.parse(sys.argv[1]).iter("class"):
    classes.setdefault(item.get("name").split(".")[-1], []).extend(item.iter("method"))

all_taken = all_there = 0
print(f"{'parser':58} {'branches':>11}         lines with a branch that was not taken")
for name, wanted in PARSERS:
    if name not in classes:
        sys.exit(f"{name} is not in the report: was it renamed?")
    for part in wanted or [None]:
        taken, there, missing = count(classes[name], [part] if part else [])
        all_taken += taken
        all_there += there
        share = f"{100 * taken / there:5.1f} %" if there else "      -"
        print(f"{name + ('.' + part if part else ''):58} {taken:5}/{there:<5} {share} {' '.join(missing)}")
print(f"{'parser branch coverage':58} {all_taken:5}/{all_there:<5} {100 * all_taken / all_there:5.1f} %")
