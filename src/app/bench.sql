-- The last ticket and what it wrote.
-- name: bench_ticket (id id) many
SELECT t.* FROM ticket t WHERE t.tenant = $tenant AND t.id = $id;

-- name: bench_outbox (object_id ref) many
SELECT o.* FROM outbox o WHERE o.tenant = $tenant AND o.object_id = $object_id ORDER BY o.created_at DESC LIMIT 1;

-- name: bench_idempotency () many
SELECT i.* FROM idempotency i WHERE i.tenant = $tenant ORDER BY i.created_at DESC LIMIT 1;

-- name: bench_jobs () many
SELECT j.* FROM job j WHERE j.tenant = $tenant ORDER BY j.id DESC LIMIT 1;

-- name: bench_doc (object_id id) many
SELECT s.* FROM search_doc s WHERE s.tenant = $tenant AND s.object = 'ticket' AND s.object_id = $object_id;

-- name: bench_events (from_no count) many
SELECT e.* FROM event e WHERE e.tenant = $tenant AND e.no > $from_no ORDER BY e.no LIMIT 8;

-- name: bench_last_ticket () many
SELECT t.id FROM ticket t WHERE t.tenant = $tenant ORDER BY t.created_at DESC, t.id DESC LIMIT 1;

-- name: bench_tickets () one
SELECT count(*) AS n:i64 FROM ticket t WHERE t.tenant = $tenant;

-- Tickets that have no clock yet, for as many to come due at once.
-- name: bench_unclocked (most count) many
SELECT t.id FROM ticket t WHERE t.tenant = $tenant AND NOT EXISTS (SELECT 1 FROM service_clock k WHERE k.tenant = t.tenant AND k.object = 'ticket' AND k.object_id = t.id)
 ORDER BY t.id LIMIT $most;

-- All clocks of the bench's own measure begin anew and are due at one instant.
-- name: bench_clocks_due (at time_ms) exec
UPDATE service_clock SET due_at = $at, next_at = $at + 1, step = 75, breached_at = 0 WHERE tenant = $tenant AND measure = 'bench';

-- name: bench_clocks_told () one
SELECT count(*) AS n:i64, (SELECT count(*) FROM service_clock a WHERE a.tenant = $tenant AND a.measure = 'bench') AS clocks:i64,
       CAST(coalesce(max(e.at), 0) AS bigint) AS last:i64
  FROM service_clock_event e JOIN service_clock k ON (k.tenant, k.id) = (e.tenant, e.clock_id)
 WHERE e.tenant = $tenant AND k.measure = 'bench' AND e.kind = 'breached';

-- name: bench_clocks_forget () exec
DELETE FROM service_clock_event WHERE tenant = $tenant AND kind = 'breached';

-- A company that works: what rules make for its rows is no demo.
-- name: bench_demo_forget () exec
DELETE FROM demo_mark WHERE tenant = $tenant;

-- name: bench_rules_off () exec
UPDATE rule SET state = 'off' WHERE tenant = $tenant AND state = 'on';

-- Events that were put in by hand are counted, and followers are told that they have seen them.
-- name: bench_events_are (no count) exec
UPDATE tenant_counter SET event_no = $no WHERE tenant = $tenant;

-- name: bench_lane_is (pos count) exec all_tenants "the bench has one company"
UPDATE lane SET pos = $pos WHERE lane = 0;

-- name: bench_followers_are (pos count) exec all_tenants "the bench has one company"
UPDATE follower_cursor SET pos = $pos WHERE lane = 0;

-- A message as it lies there, for as many like it.
-- name: bench_message () many
SELECT m.* FROM message m WHERE m.tenant = $tenant AND m.actor_kind = 2 ORDER BY m.id DESC LIMIT 1;
