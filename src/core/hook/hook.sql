-- Deliveries: what came of an attempt.
-- name: hook_mark (id id, state code, attempts count, status count, last_error code, sent_at time_ms) exec
UPDATE webhook_delivery SET state = $state, attempts = $attempts, status = $status, last_error = $last_error, sent_at = $sent_at, version = version + 1
 WHERE tenant = $tenant AND id = $id;
