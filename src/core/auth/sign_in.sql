-- Who a cookie belongs to, with the rights of today.
-- name: session_of_user (token_hash hash) many hot all_tenants "the cookie tells the company"
SELECT s.tenant, s.id, s.actor_id, s.expires_at, s.seen_at, s.second_factor, r.second_factor AS needs_factor:flag, r.idle_minutes, u.role_id, u.team_id, u.region_id, u.lang, r.permissions, r.scope, r.conditions, r.masks
  FROM session s
  JOIN user_account u ON u.tenant = s.tenant AND u.id = s.actor_id
  JOIN role r ON r.tenant = u.tenant AND r.id = u.role_id
 WHERE s.token_hash = $token_hash AND s.actor_kind = 1 AND u.archived_at = 0;

-- name: session_of_customer (token_hash hash) many hot all_tenants "the cookie tells the company"
SELECT s.tenant, s.id, s.actor_id, s.ticket_id, s.expires_at, k.lang
  FROM session s
  JOIN customer k ON k.tenant = s.tenant AND k.id = s.actor_id
 WHERE s.token_hash = $token_hash AND s.actor_kind = 2 AND k.archived_at = 0;

-- name: token_owner (token_hash hash) many hot all_tenants "the token tells the company"
SELECT a.tenant, a.id, a.user_id, a.expires_at, a.scopes, u.role_id, u.team_id, u.region_id, u.lang, r.permissions, r.scope, r.conditions, r.masks
  FROM api_token a
  JOIN user_account u ON u.tenant = a.tenant AND u.id = a.user_id
  JOIN role r ON r.tenant = u.tenant AND r.id = u.role_id
 WHERE a.token_hash = $token_hash AND a.archived_at = 0 AND u.archived_at = 0;

-- name: session_delete (id id) exec
DELETE FROM session WHERE tenant = $tenant AND id = $id;

-- name: session_delete_actor (actor_kind i64, actor id) exec
DELETE FROM session WHERE tenant = $tenant AND actor_kind = $actor_kind AND actor_id = $actor;

-- name: session_delete_old (before time_ms) exec
DELETE FROM session WHERE tenant = $tenant AND expires_at < $before;

-- name: tenant_by_code (code code) many hot all_tenants "signing in names the company by its code"
SELECT t.tenant, t.code, t.name FROM tenant t WHERE t.code = $code;

-- name: tenants_first () many hot all_tenants "one company alone needs no code"
SELECT t.tenant, t.code, t.name FROM tenant t ORDER BY t.tenant LIMIT 2;

-- name: user_by_account (account code) many hot
SELECT u.* FROM user_account u WHERE u.tenant = $tenant AND u.account = $account;

-- name: user_failed (id id, failures count, locked_until time_ms) exec
UPDATE user_account SET failures = $failures, locked_until = $locked_until WHERE tenant = $tenant AND id = $id;

-- name: user_signed_in (id id, at time_ms) exec
UPDATE user_account SET failures = 0, locked_until = 0, signed_in_at = $at WHERE tenant = $tenant AND id = $id;

-- name: role_by_code (code code) many
SELECT r.id FROM role r WHERE r.tenant = $tenant AND r.code = $code;

-- name: user_password (id id, password text, at time_ms) exec
UPDATE user_account SET password = $password, password_at = $at, failures = 0, locked_until = 0 WHERE tenant = $tenant AND id = $id;

-- Everything but the session that asked; 0 keeps none.
-- name: session_end_others (actor_kind i64, actor id, keep ref) exec
DELETE FROM session WHERE tenant = $tenant AND actor_kind = $actor_kind AND actor_id = $actor AND id <> $keep;

-- name: user_choose (id id, lang code, theme code) exec
UPDATE user_account SET lang = $lang, theme = $theme WHERE tenant = $tenant AND id = $id;

-- name: session_seen (id id, at time_ms) exec
UPDATE session SET seen_at = $at WHERE tenant = $tenant AND id = $id AND seen_at < $at;

-- Accounts that may sign in by password when nobody else may.
-- name: emergency_accounts () many
SELECT r.permissions FROM user_account u JOIN role r ON r.tenant = u.tenant AND r.id = u.role_id
 WHERE u.tenant = $tenant AND u.emergency = 1 AND u.archived_at = 0 AND u.password <> '';

-- name: sign_in_states_old (before time_ms) exec
DELETE FROM sign_in_state WHERE tenant = $tenant AND at < $before;
