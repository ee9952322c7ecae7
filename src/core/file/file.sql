-- name: uploads_open (actor_kind i64, actor_id ref, now time_ms) one hot
SELECT count(*) AS n:i64 FROM upload u
 WHERE u.tenant = $tenant AND u.actor_kind = $actor_kind AND u.actor_id = $actor_id AND u.expires_at > $now;

-- name: upload_grow (id id, start count, done count, expires_at time_ms) exec
UPDATE upload SET done = $done, expires_at = $expires_at WHERE tenant = $tenant AND id = $id AND done = $start;

-- name: uploads_past (now time_ms, most count) many
SELECT u.* FROM upload u WHERE u.tenant = $tenant AND u.expires_at <= $now ORDER BY u.expires_at, u.id LIMIT $most;

-- name: file_use_put (file_id id, object code, object_id id) exec
INSERT INTO file_use (tenant, file_id, object, object_id) VALUES ($tenant, $file_id, $object, $object_id)
    ON CONFLICT (tenant, file_id, object, object_id) DO NOTHING;

-- name: file_uses (file_id id) many hot
SELECT u.* FROM file_use u WHERE u.tenant = $tenant AND u.file_id = $file_id ORDER BY u.object, u.object_id LIMIT 100;

-- name: files_used_by (object code, object_id id) many hot
SELECT f.* FROM file_use u JOIN file f ON f.tenant = u.tenant AND f.id = u.file_id
 WHERE u.tenant = $tenant AND u.object = $object AND u.object_id = $object_id ORDER BY u.file_id LIMIT 1000;

-- name: file_use_drop (object code, object_id id) exec
DELETE FROM file_use WHERE tenant = $tenant AND object = $object AND object_id = $object_id;

-- Files that came in a span of time and that nothing holds.
-- name: files_unused (start time_ms, until time_ms, most count) many
SELECT f.* FROM file f
 WHERE f.tenant = $tenant AND f.created_at >= $start AND f.created_at < $until
   AND NOT EXISTS (SELECT u.file_id FROM file_use u WHERE u.tenant = f.tenant AND u.file_id = f.id)
 ORDER BY f.created_at, f.id LIMIT $most;

-- name: blob_needed (blob code, again code) many all_tenants "the orphan job asks whether anybody still needs a stored blob"
SELECT f.id AS id:id FROM file f WHERE f.blob = $blob
UNION ALL SELECT f.id FROM file f WHERE f.thumbnail = $again;
