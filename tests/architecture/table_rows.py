#!/usr/bin/env python3
"""Every row of these tables has tests: what happens, and which tests make it happen.

    table_rows.py SOURCE_TREE

A test is one of GoogleTest's, a behaviour of real containers (docker.FILE.FUNCTION), or a test that is a file.
"""
import pathlib
import re
import sys

# Page and heading of a table; its rows by their first cell.
TABLES = {
    ("docs/exit-status.md", "# Exit status"): {
        "Told to end (TERM, INT, QUIT, `modctl shutdown`), everything stopped in time": [
            "ExitStatus.IsZeroWhenEverythingStoppedInTime", "ExitStatus.IsZeroWhenAClientEndsIt"],
        "The same, but something had to be killed": [
            "ExitStatus.TellsThatSomethingHadToBeKilled", "ExitStatus.TheDeadlineOfAShutdownBeatsStopwaitsecs",
            "ExitStatus.OfSupervisordIsZeroWhateverHadToBeKilled"],
        "Told a second time: what is left is killed at once": [
            "ExitStatus.ASecondTermKillsAtOnce", "ExitStatus.ASecondTermOfSupervisordHurriesNobody"],
        "A program with `on_exit=shutdown` ended by itself with status N, or by signal S": [
            "ExitStatus.IsThatOfAProgramThatDecides", "ExitStatus.Is128AndTheSignalOfAProgramThatDecides",
            "ExitStatus.OfSupervisordIsThatOfAProgramThatDecidesToo"],
        "A program became FATAL, and `on_fatal=shutdown`, `on_exit=shutdown` or `exit_on=any_fatal`": [
            "ExitStatus.IsThatOfAFatalProgramWhereOneOfThreeRulesSaysSo", "ExitStatus.OfAFatalProgramIsNeverZero",
            "ExitContract.FatalEndsWhereOneOfThreeSaysSo"],
        "The same, and it never ran (not found, not executable, unknown user ...)": [
            "ExitStatus.Is127WhenTheProgramNeverRan"],
        "`exit_on=all_exited` and the last program ended": [
            "ExitStatus.IsTheFirstFailureWhenAllHaveEnded",
            "ExitContract.AllExitedWaitsForTheLastOneAndReportsTheFirstFailure"],
        "Bad option, bad configuration, a server that cannot be opened": [
            "ExitStatus.IsTwoForABadConfigurationOrOption", "ExitStatus.IsTwoForAServerThatCannotBeOpened"],
        "`--subreaper`, and orphans cannot be adopted": ["Subreaper.TheDaemonInsistsToo"],
        "Internal failure": ["ExitStatus.IsOneForAnInternalFailure"],
    },
    ("docs/process-one.md", "## Status"): {
        "COMMAND ended, by itself or because of a stop": [
            "MyInit.RunsScriptsInOrderThenTheMainCommandWhoseStatusItTakes",
            "MyInit.ASignalledMainCommandIs128AndTheSignal", "MyInit.AMainCommandThatIsNotThereIs127",
            "MyInitStatus.OfAMainCommandThatMayNotBeExecutedIs126",
            "MyInitStatus.OfAMainCommandThatEndsWellOnTermIsZero",
            "MyInitStatus.OfAMainCommandDoesNotTellWhatElseHadToBeKilled",
            "MyInitStatus.OfACommandIsNotChangedByAShutdownScript",
            "MyInitStatus.ASecondTermKillsTheMainCommandAtOnce",
            "ShutdownDeadline.WhoeverIgnoresTermEverythingEndsInTimeAndIsNamed"],
        "a program decided, also beside COMMAND": [
            "MyInitStatus.IsThatOfAProgramThatDecidesAlsoBesideAMainCommand"],
        "no COMMAND": [
            "MyInit.WithoutAMainCommandAStopIsClean", "ShutdownDeadline.ADaemonsProgramThatHadToBeKilledIs124",
            "MyInitStatus.ASecondTermKillsProgramsAtOnce"],
        "a start-up script failed": [
            "MyInit.AFailedScriptEndsTheBootWithItsStatus", "MyInit.AScriptWithoutInterpreterFailsTheBoot",
            "MyInitStatus.OfAStartUpScriptIs128AndTheSignal",
            "MyInitStatus.OfAStartUpScriptIs127WithoutItsInterpreter"],
        "stopped during a start-up script": [
            "MyInit.AStopInterruptsTheBoot", "MyInit.AScriptThatIgnoresTheStopIsKilledInTime"],
        "bad option, bad configuration": [
            "MyInit.UsageErrorsStartNothing", "MyInit.AMistakeInTheConfigurationEndsItWith2",
            "MyInitStatus.IsOneWithoutServicesAndWithoutCommand",
            "Subreaper.WhereItIsForbiddenItGoesOnWithoutUnlessItIsAskedFor"],
        "only a shutdown script failed": [
            "MyInitStatus.IsThatOfAShutdownScriptIfAllElseWasWell",
            "ShutdownDeadline.AShutdownScriptThatHangsIsTheStatusIfAllElseWasWell"],
        "internal failure": ["MyInitStatus.IsOneForAnInternalFailure"],
    },
    ("docs/notifications.md", "## Compared with Navi 1.0.0"): {
        "N1: events of one second replace each other": [
            "NaviProgram.KeepsEventsOfOneSecondApart", "NoticeWriter.GivesNoticesOfOneSecondNamesOfTheirOwn",
            "Notices.OfTheSameSecondDoNotReplaceEachOther"],
        "N2: cannot see a kill for want of memory": ["docker.memory.eater", "docker.memory.two_at_once"],
        "N3: a crash during start-up goes unseen with its usual subscription": [
            "Notices.TellOfACrashDuringStartUp"],
        "N4: an event without payload ends it for good": [
            "NaviProgram.TakesAnEventWithoutPayload", "Notice.TakesAnEmptyPayload"],
        "N5: a token without a colon ends it": [
            "NaviProgram.TakesTokensWithoutOrWithManyColons", "Notice.TakesTokensOfAnyForm"],
        "N6: a value is cut at its second colon": [
            "NaviProgram.TakesTokensWithoutOrWithManyColons", "Notice.TakesTokensOfAnyForm"],
        "N7: events above 4096 bytes are padded, and the rest becomes part of the next one": [
            "NaviProgram.TakesLargeEventsWhole"],
        "N8: a payload that comes in pieces is not read to its end": [
            "NaviProgram.TakesAPayloadThatComesInPieces"],
        "N9: a wrong `len` pads, panics, or ends it as if all were well": [
            "NaviProgram.WritesNothingForHalfAnEvent",
            "NaviProgram.FailsVisiblyWhenItCannotUnderstandTheInput"],
        "N10: a folder that cannot be written to ends it with status 0, for good": [
            "NaviProgramWithoutDirectory.KeepsNoticesUntilItCanWriteThem",
            "NaviProgramWithoutDirectory.RefusesWhatItCannotKeep",
            "NoticesFolder.ThatIsMissingForTooManyTellsHowManyAreLost"],
        "N11: readers see half-written files": [
            "tests/notices/killed_anytime", "NoticeWriter.LeavesNothingBehindWhenNoNameIsFree"],
        "N12: the folder grows without limit": [
            "NoticeWriter.RemovesTheOldestBeyondANumberOfFiles", "NoticeWriter.RemovesTheOldestBeyondASize"],
        "N13: a crash loop writes for ever": [
            "Notices.AreLimitedForEachProgramAndKind",
            "NoticeRate.WritesSoManyInAWindowAndTellsHowManyItLeftOut"],
        "N14: local time, with a varying number of digits": ["UtcTimestamp.AlwaysHasNineDigits"],
        "N15: its usage text goes to the protocol's channel": [
            "NaviProgramOptions.AUsageErrorDoesNotTouchTheProtocolChannel"],
        "N16: of equal keys the last one counts, and nothing says so": [
            "NaviProgram.SaysThatAKeyOccursTwice", "Notice.OfEqualKeysTheLastCounts"],
        "N17: the application may delete, alter and forge what is said of it": [
            "Notices.OfAnotherUserAreOutOfTheProgramsReach"],
    },
}


def first_cells(text, heading):
    """Of the first table behind a heading, without its head."""
    section = text[text.index(heading + "\n"):]
    table = re.search(r"^\|(?:.*\n\|)+.*", section, re.MULTILINE).group()
    return [line.split("|")[1].strip() for line in table.splitlines()[2:]]


def main():
    tree = pathlib.Path(sys.argv[1])
    tests = set()
    for source in tree.glob("tests/**/*_test.cc"):
        tests |= {".".join(name) for name in
                  re.findall(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)", source.read_text(), re.MULTILINE)}
    for source in tree.glob("tests/docker/*.py"):
        tests |= {f"docker.{source.stem}.{name}" for name in
                  re.findall(r"^@behaviour\(.*\)\ndef (\w+)", source.read_text(), re.MULTILINE)}
    problems = []
    for (page, heading), rows in TABLES.items():
        written = first_cells((tree / page).read_text(), heading)
        problems += [f"{page}: '{row}' has no test" for row in written if row not in rows]
        problems += [f"{page}: there is no row '{row}'" for row in rows if row not in written]
        problems += [f"{page}: '{row}': there is no test {test}"
                     for row, names in rows.items() for test in names
                     if test not in tests and not ("/" in test and (tree / test).is_file())]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
