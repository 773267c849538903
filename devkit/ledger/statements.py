"""What is written to the ledger; every value is bound as a parameter, and saying a thing twice changes nothing."""

from __future__ import annotations

BEGIN_RUN = """\
INSERT INTO runs (mark, command, started, ending, head, devkit)
VALUES (:mark, :command, :started, :ending, :head, :devkit)
ON CONFLICT (mark) DO NOTHING"""
END_RUN = "UPDATE runs SET seconds = :seconds, ending = :ending WHERE mark = :mark"
PUT_TASK = """\
INSERT INTO tasks (run, name, stage, plugin, version, began, seconds, ending, reason, figures)
SELECT number, :name, :stage, :plugin, :version, :began, :seconds, :ending, :reason, :figures
FROM runs WHERE mark = :mark
ON CONFLICT (run, name) DO UPDATE
SET began = excluded.began, seconds = excluded.seconds, ending = excluded.ending, reason = excluded.reason,
    figures = excluded.figures"""
END_TASKS = """\
UPDATE tasks SET ending = 'interrupted', seconds = max(0, :seconds - began)
WHERE ending = 'running' AND run = (SELECT number FROM runs WHERE mark = :mark)"""

UNFINISHED_RUNS = "SELECT number, mark FROM runs WHERE ending = 'running'"
KILLED_RUN = "UPDATE runs SET ending = 'interrupted' WHERE number = ?"
KILLED_TASKS = "UPDATE tasks SET ending = 'interrupted' WHERE run = ? AND ending = 'running'"

NEWEST_START = "SELECT started FROM runs ORDER BY number DESC LIMIT 1"
DROP_OLDER = "DELETE FROM runs WHERE started < ? AND ending <> 'running'"
DROP_BEYOND = "DELETE FROM runs WHERE number <= (SELECT max(number) FROM runs) - ? AND ending <> 'running'"
DROP_BEYOND_TASKS = """\
DELETE FROM runs WHERE ending <> 'running'
AND number <= (SELECT run FROM tasks ORDER BY run DESC, name DESC LIMIT 1 OFFSET ?)"""
