-- Changes of one object above a version, up to another, newest first.
-- name: changes_between (object code, object_id id, above count, upto count) many
SELECT h.version, h.fields FROM change h
 WHERE h.tenant = $tenant AND h.object = $object AND h.object_id = $object_id AND h.version > $above AND h.version <= $upto ORDER BY h.version DESC;

-- Rows of a run that may still be taken back.
-- name: action_rows_of (run_id id) many
SELECT r.* FROM action_row r WHERE r.tenant = $tenant AND r.run_id = $run_id AND r.undone_at = 0 ORDER BY r.object_id;

-- name: action_row_undone (run_id id, object_id id, at time_ms) exec
UPDATE action_row SET undone_at = $at WHERE tenant = $tenant AND run_id = $run_id AND object_id = $object_id AND undone_at = 0;

-- Rules and macros that do something, to look among what they do.
-- name: action_rules () many
SELECT r.name, r.object, r.actions FROM rule r WHERE r.tenant = $tenant AND r.archived_at = 0 AND r.state <> 'off' ORDER BY r.place, r.id LIMIT 1000;

-- name: action_macros () many
SELECT m.name, m.record AS object, m.actions FROM macro m WHERE m.tenant = $tenant AND m.archived_at = 0 ORDER BY m.id LIMIT 1000;
