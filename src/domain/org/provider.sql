-- What the sign-in page offers. A handful.
-- name: providers_on () many
SELECT p.id, p.name, p.name_en, p.created_at FROM sign_in_provider p
 WHERE p.tenant = $tenant AND p.state = 'on' AND p.archived_at = 0 ORDER BY p.created_at, p.id LIMIT 20;

-- name: identity_by_subject (subject hash) many hot
SELECT i.* FROM sign_in_identity i WHERE i.tenant = $tenant AND i.subject = $subject;

-- name: identities_of (user_id ref) many
SELECT i.id, i.provider_id, i.used_at, i.created_at, p.name, p.name_en FROM sign_in_identity i
  JOIN sign_in_provider p ON p.tenant = i.tenant AND p.id = i.provider_id
 WHERE i.tenant = $tenant AND i.user_id = $user_id ORDER BY i.id LIMIT 100;

-- name: identity_used (id id, at time_ms) exec
UPDATE sign_in_identity SET used_at = $at WHERE tenant = $tenant AND id = $id;

-- name: identity_remove (user_id ref, id id) exec
DELETE FROM sign_in_identity WHERE tenant = $tenant AND user_id = $user_id AND id = $id;

-- name: state_seen (hash hash) many hot
SELECT s.at FROM sign_in_state s WHERE s.tenant = $tenant AND s.hash = $hash;

-- name: provider_secret_set (id id, secret sealed, at time_ms) exec
UPDATE sign_in_provider SET secret = $secret, secret_at = $at, version = version + 1 WHERE tenant = $tenant AND id = $id;
