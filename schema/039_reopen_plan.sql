-- A reopened ticket goes on by a new plan: what will be done, by when the customer was promised it, and which reopening it answers.
ALTER TABLE ticket ADD COLUMN new_plan text NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN plan_due_at time_ms NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN plan_round count NOT NULL DEFAULT 0;
-- What was reopened before there were plans goes on as it began.
UPDATE ticket SET plan_round = reopen_count WHERE reopen_count > 0;
