-- name: wechat_by_callback (callback code) many hot all_tenants "a delivery says by its address alone whose it is"
SELECT w.tenant, w.id FROM wechat_account w WHERE w.callback = $callback LIMIT 1;

-- name: wechat_secret_put (id id, secret sealed, at time_ms) exec
UPDATE wechat_account SET secret = $secret, secret_at = $at, version = version + 1 WHERE tenant = $tenant AND id = $id;

-- name: wechat_token_put (id id, token sealed, at time_ms) exec
UPDATE wechat_account SET token = $token, token_at = $at, version = version + 1 WHERE tenant = $tenant AND id = $id;

-- The key that was goes on being known.
-- name: wechat_aes_put (id id, aes_key sealed, at time_ms) exec
UPDATE wechat_account SET aes_before = aes_key, aes_key = $aes_key, aes_at = $at, version = version + 1 WHERE tenant = $tenant AND id = $id;

-- name: wechat_access_of (account id) many hot
SELECT a.* FROM wechat_access a WHERE a.tenant = $tenant AND a.account_id = $account;

-- name: wechat_access_put (account id, token sealed, until time_ms) exec
INSERT INTO wechat_access (tenant, account_id, token, until) VALUES ($tenant, $account, $token, $until)
ON CONFLICT (tenant, account_id) DO UPDATE SET token = excluded.token, until = excluded.until, trouble = 0;

-- name: wechat_access_asked (account id, at time_ms) exec
INSERT INTO wechat_access (tenant, account_id, asked_at) VALUES ($tenant, $account, $at)
ON CONFLICT (tenant, account_id) DO UPDATE SET asked_at = excluded.asked_at;

-- name: wechat_access_trouble (account id, code i64) exec
INSERT INTO wechat_access (tenant, account_id, trouble) VALUES ($tenant, $account, $code)
ON CONFLICT (tenant, account_id) DO UPDATE SET trouble = excluded.trouble;

-- name: wechat_cursor_put (account id, cursor text) exec
INSERT INTO wechat_access (tenant, account_id, cursor) VALUES ($tenant, $account, $cursor)
ON CONFLICT (tenant, account_id) DO UPDATE SET cursor = excluded.cursor;

-- name: wechat_window_of (identity id) many hot
SELECT w.* FROM wechat_window w WHERE w.tenant = $tenant AND w.identity_id = $identity;

-- name: wechat_window_open (identity id, account id, units count, at time_ms, until time_ms) exec
INSERT INTO wechat_window (tenant, identity_id, account_id, units, most, opened_at, until) VALUES ($tenant, $identity, $account, $units, $units, $at, $until)
ON CONFLICT (tenant, identity_id) DO UPDATE SET account_id = excluded.account_id, units = excluded.units, most = excluded.most, opened_at = excluded.opened_at, until = excluded.until, is_following = 1;

-- name: wechat_unit_take (identity id) exec
UPDATE wechat_window SET units = units - 1 WHERE tenant = $tenant AND identity_id = $identity AND units > 0;

-- Only of the window that it was taken in.
-- name: wechat_unit_give_back (identity id, opened_at time_ms) exec
UPDATE wechat_window SET units = units + 1 WHERE tenant = $tenant AND identity_id = $identity AND opened_at = $opened_at AND units < most;

-- Somebody wrote while a call was under way: nobody can tell which came first, so the new window pays as well.
-- name: wechat_unit_owe (identity id, opened_at time_ms) exec
UPDATE wechat_window SET units = units - 1 WHERE tenant = $tenant AND identity_id = $identity AND opened_at <> $opened_at AND units > 0;

-- name: wechat_units_none (identity id) exec
UPDATE wechat_window SET units = 0 WHERE tenant = $tenant AND identity_id = $identity;

-- name: wechat_window_close (identity id, at time_ms, following flag) exec
UPDATE wechat_window SET units = 0, until = $at, is_following = $following WHERE tenant = $tenant AND identity_id = $identity;

-- name: wechat_window_warned (identity id, until time_ms) exec
UPDATE wechat_window SET warned = $until WHERE tenant = $tenant AND identity_id = $identity;

-- name: wechat_session_put (identity id, session count) exec
UPDATE wechat_window SET session = $session WHERE tenant = $tenant AND identity_id = $identity;

-- name: wechat_out_waiting (identity id) many hot
SELECT o.* FROM wechat_out o WHERE o.tenant = $tenant AND o.identity_id = $identity AND o.state = 'waiting' ORDER BY o.id LIMIT 50;

-- name: wechat_out_sending (identity id) many hot
SELECT o.id FROM wechat_out o WHERE o.tenant = $tenant AND o.identity_id = $identity AND o.state = 'sending' ORDER BY o.id LIMIT 1;

-- name: wechat_out_batch (batch ref) many hot
SELECT o.* FROM wechat_out o WHERE o.tenant = $tenant AND o.batch = $batch AND o.state = 'sending' ORDER BY o.id LIMIT 50;

-- name: wechat_out_of (conversation id) many hot
SELECT o.* FROM wechat_out o WHERE o.tenant = $tenant AND o.conversation_id = $conversation ORDER BY o.no DESC, o.id DESC LIMIT 100;

-- name: wechat_out_one (conversation id, no count) many hot
SELECT o.* FROM wechat_out o WHERE o.tenant = $tenant AND o.conversation_id = $conversation AND o.no = $no ORDER BY o.id LIMIT 1;

-- name: wechat_out_take (id id, batch ref) exec
UPDATE wechat_out SET state = 'sending', batch = $batch, attempts = attempts + 1, version = version + 1 WHERE tenant = $tenant AND id = $id AND state = 'waiting';

-- What became of those that went together; nothing but what is under way is settled.
-- name: wechat_out_settle (batch ref, state code, code i64, at time_ms) exec
UPDATE wechat_out SET state = $state, code = $code, sent_at = $at, version = version + 1 WHERE tenant = $tenant AND batch = $batch AND state = 'sending';

-- name: wechat_out_mark (id id, state code, at time_ms) exec
UPDATE wechat_out SET state = $state, sent_at = $at, version = version + 1 WHERE tenant = $tenant AND id = $id;

-- name: wechat_calls_open (customer ref, title code) many
SELECT t.id FROM task t WHERE t.tenant = $tenant AND t.customer_id = $customer AND t.state = 'open' AND t.title = $title ORDER BY t.id LIMIT 1;
