-- name: idempotency_read (actor_kind i64, actor ref, key code) many hot
SELECT i.request_hash, i.status, i.reply FROM idempotency i
 WHERE i.tenant = $tenant AND i.actor_kind = $actor_kind AND i.actor_id = $actor AND i.key = $key;

-- name: idempotency_forget_old (before time_ms) exec
DELETE FROM idempotency WHERE tenant = $tenant AND created_at < $before;

-- The oldest answers past their time: the last row tells how far one chunk of forgetting goes.
-- name: idempotency_old (before time_ms, most count) many
SELECT i.created_at FROM idempotency i WHERE i.tenant = $tenant AND i.created_at < $before ORDER BY i.created_at LIMIT $most;
