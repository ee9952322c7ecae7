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
