-- The newest link of the chain, if there is one.
-- name: audit_last_link () many hot
SELECT l.no, l.first, l.at, l.mac, l.signature FROM audit_link l WHERE l.tenant = $tenant ORDER BY l.no DESC LIMIT 1;

-- name: audit_start_row () many hot
SELECT s.* FROM audit_start s WHERE s.tenant = $tenant;

-- name: audit_links_after (after count, most i64) many hot
SELECT l.* FROM audit_link l WHERE l.tenant = $tenant AND l.no > $after ORDER BY l.no LIMIT $most;

-- name: audit_link_at (no count) many hot
SELECT l.mac FROM audit_link l WHERE l.tenant = $tenant AND l.no = $no;

-- name: audit_events_after (after count, most i64) many hot
SELECT e.* FROM event e WHERE e.tenant = $tenant AND e.no > $after ORDER BY e.no LIMIT $most;

-- name: audit_changes_after (object code, object_id ref, version count, most i64) many
SELECT h.* FROM change h WHERE h.tenant = $tenant AND (h.object, h.object_id, h.version) > ($object, $object_id, $version)
 ORDER BY h.object, h.object_id, h.version LIMIT $most;

-- name: audit_readings_after (id ref, most i64) many
SELECT r.* FROM reading r WHERE r.tenant = $tenant AND r.id > $id ORDER BY r.id LIMIT $most;

-- name: audit_change_there (object code, object_id id, version count) many hot
SELECT h.version FROM change h WHERE h.tenant = $tenant AND h.object = $object AND h.object_id = $object_id AND h.version = $version;

-- name: audit_reading_there (id id) many hot
SELECT r.id FROM reading r WHERE r.tenant = $tenant AND r.id = $id;

-- name: audit_companies () many all_tenants "each company has a chain"
SELECT t.tenant, t.code FROM tenant t ORDER BY t.tenant;

-- What auditors look at, newest first, from a number downwards; of one area, of one member of staff or program, of one object.
-- name: audit_page (before count, most i64) many hot
SELECT e.* FROM event e WHERE e.tenant = $tenant AND e.no < $before AND e.area <> '' ORDER BY e.no DESC LIMIT $most;

-- name: audit_page_of_area (area code, before count, most i64) many hot
SELECT e.* FROM event e WHERE e.tenant = $tenant AND e.area = $area AND e.area <> '' AND e.no < $before ORDER BY e.no DESC LIMIT $most;

-- name: audit_page_of_staff (actor ref, before count, most i64) many hot
SELECT e.* FROM event e WHERE e.tenant = $tenant AND e.actor_id = $actor AND e.actor_kind IN (1, 3) AND e.no < $before ORDER BY e.no DESC LIMIT $most;

-- name: audit_page_of_object (object code, object_id ref, before count, most i64) many hot
SELECT e.* FROM event e WHERE e.tenant = $tenant AND e.object = $object AND e.object_id = $object_id AND e.no < $before ORDER BY e.no DESC LIMIT $most;

-- When the newest event up to a number happened: numbers and times go up together.
-- name: audit_time_at (no count) many hot
SELECT e.no, e.at FROM event e WHERE e.tenant = $tenant AND e.no <= $no ORDER BY e.no DESC LIMIT 1;

-- name: audit_change_row (object code, object_id id, version count) many hot
SELECT h.reason, h.fields FROM change h WHERE h.tenant = $tenant AND h.object = $object AND h.object_id = $object_id AND h.version = $version;

-- name: audit_reading_row (id id) many hot
SELECT r.field, r.purpose FROM reading r WHERE r.tenant = $tenant AND r.id = $id;
