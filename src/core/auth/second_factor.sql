-- name: factor_take_step (id id, step count) exec
UPDATE user_account SET factor_step = $step WHERE tenant = $tenant AND id = $id;

-- name: factor_offered (id id, secret sealed) exec
UPDATE user_account SET factor_new = $secret WHERE tenant = $tenant AND id = $id;

-- name: recovery_spend (user id, hash hash) exec
DELETE FROM recovery_code WHERE tenant = $tenant AND user_id = $user AND hash = $hash;

-- name: recovery_forget (user id) exec
DELETE FROM recovery_code WHERE tenant = $tenant AND user_id = $user;

-- name: recovery_count (user id) one
SELECT count(*) AS left_over:count FROM recovery_code r WHERE r.tenant = $tenant AND r.user_id = $user;

-- The session in which the person proved it.
-- name: session_proved (id id) exec
UPDATE session SET second_factor = 1 WHERE tenant = $tenant AND id = $id;
