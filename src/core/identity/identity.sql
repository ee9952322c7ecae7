-- name: identity_by_name_hash (channel code, name hash) many hot
SELECT i.* FROM identity i WHERE i.tenant = $tenant AND i.channel = $channel AND i.name_hash = $name AND i.archived_at = 0;

-- What a channel kept under her names goes with them: how far she may be written to, and what was on its way (domain/wechat).
-- name: identity_windows_drop (customer id) exec
DELETE FROM wechat_window WHERE wechat_window.tenant = $tenant AND identity_id IN (SELECT i.id FROM identity i WHERE i.tenant = $tenant AND i.customer_id = $customer);

-- name: identity_outs_drop (customer id) exec
DELETE FROM wechat_out WHERE wechat_out.tenant = $tenant AND identity_id IN (SELECT i.id FROM identity i WHERE i.tenant = $tenant AND i.customer_id = $customer);

-- name: identity_uploads_drop (customer id) exec
DELETE FROM wechat_upload WHERE wechat_upload.tenant = $tenant AND conversation_id IN (SELECT k.id FROM conversation k WHERE k.tenant = $tenant AND k.customer_id = $customer);

-- name: identity_media_drop (customer id) exec
DELETE FROM wechat_media WHERE wechat_media.tenant = $tenant AND conversation_id IN (SELECT k.id FROM conversation k WHERE k.tenant = $tenant AND k.customer_id = $customer);

-- name: identities_drop (customer id) exec
DELETE FROM identity WHERE tenant = $tenant AND customer_id = $customer;

-- Whether the customer of a name may still come by it.
-- name: identity_customer (customer id) many hot
SELECT k.id, k.lang FROM customer k WHERE k.tenant = $tenant AND k.id = $customer AND k.archived_at = 0;

-- name: origin_companies (origin code) many hot all_tenants "a browser asks whether a page may call before it says for which company"
SELECT o.tenant FROM web_chat_origin o WHERE o.origin = $origin ORDER BY o.tenant LIMIT 1000;

-- name: identity_subscriptions_drop (customer id) exec
DELETE FROM wechat_subscription WHERE wechat_subscription.tenant = $tenant AND identity_id IN (SELECT i.id FROM identity i WHERE i.tenant = $tenant AND i.customer_id = $customer);

-- name: identity_binds_drop (customer id) exec
DELETE FROM wechat_bind WHERE tenant = $tenant AND customer_id = $customer;
