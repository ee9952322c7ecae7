-- The chat in force.
-- name: web_chat_on () many
SELECT w.* FROM web_chat w WHERE w.tenant = $tenant AND w.state = 'on' AND w.archived_at = 0 ORDER BY w.created_at DESC, w.id DESC LIMIT 1;

-- name: web_chat_others (id id) many
SELECT w.* FROM web_chat w WHERE w.tenant = $tenant AND w.state = 'on' AND w.archived_at = 0 AND w.id <> $id ORDER BY w.id LIMIT 10;

-- name: web_chat_origins_drop () exec
DELETE FROM web_chat_origin WHERE tenant = $tenant;

-- name: web_chat_origin_put (origin code) exec
INSERT INTO web_chat_origin (tenant, origin) VALUES ($tenant, $origin) ON CONFLICT DO NOTHING;

-- name: visitor_products () many
SELECT p.id, p.name, p.name_en FROM product p WHERE p.tenant = $tenant AND p.archived_at = 0 ORDER BY p.created_at, p.id LIMIT 100;

-- name: visitor_contacts (customer id) many hot
SELECT k.id FROM contact k WHERE k.tenant = $tenant AND k.customer_id = $customer ORDER BY k.created_at, k.id LIMIT 1;

-- Whose ticket has this number.
-- name: visitor_ticket_named (no code) many hot
SELECT t.customer_id FROM ticket t WHERE t.tenant = $tenant AND t.no = $no AND t.archived_at = 0 ORDER BY t.id LIMIT 1;
