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

-- 3: a colleague has it in WeCom; 4: it was ended there.
-- name: wechat_session_leave (identity id, least count, session count) exec
UPDATE wechat_window SET session = $session WHERE tenant = $tenant AND identity_id = $identity AND session >= $least;

-- name: wechat_out_waiting (identity id) many hot
SELECT o.* FROM wechat_out o WHERE o.tenant = $tenant AND o.identity_id = $identity AND o.state = 'waiting' ORDER BY o.id LIMIT 50;

-- name: wechat_out_sending (identity id) many hot
SELECT o.id FROM wechat_out o WHERE o.tenant = $tenant AND o.identity_id = $identity AND o.state = 'sending' ORDER BY o.id LIMIT 1;

-- name: wechat_out_batch (batch ref) many hot
SELECT o.* FROM wechat_out o WHERE o.tenant = $tenant AND o.batch = $batch AND o.state = 'sending' ORDER BY o.id LIMIT 50;

-- name: wechat_out_of (conversation id) many hot
SELECT o.* FROM wechat_out o WHERE o.tenant = $tenant AND o.conversation_id = $conversation ORDER BY o.no DESC, o.id DESC LIMIT 100;

-- name: wechat_outs_of_message (conversation id, no count) many hot
SELECT o.* FROM wechat_out o WHERE o.tenant = $tenant AND o.conversation_id = $conversation AND o.no = $no ORDER BY o.id LIMIT 20;

-- A file that they do not take goes as a link.
-- name: wechat_out_links (id id) exec
UPDATE wechat_out SET form = 'link', version = version + 1 WHERE tenant = $tenant AND id = $id;

-- name: wechat_upload_of (account id, file id, now time_ms) many hot
SELECT u.media FROM wechat_upload u WHERE u.tenant = $tenant AND u.account_id = $account AND u.file_id = $file AND u.until > $now;

-- name: wechat_upload_put (account id, file id, conversation id, media text, until time_ms) exec
INSERT INTO wechat_upload (tenant, account_id, file_id, conversation_id, media, until) VALUES ($tenant, $account, $file, $conversation, $media, $until)
ON CONFLICT (tenant, account_id, file_id) DO UPDATE SET media = excluded.media, until = excluded.until;

-- name: wechat_upload_drop (account id, file id) exec
DELETE FROM wechat_upload WHERE tenant = $tenant AND account_id = $account AND file_id = $file;

-- name: wechat_out_take (id id, batch ref) exec
UPDATE wechat_out SET state = 'sending', batch = $batch, attempts = attempts + 1, version = version + 1 WHERE tenant = $tenant AND id = $id AND state = 'waiting';

-- name: wechat_out_sent (batch ref) many
SELECT o.* FROM wechat_out o WHERE o.tenant = $tenant AND o.batch = $batch AND o.state = 'sent' ORDER BY o.id LIMIT 50;

-- What became of those that went together; nothing but what is under way is settled.
-- name: wechat_out_settle (batch ref, state code, code i64, at time_ms) exec
UPDATE wechat_out SET state = $state, code = $code, sent_at = $at, version = version + 1 WHERE tenant = $tenant AND batch = $batch AND state = 'sending';

-- name: wechat_out_mark (id id, state code, at time_ms) exec
UPDATE wechat_out SET state = $state, sent_at = $at, version = version + 1 WHERE tenant = $tenant AND id = $id;

-- name: wechat_calls_open (customer ref, title code) many
SELECT t.id FROM task t WHERE t.tenant = $tenant AND t.customer_id = $customer AND t.state = 'open' AND t.title = $title ORDER BY t.id LIMIT 1;

-- Notices (docs/adr/0059) ------------------------------------------------------------------------------------------------------

-- name: wechat_by_app (app code) many
SELECT w.* FROM wechat_account w WHERE w.tenant = $tenant AND w.app_id = $app AND w.kind <> 'kf' AND w.state = 'on' AND w.archived_at = 0 ORDER BY w.id LIMIT 1;

-- Those that notices go by, and that can be said to.
-- name: wechat_accounts_on () many
SELECT w.* FROM wechat_account w WHERE w.tenant = $tenant AND w.kind <> 'kf' AND w.state = 'on' AND w.archived_at = 0 ORDER BY w.id LIMIT 20;

-- name: wechat_names_proven (customer id) many hot
SELECT i.* FROM identity i WHERE i.tenant = $tenant AND i.customer_id = $customer AND i.channel = 'wechat' AND i.verified_at > 0 AND i.archived_at = 0
 ORDER BY i.created_at DESC, i.id DESC LIMIT 20;

-- name: wechat_forms_of_notice (notice code) many hot
SELECT m.* FROM message_template m WHERE m.tenant = $tenant AND m.notice = $notice AND m.active = 1 AND m.archived_at = 0 AND m.wechat_kind <> 'none' ORDER BY m.id LIMIT 10;

-- name: wechat_bind_of (code_hash hash) many hot
SELECT b.* FROM wechat_bind b WHERE b.tenant = $tenant AND b.code_hash = $code_hash;

-- name: wechat_bind_said (code_hash hash, identity id) exec
UPDATE wechat_bind SET identity_id = $identity WHERE tenant = $tenant AND code_hash = $code_hash;

-- A customer has one word at a time.
-- name: wechat_bind_clear (customer id, now time_ms) exec
DELETE FROM wechat_bind WHERE tenant = $tenant AND (customer_id = $customer OR until < $now);

-- name: wechat_subscription_of (identity id, template code) many hot
SELECT s.* FROM wechat_subscription s WHERE s.tenant = $tenant AND s.identity_id = $identity AND s.template = $template;

-- name: wechat_subscription_put (identity id, template code, units count, told_at i64) exec
INSERT INTO wechat_subscription (tenant, identity_id, template, units, told_at) VALUES ($tenant, $identity, $template, $units, $told_at)
ON CONFLICT (tenant, identity_id, template) DO UPDATE SET units = excluded.units, told_at = excluded.told_at;
