#!/usr/bin/env python3
"""Names the failed tests of trx files: a line each, with the start of its message and the first line of its stack that is a test's."""
import sys
import xml.etree.ElementTree as tree

NAMESPACE = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"


def text(result, path):
    found = result.find("/".join(NAMESPACE + part for part in path.split("/")))
    return found.text.strip() if found is not None and found.text else ""


for name in sys.argv[1:]:
    for result in tree.parse(name).iter(NAMESPACE + "UnitTestResult"):
        if result.get("outcome") != "Failed":
            continue
        message = " ".join(text(result, "Output/ErrorInfo/Message").split())[:600]
        stack = text(result, "Output/ErrorInfo/StackTrace").splitlines()
        place = next((line.strip() for line in stack if ".Tests." in line), "")
        print(f"{result.get('testName')}: {message} [{place[:300]}]")
