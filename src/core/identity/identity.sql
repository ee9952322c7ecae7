-- name: identity_by_name_hash (channel code, name hash) many hot
SELECT i.* FROM identity i WHERE i.tenant = $tenant AND i.channel = $channel AND i.name_hash = $name AND i.archived_at = 0;

-- name: identities_drop (customer id) exec
DELETE FROM identity WHERE tenant = $tenant AND customer_id = $customer;

-- Whether the customer of a name may still come by it.
-- name: identity_customer (customer id) many hot
SELECT k.id, k.lang FROM customer k WHERE k.tenant = $tenant AND k.id = $customer AND k.archived_at = 0;

-- name: origin_companies (origin code) many hot all_tenants "a browser asks whether a page may call before it says for which company"
SELECT o.tenant FROM web_chat_origin o WHERE o.origin = $origin ORDER BY o.tenant LIMIT 1000;
