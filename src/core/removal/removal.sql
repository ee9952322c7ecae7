-- What hangs on a row that is no record.

-- name: removal_merge_parts_drop (record code, id id) exec
DELETE FROM merge_part WHERE merge_part.tenant = $tenant AND merge_id IN (
  SELECT m.id FROM merge m WHERE m.tenant = $tenant AND m.record = $record AND m.winner_id = $id
  UNION ALL SELECT n.id FROM merge n WHERE n.tenant = $tenant AND n.record = $record AND n.loser_id = $id);

-- name: removal_merges_drop_winner (record code, id id) exec
DELETE FROM merge WHERE tenant = $tenant AND record = $record AND winner_id = $id;

-- name: removal_merges_drop_loser (record code, id id) exec
DELETE FROM merge WHERE tenant = $tenant AND record = $record AND loser_id = $id;

-- name: removal_clock_events_drop (object code, object_id id) exec
DELETE FROM service_clock_event WHERE service_clock_event.tenant = $tenant
   AND clock_id IN (SELECT k.id FROM service_clock k WHERE k.tenant = $tenant AND k.object = $object AND k.object_id = $object_id);

-- name: removal_clocks_drop (object code, object_id id) exec
DELETE FROM service_clock WHERE tenant = $tenant AND object = $object AND object_id = $object_id;

-- name: removal_notices_drop (object code, object_id ref) exec
DELETE FROM notification WHERE tenant = $tenant AND object = $object AND object_id = $object_id;

-- name: removal_watchers_drop (object code, object_id id) exec
DELETE FROM watcher WHERE tenant = $tenant AND object = $object AND object_id = $object_id;

-- Jobs of a kind whose keys begin with an object's name and id.
-- name: removal_jobs_drop (kind code, from_key code, to_key code) exec
DELETE FROM job WHERE tenant = $tenant AND kind = $kind AND unique_key >= $from_key AND unique_key < $to_key;

-- name: removal_keys_drop (object code, object_id id) exec
DELETE FROM pii_key WHERE tenant = $tenant AND object = $object AND object_id = $object_id;
