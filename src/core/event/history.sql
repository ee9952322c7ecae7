-- What changed in one object, newest first.
-- name: changes_of_object (object code, object_id id) many
SELECT h.version, h.at, h.actor_kind, h.actor_id, h.reason, h.fields FROM change h
 WHERE h.tenant = $tenant AND h.object = $object AND h.object_id = $object_id ORDER BY h.version DESC LIMIT 200;

-- Events of one object, or of several that became one, newest first, from a number downwards.
-- name: timeline_events (object code, object_ids id[], before count, most i64) many hot
SELECT e.no, e.object_id, e.kind, e.at, e.actor_kind, e.actor_id, e.data FROM event e
 WHERE e.tenant = $tenant AND e.object = $object AND e.object_id IN ($object_ids) AND e.no < $before
 ORDER BY e.no DESC LIMIT $most;

-- Events of a company after a number, for clients that were behind.
-- name: events_since (after count, most i64) many hot
SELECT e.* FROM event e WHERE e.tenant = $tenant AND e.no > $after ORDER BY e.no LIMIT $most;

-- name: event_last () many hot
SELECT k.event_no FROM tenant_counter k WHERE k.tenant = $tenant;
