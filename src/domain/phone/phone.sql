-- name: phone_by_callback (callback code) many hot all_tenants "an event says by its address alone whose it is"
SELECT l.tenant, l.id FROM phone_line l WHERE l.callback = $callback LIMIT 1;

-- name: phone_secret_put (id id, secret sealed, at time_ms) exec
UPDATE phone_line SET secret = $secret, secret_at = $at, version = version + 1 WHERE tenant = $tenant AND id = $id;

-- A line that can be asked to make a call.
-- name: phone_line_to_dial () many
SELECT l.id FROM phone_line l WHERE l.tenant = $tenant AND l.state = 'on' AND l.archived_at = 0 AND l.dial_url <> '' ORDER BY l.created_at, l.id LIMIT 1;

-- name: phone_event_seen (line id, name hash) many hot
SELECT e.call_id FROM phone_event e WHERE e.tenant = $tenant AND e.line_id = $line AND e.name = $name;

-- name: phone_events_drop (call id) exec
DELETE FROM phone_event WHERE tenant = $tenant AND call_id = $call;

-- name: phone_call_by_code (line id, code code) many hot
SELECT p.* FROM phone_call p WHERE p.tenant = $tenant AND p.line_id = $line AND p.code = $code;

-- name: user_of_extension (extension code) many hot
SELECT u.id FROM user_account u WHERE u.tenant = $tenant AND u.extension = $extension AND u.archived_at = 0 ORDER BY u.id LIMIT 1;

-- Other promises to call her: of a night, of a channel that is closed.
-- name: call_backs_open (customer ref) many
SELECT t.id FROM task t WHERE t.tenant = $tenant AND t.customer_id = $customer AND t.state = 'open' AND t.kind = 'call_back' AND t.ticket_id = 0 ORDER BY t.id LIMIT 10;

-- Those of one person that ring or are spoken now.
-- name: calls_of_user (user ref, since time_ms) many hot
SELECT p.* FROM phone_call p WHERE p.tenant = $tenant AND p.user_id = $user AND p.state IN ('ringing', 'talking') AND p.rang_at > $since ORDER BY p.rang_at DESC, p.id DESC LIMIT 5;

-- What she has of ours, newest first.
-- name: devices_for_call (customer ref) many
SELECT d.id, d.serial, m.name AS model FROM device d JOIN model m ON m.tenant = d.tenant AND m.id = d.model_id
 WHERE d.tenant = $tenant AND d.customer_id = $customer AND d.archived_at = 0 ORDER BY d.created_at DESC, d.id DESC LIMIT 5;

-- What she left to be called back at, where her file has no number of its own.
-- name: number_left (customer ref) many
SELECT k.* FROM contact k WHERE k.tenant = $tenant AND k.customer_id = $customer AND k.relation = 'self' AND k.archived_at = 0 AND k.phone IS NOT NULL ORDER BY k.created_at DESC, k.id DESC LIMIT 1;
