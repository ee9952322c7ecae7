-- Jobs of a company by state, the one that is due first in front.
-- name: job_page (state code, at time_ms, after ref, most i64) many
SELECT j.id, j.kind, j.run_at, j.attempts, j.last_error FROM job j
 WHERE j.tenant = $tenant AND j.state = $state AND (j.run_at > $at OR (j.run_at = $at AND j.id > $after))
 ORDER BY j.run_at, j.id LIMIT $most;

-- name: job_page_of_kind (kind code, state code, at time_ms, after ref, most i64) many
SELECT j.id, j.kind, j.run_at, j.attempts, j.last_error FROM job j
 WHERE j.tenant = $tenant AND j.kind = $kind AND j.state = $state AND (j.run_at > $at OR (j.run_at = $at AND j.id > $after))
 ORDER BY j.run_at, j.id LIMIT $most;

-- What people did with jobs, newest first: few among the few of their area.
-- name: job_acts (before count, most i64) many hot
SELECT e.no, e.at, e.kind, e.object_id, e.data, e.actor_kind, e.actor_id FROM event e
 WHERE e.tenant = $tenant AND e.area = 'setting' AND e.area <> '' AND e.object = 'job' AND e.no < $before ORDER BY e.no DESC LIMIT $most;

-- name: jobs_of_company () many
SELECT j.kind, j.state, count(*) AS amount:count, min(j.run_at) AS first_at:time_ms FROM job j WHERE j.tenant = $tenant GROUP BY j.kind, j.state ORDER BY j.kind, j.state;

-- name: outbox_recent (state code, since time_ms, most i64) many
SELECT o.id FROM outbox o WHERE o.tenant = $tenant AND o.state = $state AND o.created_at > $since ORDER BY o.created_at, o.id LIMIT $most;
