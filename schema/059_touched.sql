-- When somebody of the company last did something about a ticket: what its customer adds does not make it looked at.
ALTER TABLE ticket ADD COLUMN touched_at time_ms NOT NULL DEFAULT 0;
UPDATE ticket SET touched_at = updated_at;
UPDATE rule SET condition = replace(condition, 'age(updated_at)', 'age(touched_at)')
 WHERE object = 'ticket' AND cause = 'time' AND name IN ('24 小时未处理', '24 小时未审核', '预约 24 小时未确认');

-- How a call ended.
ALTER TABLE task ADD COLUMN outcome code NOT NULL DEFAULT '';

-- What is open and has a time is looked at when it comes.
INSERT INTO job (tenant, id, kind, run_at, unique_key)
SELECT tenant, id, 'task.due', due_at, CAST(id AS text) || '/' || CAST(due_at AS text) FROM task
 WHERE state = 'open' AND archived_at = 0 AND due_at < 253402300799999;
