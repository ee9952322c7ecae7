-- name: outbox_mark (id id, state code, attempts count, last_error code, sent_at time_ms) exec
UPDATE outbox SET state = $state, attempts = $attempts, last_error = $last_error, sent_at = $sent_at, version = version + 1
 WHERE tenant = $tenant AND id = $id;

-- name: outbox_given (id id, gateway ref, serial code) exec
UPDATE outbox SET gateway_id = $gateway, serial = $serial WHERE tenant = $tenant AND id = $id;

-- name: outbox_by_serial (serial code) many hot
SELECT o.* FROM outbox o WHERE o.tenant = $tenant AND o.serial = $serial ORDER BY o.id LIMIT 10;

-- Messages past their time, sent or not: nobody waits for one that old. The last tells how far one chunk goes.
-- name: outbox_old (before time_ms, most i64) many
SELECT o.created_at FROM outbox o WHERE o.tenant = $tenant AND o.created_at < $before ORDER BY o.created_at, o.id LIMIT $most;

-- name: outbox_forget_old (before time_ms) exec
DELETE FROM outbox WHERE tenant = $tenant AND created_at < $before;
