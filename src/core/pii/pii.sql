-- name: pii_keys_of (object code, object_id id) many hot
SELECT k.key, k.kind FROM pii_key k WHERE k.tenant = $tenant AND k.object = $object AND k.object_id = $object_id ORDER BY k.key LIMIT 100000;

-- name: pii_keys_give (from_object code, from_id id, to_object code, to_id id) exec
UPDATE pii_key SET object = $to_object, object_id = $to_id
 WHERE tenant = $tenant AND object = $from_object AND object_id = $from_id;

-- name: pii_key_give (key key_id, object code, object_id id) exec
UPDATE pii_key SET object = $object, object_id = $object_id WHERE tenant = $tenant AND key = $key;

-- Whose own key is among these: the people that a restore has to erase again.
-- name: pii_people_of (keys key_id[]) many
SELECT DISTINCT k.object AS object:code, k.object_id AS object_id:id FROM pii_key k
 WHERE k.tenant = $tenant AND k.kind = 'own' AND k.key IN ($keys) ORDER BY object, object_id;

-- name: pii_keys_listed (keys key_id[]) many all_tenants "the reclaim job compares the key store with everything that is used"
SELECT k.key FROM pii_key k WHERE k.key IN ($keys);

-- A second look at the rows themselves, so that a key that was used without being listed is never taken away.
-- name: pii_keys_named (keys key_id[], again key_id[], third key_id[], fourth key_id[]) many all_tenants "the reclaim job compares the key store with everything that is used"
SELECT t.key AS key:key_id FROM tenant t WHERE t.key IN ($keys)
UNION SELECT u.key FROM user_account u WHERE u.key IN ($again)
UNION SELECT k.key FROM customer k WHERE k.key IN ($third)
UNION SELECT f.key FROM upload f WHERE f.key IN ($fourth);

-- name: lookup_drop_kind (object code, object_id id, kind code) exec
DELETE FROM lookup WHERE tenant = $tenant AND object = $object AND object_id = $object_id AND kind = $kind;

-- name: lookup_drop_all (object code, object_id id) exec
DELETE FROM lookup WHERE tenant = $tenant AND object = $object AND object_id = $object_id;

-- name: lookup_hits (kind code, hash hash, most count) many hot
SELECT l.object, l.object_id FROM lookup l
 WHERE l.tenant = $tenant AND l.kind = $kind AND l.hash = $hash ORDER BY l.object, l.object_id LIMIT $most;

-- name: lookup_hits_of (kind code, hash hash, object code, most count) many hot
SELECT l.object, l.object_id FROM lookup l
 WHERE l.tenant = $tenant AND l.kind = $kind AND l.hash = $hash AND l.object = $object ORDER BY l.object_id LIMIT $most;

-- name: erasures_of (object code, object_id id) many
SELECT e.* FROM erasure e WHERE e.tenant = $tenant AND e.object = $object AND e.object_id = $object_id ORDER BY e.id DESC LIMIT 10;

-- name: erasure_keys (id id, keys count, certificate text) exec
UPDATE erasure SET keys = $keys, certificate = $certificate WHERE tenant = $tenant AND id = $id AND state = 'running';

-- name: erasure_done (id id, at time_ms, certificate text, signature hash) exec
UPDATE erasure SET state = 'done', done_at = $at, certificate = $certificate, signature = $signature
 WHERE tenant = $tenant AND id = $id AND state = 'running';

-- name: store_pair_name () many all_tenants "it belongs to the installation"
SELECT p.one, p.pair FROM store_pair p;

-- History of one object, whole rows.
-- name: scrub_changes (object code, object_id id) many
SELECT h.* FROM change h WHERE h.tenant = $tenant AND h.object = $object AND h.object_id = $object_id ORDER BY h.version LIMIT 10000;

-- name: scrub_change (object code, object_id id, version count, fields json, mac hash) exec
UPDATE change SET fields = $fields, reason = '', mac = $mac
 WHERE tenant = $tenant AND object = $object AND object_id = $object_id AND version = $version;

-- name: scrub_reply_page (from_at time_ms, most i64) many
SELECT i.actor_kind, i.actor_id, i.key, i.reply, i.created_at FROM idempotency i
 WHERE i.tenant = $tenant AND i.created_at >= $from_at ORDER BY i.created_at LIMIT $most;

-- name: scrub_reply (actor_kind i64, actor_id ref, key code) exec
DELETE FROM idempotency WHERE tenant = $tenant AND actor_kind = $actor_kind AND actor_id = $actor_id AND key = $key;

-- name: erasure_counts (id id, hashes count, documents count, files count, replies count, parts count, changes count) exec
UPDATE erasure SET hashes = hashes + $hashes, documents = documents + $documents, files = files + $files, replies = replies + $replies,
       parts = parts + $parts, changes = changes + $changes
 WHERE tenant = $tenant AND id = $id;

-- Who read what of somebody in clear, newest first.
-- name: readings_of (object code, object_id id) many
SELECT r.at, r.actor_kind, r.field, r.purpose FROM reading r
 WHERE r.tenant = $tenant AND r.object = $object AND r.object_id = $object_id ORDER BY r.at DESC, r.id DESC LIMIT 10000;

-- What a member of staff or a program read in clear within a time, each object once.
-- name: readings_by (user i64, program i64, actor id, from_at time_ms, to_at time_ms, most i64) many
SELECT DISTINCT r.object, r.object_id FROM reading r
 WHERE r.tenant = $tenant AND r.actor_kind IN ($user, $program) AND r.actor_id = $actor AND r.at >= $from_at AND r.at < $to_at
 ORDER BY r.object, r.object_id LIMIT $most;
