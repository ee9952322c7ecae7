-- name: outbox_mark (id id, state code, attempts count, last_error code, sent_at time_ms) exec
UPDATE outbox SET state = $state, attempts = $attempts, last_error = $last_error, sent_at = $sent_at, version = version + 1
 WHERE tenant = $tenant AND id = $id;
