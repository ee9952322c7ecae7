-- store: key
-- name: masters () many all_tenants "keys belong to no company until a row names them"
SELECT m.no, m.check_value, m.made_at, m.retired_at FROM master m ORDER BY m.no;

-- name: master_retire (no count, at time_ms) exec all_tenants "keys belong to no company until a row names them"
UPDATE master SET retired_at = $at WHERE no = $no AND retired_at = 0;

-- name: store_name () many all_tenants "one row names the store"
SELECT p.one, p.pair FROM pair p;

-- name: key_by_id (id key_id) many hot all_tenants "keys belong to no company until a row names them"
SELECT k.id, k.master_no, k.wrapped, k.made_at, k.destroyed_at FROM sealing_key k WHERE k.id = $id;

-- name: keys_by_ids (ids key_id[]) many all_tenants "keys belong to no company until a row names them"
SELECT k.id, k.master_no, k.wrapped, k.made_at, k.destroyed_at FROM sealing_key k WHERE k.id IN ($ids) ORDER BY k.id;

-- The same for the one or two people that an answer about one object is about, in the order asked: two looks at the index, where a
-- list would first be put into a table of its own. 0 asks for none.
-- name: two_keys (first ref, second ref) many hot all_tenants "keys belong to no company until a row names them"
SELECT k.id AS id:key_id, k.master_no AS master_no:count, k.wrapped AS wrapped:bytes, k.destroyed_at AS destroyed_at:time_ms FROM sealing_key k WHERE k.id = $first
UNION ALL SELECT k.id, k.master_no, k.wrapped, k.destroyed_at FROM sealing_key k WHERE k.id = $second;

-- A key is overwritten once; the row stays as a tombstone.
-- name: keys_destroy (ids key_id[], zeros bytes, at time_ms) exec all_tenants "keys belong to no company until a row names them"
UPDATE sealing_key SET wrapped = $zeros, destroyed_at = $at WHERE id IN ($ids) AND destroyed_at = 0;

-- name: tombstones_after (id ref, most count) many all_tenants "the erasure list is of the whole store"
SELECT k.id FROM sealing_key k WHERE k.destroyed_at > 0 AND k.id > $id ORDER BY k.id LIMIT $most;

-- name: keys_made_before (id ref, before time_ms, most count) many all_tenants "the reclaim job walks the whole store"
SELECT k.id FROM sealing_key k WHERE k.id > $id AND k.destroyed_at = 0 AND k.made_at < $before ORDER BY k.id LIMIT $most;

-- Only what never sealed anything may go without a tombstone.
-- name: keys_remove (ids key_id[]) exec all_tenants "the reclaim job walks the whole store"
DELETE FROM sealing_key WHERE id IN ($ids) AND destroyed_at = 0;

-- name: keys_of_master (no count, most count) many all_tenants "a rotation walks the whole store"
SELECT k.id, k.master_no, k.wrapped, k.made_at, k.destroyed_at FROM sealing_key k
 WHERE k.master_no = $no AND k.destroyed_at = 0 ORDER BY k.id LIMIT $most;

-- A key that was destroyed meanwhile stays destroyed.
-- name: key_rewrap (id key_id, old_no count, new_no count, wrapped bytes) exec all_tenants "a rotation walks the whole store"
UPDATE sealing_key SET master_no = $new_no, wrapped = $wrapped WHERE id = $id AND master_no = $old_no AND destroyed_at = 0;

-- name: keys_after (id ref, most count) many all_tenants "a copy holds the whole store"
SELECT k.id, k.master_no, k.wrapped, k.made_at, k.destroyed_at FROM sealing_key k WHERE k.id > $id ORDER BY k.id LIMIT $most;

-- A restored copy adds what is missing. Keys there are stay as they are, destroyed ones above all.
-- name: key_put_back (id key_id, master_no count, wrapped bytes, made_at time_ms, destroyed_at time_ms) exec all_tenants "a copy holds the whole store"
INSERT INTO sealing_key (id, master_no, wrapped, made_at, destroyed_at) VALUES ($id, $master_no, $wrapped, $made_at, $destroyed_at)
    ON CONFLICT (id) DO NOTHING;

-- name: master_put_back (no count, check_value hash, made_at time_ms, retired_at time_ms) exec all_tenants "a copy holds the whole store"
INSERT INTO master (no, check_value, made_at, retired_at) VALUES ($no, $check_value, $made_at, $retired_at) ON CONFLICT (no) DO NOTHING;
