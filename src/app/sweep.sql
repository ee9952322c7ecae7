-- What was done by itself, kept for a while. $before is the first id of that time: ids grow with it, so the primary key finds the oldest.
-- name: old_rule_runs (before id, most count) exec
DELETE FROM rule_run WHERE rule_run.tenant = $tenant AND id IN (SELECT r.id FROM rule_run r WHERE r.tenant = $tenant AND r.id < $before ORDER BY r.id LIMIT $most);

-- Jobs that people dropped: their time is when.
-- name: old_dropped_jobs (before time_ms, most count) exec
DELETE FROM job WHERE job.tenant = $tenant
   AND id IN (SELECT j.id FROM job j WHERE j.tenant = $tenant AND j.state = 'dropped' AND j.run_at < $before ORDER BY j.run_at, j.id LIMIT $most);

-- name: old_deliveries (before id, most count) exec
DELETE FROM webhook_delivery WHERE webhook_delivery.tenant = $tenant
   AND id IN (SELECT d.id FROM webhook_delivery d WHERE d.tenant = $tenant AND d.id < $before ORDER BY d.id LIMIT $most);

-- name: old_notices (before id, most count) exec
DELETE FROM notification WHERE notification.tenant = $tenant
   AND id IN (SELECT n.id FROM notification n WHERE n.tenant = $tenant AND n.id < $before ORDER BY n.id LIMIT $most);

-- name: old_action_rows (before id, most count) exec
DELETE FROM action_row WHERE action_row.tenant = $tenant
   AND run_id IN (SELECT a.id FROM action_run a WHERE a.tenant = $tenant AND a.id < $before ORDER BY a.id LIMIT $most);

-- name: old_action_runs (before id, most count) exec
DELETE FROM action_run WHERE action_run.tenant = $tenant
   AND id IN (SELECT a.id FROM action_run a WHERE a.tenant = $tenant AND a.id < $before ORDER BY a.id LIMIT $most);

-- How many of these there are, each counted up to a limit.
-- name: old_runs_count (before id, at time_ms, most count) one
SELECT (SELECT count(*) FROM (SELECT r.id FROM rule_run r WHERE r.tenant = $tenant AND r.id < $before ORDER BY r.id LIMIT $most) a)
     + (SELECT count(*) FROM (SELECT d.id FROM webhook_delivery d WHERE d.tenant = $tenant AND d.id < $before ORDER BY d.id LIMIT $most) b)
     + (SELECT count(*) FROM (SELECT n.id FROM notification n WHERE n.tenant = $tenant AND n.id < $before ORDER BY n.id LIMIT $most) e)
     + (SELECT count(*) FROM (SELECT u.id FROM action_run u WHERE u.tenant = $tenant AND u.id < $before ORDER BY u.id LIMIT $most) f)
     + (SELECT count(*) FROM (SELECT j.id FROM job j WHERE j.tenant = $tenant AND j.state = 'dropped' AND j.run_at < $at ORDER BY j.run_at, j.id LIMIT $most) g)
     + (SELECT count(*) FROM (SELECT m.id FROM model_call m WHERE m.tenant = $tenant AND m.id < $before ORDER BY m.id LIMIT $most) h) AS n:i64;

-- name: old_model_calls (before id, most count) exec
DELETE FROM model_call WHERE model_call.tenant = $tenant
   AND id IN (SELECT d.id FROM model_call d WHERE d.tenant = $tenant AND d.id < $before ORDER BY d.id LIMIT $most);
