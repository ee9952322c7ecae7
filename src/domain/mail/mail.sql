-- name: mail_password_put (id id, password sealed, at time_ms) exec
UPDATE mail_account SET password = $password, password_at = $at, version = version + 1 WHERE tenant = $tenant AND id = $id;

-- name: mail_box_of (account id) many hot
SELECT b.* FROM mail_box b WHERE b.tenant = $tenant AND b.account_id = $account;

-- How far it was read, with what was read.
-- name: mail_box_read (account id, validity count, last_uid count, newest_at time_ms, at time_ms, taken_at time_ms) exec
INSERT INTO mail_box (tenant, account_id, validity, last_uid, newest_at, read_at, taken_at) VALUES ($tenant, $account, $validity, $last_uid, $newest_at, $at, $taken_at)
ON CONFLICT (tenant, account_id) DO UPDATE SET validity = excluded.validity, last_uid = excluded.last_uid, newest_at = excluded.newest_at, read_at = excluded.read_at, taken_at = excluded.taken_at, trouble = '', words = '';

-- name: mail_box_trouble (account id, trouble code, words text, at time_ms) exec
INSERT INTO mail_box (tenant, account_id, trouble, words, trouble_at) VALUES ($tenant, $account, $trouble, $words, $at)
ON CONFLICT (tenant, account_id) DO UPDATE SET trouble = excluded.trouble, words = excluded.words, trouble_at = excluded.trouble_at;

-- name: mail_letters_named (name hash) many hot
SELECT l.* FROM mail_letter l WHERE l.tenant = $tenant AND l.name = $name ORDER BY l.id DESC LIMIT 50;

-- name: mail_letters_waiting (conversation id) many
SELECT l.* FROM mail_letter l WHERE l.tenant = $tenant AND l.conversation_id = $conversation AND l.way = 'out' AND l.state = 'waiting' ORDER BY l.no, l.id LIMIT 20;

-- name: mail_letters_sending (conversation id) many
SELECT l.id FROM mail_letter l WHERE l.tenant = $tenant AND l.conversation_id = $conversation AND l.way = 'out' AND l.state = 'sending' ORDER BY l.no LIMIT 1;

-- name: mail_letters_batch (batch ref) many hot
SELECT l.* FROM mail_letter l WHERE l.tenant = $tenant AND l.batch = $batch AND l.state = 'sending' ORDER BY l.id LIMIT 50;

-- What came in, newest first.
-- name: mail_letters_in (conversation id) many hot
SELECT l.* FROM mail_letter l WHERE l.tenant = $tenant AND l.conversation_id = $conversation AND l.way = 'in' ORDER BY l.no DESC, l.id DESC LIMIT 200;

-- name: mail_letter_last_in (conversation id) many hot
SELECT l.* FROM mail_letter l WHERE l.tenant = $tenant AND l.conversation_id = $conversation AND l.way = 'in' ORDER BY l.no DESC, l.id DESC LIMIT 1;

-- name: mail_letters_out (conversation id) many hot
SELECT l.no, l.state, l.why FROM mail_letter l WHERE l.tenant = $tenant AND l.conversation_id = $conversation AND l.way = 'out' ORDER BY l.no DESC, l.id DESC LIMIT 100;

-- What hangs on a message.
-- name: mail_files_of (conversation id, no count) one hot
SELECT count(*) AS n:count, CAST(coalesce(sum(f.size), 0) AS bigint) AS bytes:count FROM message_file m JOIN file f ON f.tenant = m.tenant AND f.id = m.file_id
 WHERE m.tenant = $tenant AND m.conversation_id = $conversation AND m.no = $no;

-- What machines of ours have written to one address since then.
-- name: mail_letters_by_machine (identity id, since time_ms) one
SELECT count(*) AS n:count FROM mail_letter l WHERE l.tenant = $tenant AND l.identity_id = $identity AND l.created_at >= $since AND l.way = 'out' AND l.kind = 'machine' AND l.state <> 'silent' AND l.state <> 'waiting';

-- name: mail_letter_take (id id, batch ref, name hash) exec
UPDATE mail_letter SET state = 'sending', batch = $batch, name = $name, attempts = attempts + 1, version = version + 1 WHERE tenant = $tenant AND id = $id AND state = 'waiting';

-- Nothing but what is under way is settled.
-- name: mail_letters_settle (batch ref, state code, why text, at time_ms) exec
UPDATE mail_letter SET state = $state, why = $why, sent_at = $at, version = version + 1 WHERE tenant = $tenant AND batch = $batch AND state = 'sending';

-- name: mail_letter_mark (id id, state code, why text) exec
UPDATE mail_letter SET state = $state, why = $why, version = version + 1 WHERE tenant = $tenant AND id = $id;
