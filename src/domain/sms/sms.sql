-- name: sms_by_callback (callback code) many hot all_tenants "a delivery says by its address alone whose it is"
SELECT g.tenant, g.id FROM sms_gateway g WHERE g.callback = $callback LIMIT 1;

-- name: sms_secret_put (id id, secret sealed, at time_ms) exec
UPDATE sms_gateway SET secret = $secret, secret_at = $at, version = version + 1 WHERE tenant = $tenant AND id = $id;

-- The one that is on; of several the oldest.
-- name: sms_gateway_in_use () many
SELECT g.id FROM sms_gateway g WHERE g.tenant = $tenant AND g.state = 'on' AND g.archived_at = 0 ORDER BY g.created_at, g.id LIMIT 1;

-- name: sms_outs_of (conversation id) many hot
SELECT s.id, s.no, o.state, o.last_error FROM sms_out s JOIN outbox o ON o.tenant = s.tenant AND o.id = s.id
 WHERE s.tenant = $tenant AND s.conversation_id = $conversation ORDER BY s.no DESC, s.id DESC LIMIT 100;

-- name: sms_out_of (conversation id, no count) many hot
SELECT s.id, o.state FROM sms_out s JOIN outbox o ON o.tenant = s.tenant AND o.id = s.id
 WHERE s.tenant = $tenant AND s.conversation_id = $conversation AND s.no = $no ORDER BY s.id LIMIT 1;

-- name: sms_out_by_id (id id) many hot
SELECT s.* FROM sms_out s WHERE s.tenant = $tenant AND s.id = $id;

-- name: marketing_consent (customer id) many
SELECT s.* FROM consent s WHERE s.tenant = $tenant AND s.customer_id = $customer AND s.purpose = 'marketing' AND s.archived_at = 0 ORDER BY s.created_at DESC, s.id DESC LIMIT 1;
