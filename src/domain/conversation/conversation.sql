-- The conversation of a customer in a channel that is not closed.
-- name: open_conversation (customer id, channel code) many hot
SELECT k.* FROM conversation k WHERE k.tenant = $tenant AND k.customer_id = $customer AND k.channel = $channel AND k.state <> 'closed' AND k.archived_at = 0
 ORDER BY k.last_at DESC, k.id DESC LIMIT 1;

-- name: conversations_of_customer (customer id) many hot
SELECT k.* FROM conversation k WHERE k.tenant = $tenant AND k.customer_id = $customer AND k.archived_at = 0 ORDER BY k.last_at DESC, k.id DESC LIMIT 20;

-- What a customer said, newest first, or one of it alone. hers: she has shown that it is she, or somebody of staff asked: about it, or about another that came by the
-- same name, where that is no number that a household shares.
-- name: talks_of_customer (customer id, only ref, at time_ms, below id, most i64) many hot
SELECT k.id, k.identity_id, k.last_at,
       CASE WHEN k.identity_id = 0
              OR EXISTS (SELECT i.id FROM identity i WHERE i.tenant = $tenant AND i.id = k.identity_id AND i.customer_id = k.customer_id AND i.verified_at > 0 AND i.verified_by <> 'staff')
              OR EXISTS (SELECT m.id FROM conversation_mark m WHERE m.tenant = $tenant AND m.conversation_id = k.id AND m.what = 'asked')
              OR k.channel NOT IN ('sms', 'phone')
                 AND EXISTS (SELECT a.id FROM conversation n JOIN conversation_mark a ON a.tenant = n.tenant AND a.conversation_id = n.id
                              WHERE n.tenant = $tenant AND a.tenant = $tenant AND n.identity_id = k.identity_id AND n.customer_id = k.customer_id AND a.what = 'asked')
            THEN 1 ELSE 0 END AS hers:i64
  FROM conversation k
 WHERE k.tenant = $tenant AND k.customer_id = $customer AND k.archived_at = 0 AND ($only = 0 OR k.id = $only) AND (k.last_at < $at OR (k.last_at = $at AND k.id < $below))
 ORDER BY k.last_at DESC, k.id DESC LIMIT $most;

-- What agents put right of what was recognised, the last word first; what the house notes of its messages lies there, too.
-- name: marks_of_conversation (conversation id) many hot
SELECT m.* FROM conversation_mark m WHERE m.tenant = $tenant AND m.conversation_id = $conversation
   AND m.what IN ('scene', 'product', 'fault', 'urgency', 'emotion', 'language') ORDER BY m.at DESC, m.id DESC LIMIT 50;

-- How long they were spoken.
-- name: talks_spoken (customer ref, conversations id[]) many
SELECT p.conversation_id, CAST(sum(p.seconds) AS bigint) AS seconds:i64 FROM phone_call p
 WHERE p.tenant = $tenant AND p.customer_id = $customer AND p.conversation_id IN ($conversations) GROUP BY p.conversation_id;

-- What came before is there already.
-- name: message_was_seen (channel code, sender_id id, name hash) many hot
SELECT s.conversation_id, s.no FROM message_seen s
 WHERE s.tenant = $tenant AND s.channel = $channel AND s.sender_id = $sender_id AND s.name = $name;

-- name: messages_after (conversation id, after count, most i64) many hot
SELECT m.* FROM message m WHERE m.tenant = $tenant AND m.conversation_id = $conversation AND m.no > $after ORDER BY m.no LIMIT $most;

-- name: messages_before (conversation id, before count, most i64) many hot
SELECT m.* FROM message m WHERE m.tenant = $tenant AND m.conversation_id = $conversation AND m.no < $before ORDER BY m.no DESC LIMIT $most;

-- name: message_by_no (conversation id, no count) many hot
SELECT m.* FROM message m WHERE m.tenant = $tenant AND m.conversation_id = $conversation AND m.no = $no;

-- name: messages_of_conversations (conversations id[]) many hot
SELECT m.* FROM message m WHERE m.tenant = $tenant AND m.conversation_id IN ($conversations) ORDER BY m.conversation_id, m.no;

-- name: conversation_due (id id, at time_ms) exec
UPDATE conversation SET next_due_at = $at WHERE tenant = $tenant AND id = $id;

-- name: messages_drop (conversation id) exec
DELETE FROM message WHERE tenant = $tenant AND conversation_id = $conversation;

-- name: messages_seen_drop (conversation id) exec
DELETE FROM message_seen WHERE tenant = $tenant AND conversation_id = $conversation;

-- name: messages_empty (conversation id) exec
UPDATE message SET body = NULL WHERE tenant = $tenant AND conversation_id = $conversation;

-- The conversation that came by one name of a person and is not closed.
-- name: open_conversation_of_identity (identity id, channel code) many hot
SELECT k.* FROM conversation k WHERE k.tenant = $tenant AND k.identity_id = $identity AND k.channel = $channel AND k.state <> 'closed' AND k.archived_at = 0
 ORDER BY k.last_at DESC, k.id DESC LIMIT 1;

-- name: conversations_of_identity (identity id) many hot
SELECT k.* FROM conversation k WHERE k.tenant = $tenant AND k.identity_id = $identity AND k.archived_at = 0 ORDER BY k.last_at DESC, k.id DESC LIMIT 20;

-- name: files_of_messages (conversation id, first count, last count) many hot
SELECT f.no, f.file_id FROM message_file f WHERE f.tenant = $tenant AND f.conversation_id = $conversation AND f.no >= $first AND f.no <= $last ORDER BY f.no, f.file_id;

