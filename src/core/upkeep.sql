-- name: upkeep_tenants () many all_tenants "each company has its upkeep"
SELECT t.tenant, t.zone_minutes FROM tenant t ORDER BY t.tenant;

-- Stored replies to a person's own requests: they may repeat what she wrote.
-- name: upkeep_replies_of (actor_kind i64, actor_id ref) exec
DELETE FROM idempotency WHERE tenant = $tenant AND actor_kind = $actor_kind AND actor_id = $actor_id;

-- Messages to a person, sent or not.
-- name: upkeep_messages_of (object code, object_id ref) exec
DELETE FROM outbox WHERE tenant = $tenant AND object = $object AND object_id = $object_id;

-- name: upkeep_sessions_of (actor_kind i64, actor_id id) exec
DELETE FROM session WHERE tenant = $tenant AND actor_kind = $actor_kind AND actor_id = $actor_id;
