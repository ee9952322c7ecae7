-- Marks of demo rows, and what else hangs on a row that is no record.

-- name: demo_marks_among (ids id[]) many hot
SELECT d.object_id FROM demo_mark d WHERE d.tenant = $tenant AND d.object_id IN ($ids);

-- name: demo_mark_first () many hot
SELECT d.place FROM demo_mark d WHERE d.tenant = $tenant ORDER BY d.place LIMIT 1;

-- Whether an object is of the demo, or the one that a key is of.
-- name: demo_hides_of (object_id ref, key key_id) many hot
SELECT d.object_id AS id:id FROM demo_mark d WHERE d.tenant = $tenant AND d.object_id = $object_id
UNION ALL
SELECT e.object_id FROM pii_key k JOIN demo_mark e ON (e.tenant, e.object_id) = (k.tenant, k.object_id)
 WHERE k.tenant = $tenant AND e.tenant = $tenant AND k.key = $key;

-- From the newest on.
-- name: demo_marks_before (before id, most count) many
SELECT d.object_id, d.record, d.place FROM demo_mark d WHERE d.tenant = $tenant AND d.place < $before ORDER BY d.place DESC LIMIT $most;

-- In the order in which they came.
-- name: demo_marks_of (record code, most count) many
SELECT d.object_id FROM demo_mark d WHERE d.tenant = $tenant AND d.record = $record ORDER BY d.place LIMIT $most;

-- name: demo_mark_counts () many
SELECT d.record, count(*) AS rows:i64 FROM demo_mark d WHERE d.tenant = $tenant GROUP BY d.record ORDER BY d.record;

-- name: demo_marks_drop () exec
DELETE FROM demo_mark WHERE tenant = $tenant;

-- A merge with a row of the company's own, not taken back: its keys and comments lie in the other.
-- name: demo_merged_with_own (record code, winner id, loser id) many
SELECT m.id AS id:id FROM merge m WHERE m.tenant = $tenant AND m.record = $record AND m.winner_id = $winner AND m.undone_at = 0
   AND NOT EXISTS (SELECT d.place FROM demo_mark d WHERE d.tenant = $tenant AND d.object_id = m.loser_id)
UNION ALL
SELECT n.id FROM merge n WHERE n.tenant = $tenant AND n.record = $record AND n.loser_id = $loser AND n.undone_at = 0
   AND NOT EXISTS (SELECT e.place FROM demo_mark e WHERE e.tenant = $tenant AND e.object_id = n.winner_id);

-- Under way, or given up.
-- name: demo_job (kind code) many
SELECT j.data, j.state FROM job j WHERE j.tenant = $tenant AND j.kind = $kind LIMIT 2;

-- Who loaded or removed, and what came of it; the newest first.
-- name: demo_last (object_id ref, most count) many
SELECT e.kind, e.at, e.data FROM event e WHERE e.tenant = $tenant AND e.object = 'demo' AND e.object_id = $object_id ORDER BY e.no DESC LIMIT $most;