-- Of the message that carries a file.
-- name: message_of_file (conversation id, file id) many hot
SELECT m.no, m.visibility FROM message_file f JOIN message m ON m.tenant = f.tenant AND m.conversation_id = f.conversation_id AND m.no = f.no
 WHERE f.tenant = $tenant AND f.conversation_id = $conversation AND f.file_id = $file;

-- name: message_files_drop (conversation id) exec
DELETE FROM message_file WHERE tenant = $tenant AND conversation_id = $conversation;

-- Until when an answer is promised: being taken from the queue is none, and before the first one the next one is not meant.
-- name: answer_due (conversation id) many hot
SELECT s.due_at FROM service_clock s
 WHERE s.tenant = $tenant AND s.object = 'conversation' AND s.object_id = $conversation AND s.measure IN ('first_response', 'next_response') AND s.state = 'running'
 ORDER BY s.measure LIMIT 1;

-- What was on its way by WeChat goes with what was said (domain/wechat).
-- name: conversation_outs_drop (conversation id) exec
DELETE FROM wechat_out WHERE tenant = $tenant AND conversation_id = $conversation;

-- name: conversation_uploads_drop (conversation id) exec
DELETE FROM wechat_upload WHERE tenant = $tenant AND conversation_id = $conversation;

-- name: conversation_media_drop (conversation id) exec
DELETE FROM wechat_media WHERE tenant = $tenant AND conversation_id = $conversation;

-- Its mails (domain/mail).
-- name: conversation_letters_drop (conversation id) exec
DELETE FROM mail_letter WHERE tenant = $tenant AND conversation_id = $conversation;

-- What the bot made of it goes with it, and from the gaps it was gathered in (domain/evaluation).
-- name: gap_turns_drop (conversation id) exec
DELETE FROM gap_turn WHERE gap_turn.tenant = $tenant AND turn_id IN (SELECT t.id FROM bot_turn t WHERE t.tenant = $tenant AND t.conversation_id = $conversation);

-- name: bot_turns_drop (conversation id) exec
DELETE FROM bot_turn WHERE tenant = $tenant AND conversation_id = $conversation;

-- name: bot_talk_drop (conversation id) exec
DELETE FROM bot_talk WHERE tenant = $tenant AND conversation_id = $conversation;

-- name: conversation_marks_drop (conversation id) exec
DELETE FROM conversation_mark WHERE tenant = $tenant AND conversation_id = $conversation;

-- Messages that were marked as something.
-- name: messages_marked (conversation id, what code) many hot
SELECT m.no FROM conversation_mark m WHERE m.tenant = $tenant AND m.conversation_id = $conversation AND m.what = $what ORDER BY m.at, m.id LIMIT 200;

-- What the bot told, oldest first.
-- name: bot_told (conversation id) many hot
SELECT t.question, t.article, t.did, t.verdict FROM bot_turn t WHERE t.tenant = $tenant AND t.conversation_id = $conversation AND t.did <> 'assist' ORDER BY t.no, t.id LIMIT 40;

-- name: bot_turns_empty (conversation id) exec
UPDATE bot_turn SET question = '' WHERE tenant = $tenant AND conversation_id = $conversation;

-- Which of its messages went by SMS (domain/sms).
-- name: conversation_sms_drop (conversation id) exec
DELETE FROM sms_out WHERE tenant = $tenant AND conversation_id = $conversation;

-- name: conversations_of_customers (customers id[], most i64) many
SELECT k.id FROM conversation k WHERE k.tenant = $tenant AND k.customer_id IN ($customers) ORDER BY k.last_at DESC, k.id DESC LIMIT $most;

-- A conversation becomes another customer's: what of it is sealed with whose key (conversation_give.c).
-- name: message_seal (conversation id, no count, key key_id, body sealed) exec
UPDATE message SET key = $key, body = $body WHERE tenant = $tenant AND conversation_id = $conversation AND no = $no;

-- name: calls_of_conversation (conversation ref, customer ref) many
SELECT p.id, p.key, p.number FROM phone_call p WHERE p.tenant = $tenant AND p.customer_id = $customer AND p.conversation_id = $conversation ORDER BY p.id LIMIT 100;

-- name: call_give (id id, customer ref, key key_id, number sealed) exec
UPDATE phone_call SET customer_id = $customer, key = $key, number = $number, version = version + 1 WHERE tenant = $tenant AND id = $id;

-- Files that lie with it.
-- name: conversation_keys_give (conversation id, from id, to id) exec
UPDATE pii_key SET object_id = $to WHERE pii_key.tenant = $tenant AND object = 'customer' AND object_id = $from
   AND key IN (SELECT f.key FROM message_file m JOIN file f ON f.tenant = m.tenant AND f.id = m.file_id WHERE m.tenant = $tenant AND m.conversation_id = $conversation);

-- name: conversation_turns_give (conversation id, customer id) exec
UPDATE bot_turn SET customer_id = $customer WHERE tenant = $tenant AND conversation_id = $conversation;

-- What inspectors wrote stays sealed as it is.
-- name: conversation_quality_give (conversation id, customer id, key key_id) exec
UPDATE quality SET customer_id = $customer, key = CASE WHEN comment IS NULL AND appeal IS NULL AND decision IS NULL THEN $key ELSE key END
 WHERE tenant = $tenant AND conversation_id = $conversation;

-- What the bot made of a conversation, for what is promised of it; what it suggested to an agent is none of its own.
-- name: bot_answers_of (conversation id) many hot
SELECT t.did, t.verdict FROM bot_turn t WHERE t.tenant = $tenant AND t.conversation_id = $conversation AND t.did <> 'assist' ORDER BY t.no, t.id LIMIT 400;
