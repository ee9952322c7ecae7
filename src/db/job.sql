-- Jobs: work to be done later, one row each.

-- What is due, oldest first. A running job is due again when its lease is over: whoever had it is gone.
-- Besides: kinds that have as many calls under way as they may, and would fill the list.
-- name: jobs_due (at time_ms, besides code[], amount count) many all_tenants "the scheduler looks for whatever is due"
SELECT tenant, id, kind, state, run_at FROM job WHERE state IN ('waiting', 'running') AND run_at <= $at AND kind NOT IN ($besides)
 ORDER BY run_at, tenant, id LIMIT $amount;

-- One job per key: the earlier time and the newer data win, and a dead or dropped one lives again.
-- name: job_put (id id, kind code, run_at time_ms, unique_key code, data json) exec
INSERT INTO job (tenant, id, kind, run_at, unique_key, data) VALUES ($tenant, $id, $kind, $run_at, $unique_key, $data)
ON CONFLICT (tenant, kind, unique_key) DO UPDATE SET
  run_at = CASE WHEN job.state = 'waiting' AND job.run_at < excluded.run_at THEN job.run_at ELSE excluded.run_at END,
  state = 'waiting', attempts = 0, data = excluded.data;

-- name: job_move (id id, state code, run_at time_ms, attempts count, last_error text) exec
UPDATE job SET state = $state, run_at = $run_at, attempts = $attempts, last_error = $last_error
 WHERE tenant = $tenant AND id = $id;

-- name: job_counts () many all_tenants "a metric of the whole installation"
SELECT kind, state, count(*) AS amount:count, min(run_at) AS oldest:time_ms FROM job GROUP BY kind, state ORDER BY kind, state;

-- Whether work of this kind is still to come.
-- name: jobs_to_come (kind code) one
SELECT count(*) AS n:i64 FROM job j WHERE j.tenant = $tenant AND j.kind = $kind AND j.state NOT IN ('dead', 'dropped');

-- Whether work of this kind is being done.
-- name: jobs_running (kind code) one
SELECT count(*) AS n:i64 FROM job j WHERE j.tenant = $tenant AND j.kind = $kind AND j.state = 'running';
