-- Stamps of what companies define.
-- name: definition_stamp (id id, stamp count) exec
INSERT INTO definition (tenant, id, stamp) VALUES ($tenant, $id, $stamp)
ON CONFLICT (tenant, id) DO UPDATE SET stamp = excluded.stamp;
