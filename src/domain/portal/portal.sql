-- name: devices_of_customer (customer id) many hot
SELECT d.* FROM device d WHERE d.tenant = $tenant AND d.customer_id = $customer AND d.archived_at = 0
 ORDER BY d.created_at DESC, d.id DESC LIMIT 50;

-- name: device_by_serial (serial code) many hot
SELECT d.* FROM device d WHERE d.tenant = $tenant AND d.serial = $serial AND d.archived_at = 0;

-- name: device_by_qr (qr code) many hot
SELECT d.* FROM device d WHERE d.tenant = $tenant AND d.qr = $qr AND d.archived_at = 0;

-- name: products_all () many
SELECT p.* FROM product p WHERE p.tenant = $tenant AND p.archived_at = 0 ORDER BY p.created_at, p.id LIMIT 200;

-- How many reports a customer has filed since an instant.
-- name: reports_since (customer id, since time_ms) one hot
SELECT count(*) AS n:i64 FROM ticket t WHERE t.tenant = $tenant AND t.customer_id = $customer AND t.created_at >= $since;

-- name: code_read (phone_hash hash) many hot
SELECT o.* FROM one_time_code o WHERE o.tenant = $tenant AND o.phone_hash = $phone_hash;

-- hour_at, hour_sent: when the hour began in which so many went to this number.
-- name: code_put (phone_hash hash, code_hash hash, sent_at time_ms, expires_at time_ms, hour_at time_ms, hour_sent count) exec
INSERT INTO one_time_code (tenant, phone_hash, code_hash, sent_at, expires_at, attempts, hour_at, hour_sent, version)
VALUES ($tenant, $phone_hash, $code_hash, $sent_at, $expires_at, 0, $hour_at, $hour_sent, 1)
    ON CONFLICT (tenant, phone_hash) DO UPDATE
   SET code_hash = excluded.code_hash, sent_at = excluded.sent_at, expires_at = excluded.expires_at, attempts = 0,
       hour_at = excluded.hour_at, hour_sent = excluded.hour_sent;

-- name: code_attempt (phone_hash hash) exec
UPDATE one_time_code SET attempts = attempts + 1 WHERE tenant = $tenant AND phone_hash = $phone_hash;

-- Void from now on; the row goes on counting.
-- name: code_spend (phone_hash hash) exec
UPDATE one_time_code SET expires_at = 0 WHERE tenant = $tenant AND phone_hash = $phone_hash;

-- name: codes_delete_old (before time_ms) exec
DELETE FROM one_time_code WHERE tenant = $tenant AND sent_at < $before;

-- What she decided about a purpose, the newest first.
-- name: consent_of_customer (customer id, purpose code) many
SELECT k.* FROM consent k WHERE k.tenant = $tenant AND k.customer_id = $customer AND k.purpose = $purpose AND k.archived_at = 0
 ORDER BY k.created_at DESC, k.id DESC LIMIT 1;

-- Where she lives, for herself to put right.
-- name: addresses_of_customer (customer id) many
SELECT a.* FROM address a WHERE a.tenant = $tenant AND a.customer_id = $customer AND a.archived_at = 0 ORDER BY a.created_at DESC, a.id DESC LIMIT 50;

-- What she has asked about her data, the newest first.
-- name: requests_of_customer (customer id) many
SELECT k.* FROM task k WHERE k.tenant = $tenant AND k.customer_id = $customer AND k.kind IN ('privacy_erase', 'privacy_ask') AND k.archived_at = 0
 ORDER BY k.due_at DESC, k.id DESC LIMIT 20;
