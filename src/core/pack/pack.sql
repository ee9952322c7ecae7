-- What a company has of the things that packs bring, put away or not, and when it changed packs.

-- name: pack_calendar (code code) many
SELECT k.id FROM work_calendar k WHERE k.tenant = $tenant AND k.code = $code LIMIT 1;

-- name: pack_policies () many
SELECT p.* FROM clock_policy p WHERE p.tenant = $tenant ORDER BY p.place, p.id LIMIT 1000;

-- name: pack_rules () many
SELECT r.* FROM rule r WHERE r.tenant = $tenant ORDER BY r.place, r.id LIMIT 2000;

-- name: pack_templates () many
SELECT m.* FROM message_template m WHERE m.tenant = $tenant ORDER BY m.created_at, m.id LIMIT 2000;

-- name: pack_promises () many
SELECT p.* FROM promise p WHERE p.tenant = $tenant ORDER BY p.place, p.id LIMIT 1000;

-- name: pack_roles () many
SELECT r.* FROM role r WHERE r.tenant = $tenant ORDER BY r.created_at, r.id LIMIT 1000;

-- name: pack_flows () many
SELECT f.* FROM company_flow f WHERE f.tenant = $tenant ORDER BY f.created_at, f.id LIMIT 1000;

-- name: pack_queues () many
SELECT q.* FROM chat_queue q WHERE q.tenant = $tenant ORDER BY q.place, q.id LIMIT 1000;

-- name: pack_quality_rules () many
SELECT r.* FROM quality_rule r WHERE r.tenant = $tenant ORDER BY r.place, r.id LIMIT 1000;

-- Who would go without a role.
-- name: pack_role_people (role ref) many
SELECT u.id FROM user_account u WHERE u.tenant = $tenant AND u.role_id = $role LIMIT 1;

-- name: pack_role_providers (role ref) many
SELECT p.id FROM sign_in_provider p WHERE p.tenant = $tenant AND p.role_id = $role LIMIT 1;

-- The newest first.
-- name: pack_switches () many
SELECT s.* FROM pack_switch s WHERE s.tenant = $tenant ORDER BY s.id DESC LIMIT 200;
