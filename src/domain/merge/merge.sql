-- The merge that took an object away, not taken back.
-- name: merge_open_of (record code, loser id) many
SELECT m.* FROM merge m WHERE m.tenant = $tenant AND m.record = $record AND m.loser_id = $loser AND m.undone_at = 0 ORDER BY m.at DESC, m.id DESC LIMIT 1;

-- What went into an object, newest first.
-- name: merges_into (record code, winner id) many
SELECT m.* FROM merge m WHERE m.tenant = $tenant AND m.record = $record AND m.winner_id = $winner AND m.undone_at = 0 ORDER BY m.at DESC, m.id DESC LIMIT 50;

-- name: merge_parts_of (merge id, part code) many
SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = $part ORDER BY p.object_id LIMIT 1;

-- Tags that the winner got of a merge.
-- name: merge_noted_tags (merge id) many
SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'tag' ORDER BY p.object_id;

-- name: merge_note_tag (merge id, tag id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id) VALUES ($tenant, $merge, 'tag', $tag) ON CONFLICT DO NOTHING;

-- name: merge_taken_back (id id, at time_ms) exec
UPDATE merge SET undone_at = $at WHERE tenant = $tenant AND id = $id AND undone_at = 0;

-- name: merge_note_keys (merge id, from id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT k.tenant, $merge, 'key', k.key FROM pii_key k WHERE k.tenant = $tenant AND k.object = 'customer' AND k.object_id = $from;

-- name: merge_move_keys (merge id, from id, to id) exec
UPDATE pii_key SET object_id = $to WHERE pii_key.tenant = $tenant AND object = 'customer' AND object_id = $from
   AND key IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'key');

-- Files that came in between lie with the tickets and conversations that go back: who erases their customer erases them.
-- name: merge_follow_files (from id, to id) exec
UPDATE pii_key SET object_id = $to WHERE pii_key.tenant = $tenant AND object = 'customer' AND object_id = $from
   AND key IN (SELECT f.key FROM ticket t JOIN file_use u ON u.tenant = t.tenant AND u.object = 'ticket' AND u.object_id = t.id
                 JOIN file f ON f.tenant = u.tenant AND f.id = u.file_id
                WHERE t.tenant = $tenant AND u.tenant = $tenant AND f.tenant = $tenant AND t.customer_id = $to
               UNION ALL
               SELECT g.key FROM conversation k JOIN file_use v ON v.tenant = k.tenant AND v.object = 'conversation' AND v.object_id = k.id
                 JOIN file g ON g.tenant = v.tenant AND g.id = v.file_id
                WHERE k.tenant = $tenant AND v.tenant = $tenant AND g.tenant = $tenant AND k.customer_id = $to);

-- What was made in between of conversations and tickets that go back goes with them: it tells of whoever they are about.
-- name: merge_follow_bot_turns (from id, to id) exec
UPDATE bot_turn SET customer_id = $to, version = version + 1 WHERE bot_turn.tenant = $tenant AND customer_id = $from
   AND conversation_id IN (SELECT k.id FROM conversation k WHERE k.tenant = $tenant AND k.customer_id = $to);

-- name: merge_follow_qualities (from id, to id) exec
UPDATE quality SET customer_id = $to, version = version + 1 WHERE quality.tenant = $tenant AND customer_id = $from
   AND conversation_id IN (SELECT k.id FROM conversation k WHERE k.tenant = $tenant AND k.customer_id = $to);

-- name: merge_follow_calls (from id, to id, at time_ms) exec
UPDATE phone_call SET customer_id = $to, version = version + 1, updated_at = $at WHERE phone_call.tenant = $tenant AND customer_id = $from
   AND conversation_id IN (SELECT k.id FROM conversation k WHERE k.tenant = $tenant AND k.customer_id = $to);

-- name: merge_follow_tasks (from id, to id, at time_ms) exec
UPDATE task SET customer_id = $to, version = version + 1, updated_at = $at WHERE task.tenant = $tenant AND customer_id = $from
   AND ticket_id IN (SELECT t.id FROM ticket t WHERE t.tenant = $tenant AND t.customer_id = $to);

-- Tickets made in between of conversations that go back, but for those that are merged with others meanwhile.
-- name: merge_follow_tickets (from id, to id, since time_ms, at time_ms) exec
UPDATE ticket SET customer_id = $to, version = version + 1, updated_at = $at WHERE ticket.tenant = $tenant AND customer_id = $from AND created_at >= $since
   AND id IN (SELECT k.ticket_id FROM conversation k WHERE k.tenant = $tenant AND k.customer_id = $to AND k.ticket_id > 0)
   AND NOT EXISTS (SELECT m.id FROM merge m WHERE m.tenant = $tenant AND m.record = 'ticket' AND m.winner_id = ticket.id AND m.undone_at = 0)
   AND NOT EXISTS (SELECT n.id FROM merge n WHERE n.tenant = $tenant AND n.record = 'ticket' AND n.loser_id = ticket.id AND n.undone_at = 0);

-- A conversation of the one that was put on a ticket of the other in between: neither is to be filled from, or read with, the other's.
-- name: merge_untie_talks (one id, other id, at time_ms) exec
UPDATE conversation SET ticket_id = 0, version = version + 1, updated_at = $at WHERE conversation.tenant = $tenant AND customer_id IN ($one, $other) AND ticket_id > 0
   AND NOT EXISTS (SELECT t.id FROM ticket t WHERE t.tenant = $tenant AND t.id = conversation.ticket_id AND t.customer_id = conversation.customer_id);

-- Whoever looks for the one finds the other.
-- name: merge_lend_lookups (from id, to id) exec
INSERT INTO lookup (tenant, kind, hash, object, object_id)
SELECT l.tenant, l.kind, l.hash, l.object, $to FROM lookup l WHERE l.tenant = $tenant AND l.object = 'customer' AND l.object_id = $from
    ON CONFLICT DO NOTHING;

-- name: merge_sessions_end (customer id) exec
DELETE FROM session WHERE tenant = $tenant AND actor_kind = 2 AND actor_id = $customer;

-- name: merge_note_tickets (merge id, from id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT r.tenant, $merge, 'ticket', r.id FROM ticket r WHERE r.tenant = $tenant AND r.customer_id = $from;

-- name: merge_move_tickets (merge id, from id, to id, at time_ms) exec
UPDATE ticket SET customer_id = $to, version = version + 1, updated_at = $at WHERE ticket.tenant = $tenant AND customer_id = $from
   AND id IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'ticket');

-- name: merge_note_devices (merge id, from id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT r.tenant, $merge, 'device', r.id FROM device r WHERE r.tenant = $tenant AND r.customer_id = $from;

-- name: merge_move_devices (merge id, from id, to id, at time_ms) exec
UPDATE device SET customer_id = $to, version = version + 1, updated_at = $at WHERE device.tenant = $tenant AND customer_id = $from
   AND id IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'device');

-- name: merge_note_contacts (merge id, from id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT r.tenant, $merge, 'contact', r.id FROM contact r WHERE r.tenant = $tenant AND r.customer_id = $from;

-- name: merge_move_contacts (merge id, from id, to id) exec
UPDATE contact SET customer_id = $to, version = version + 1 WHERE contact.tenant = $tenant AND customer_id = $from
   AND id IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'contact');

-- name: merge_note_addresses (merge id, from id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT r.tenant, $merge, 'address', r.id FROM address r WHERE r.tenant = $tenant AND r.customer_id = $from;

-- name: merge_move_addresses (merge id, from id, to id) exec
UPDATE address SET customer_id = $to, version = version + 1 WHERE address.tenant = $tenant AND customer_id = $from
   AND id IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'address');

-- name: merge_note_consents (merge id, from id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT r.tenant, $merge, 'consent', r.id FROM consent r WHERE r.tenant = $tenant AND r.customer_id = $from;

-- name: merge_move_consents (merge id, from id, to id) exec
UPDATE consent SET customer_id = $to, version = version + 1 WHERE consent.tenant = $tenant AND customer_id = $from
   AND id IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'consent');

-- name: merge_note_tasks (merge id, from id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT r.tenant, $merge, 'task', r.id FROM task r WHERE r.tenant = $tenant AND r.customer_id = $from;

-- name: merge_move_tasks (merge id, from id, to id, at time_ms) exec
UPDATE task SET customer_id = $to, version = version + 1, updated_at = $at WHERE task.tenant = $tenant AND customer_id = $from
   AND id IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'task');

-- name: merge_note_conversations (merge id, from id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT r.tenant, $merge, 'conversation', r.id FROM conversation r WHERE r.tenant = $tenant AND r.customer_id = $from;

-- name: merge_move_conversations (merge id, from id, to id, at time_ms) exec
UPDATE conversation SET customer_id = $to, version = version + 1, updated_at = $at WHERE conversation.tenant = $tenant AND customer_id = $from
   AND id IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'conversation');

-- What comes by a name of the one lands with the other.
-- name: merge_note_identities (merge id, from id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT r.tenant, $merge, 'identity', r.id FROM identity r WHERE r.tenant = $tenant AND r.customer_id = $from;

-- name: merge_move_identities (merge id, from id, to id) exec
UPDATE identity SET customer_id = $to, version = version + 1 WHERE identity.tenant = $tenant AND customer_id = $from
   AND id IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'identity');

-- name: merge_note_bot_turns (merge id, from id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT r.tenant, $merge, 'bot_turn', r.id FROM bot_turn r WHERE r.tenant = $tenant AND r.customer_id = $from;

-- name: merge_move_bot_turns (merge id, from id, to id) exec
UPDATE bot_turn SET customer_id = $to, version = version + 1 WHERE bot_turn.tenant = $tenant AND customer_id = $from
   AND id IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'bot_turn');

-- name: merge_note_qualities (merge id, from id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT r.tenant, $merge, 'quality', r.id FROM quality r WHERE r.tenant = $tenant AND r.customer_id = $from;

-- name: merge_move_qualities (merge id, from id, to id) exec
UPDATE quality SET customer_id = $to, version = version + 1 WHERE quality.tenant = $tenant AND customer_id = $from
   AND id IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'quality');

-- name: merge_note_tasks_of_ticket (merge id, from id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT r.tenant, $merge, 'task', r.id FROM task r WHERE r.tenant = $tenant AND r.ticket_id = $from;

-- name: merge_move_tasks_of_ticket (merge id, from id, to id, at time_ms) exec
UPDATE task SET ticket_id = $to, version = version + 1, updated_at = $at WHERE task.tenant = $tenant AND ticket_id = $from
   AND id IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'task');

-- name: merge_note_proofs_of_ticket (merge id, from id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT r.tenant, $merge, 'proof', r.id FROM purchase_proof r WHERE r.tenant = $tenant AND r.ticket_id = $from;

-- name: merge_move_proofs_of_ticket (merge id, from id, to id) exec
UPDATE purchase_proof SET ticket_id = $to, version = version + 1 WHERE purchase_proof.tenant = $tenant AND ticket_id = $from
   AND id IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'proof');

-- Of the loser's plans; what was given by a plan is wherever the plan is.
-- name: merge_note_plans_of_ticket (merge id, from id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT r.tenant, $merge, 'compensation', r.id FROM compensation r WHERE r.tenant = $tenant AND r.ticket_id = $from;

-- name: merge_move_plans_of_ticket (merge id, from id, to id, at time_ms) exec
UPDATE compensation SET ticket_id = $to, version = version + 1, updated_at = $at WHERE compensation.tenant = $tenant AND ticket_id = $from
   AND id IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'compensation');

-- name: merge_move_grants_of_ticket (merge id, from id, to id) exec
UPDATE compensation_grant SET ticket_id = $to, version = version + 1 WHERE compensation_grant.tenant = $tenant AND ticket_id = $from
   AND compensation_id IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'compensation');

-- name: merge_note_talks_of_ticket (merge id, from id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT r.tenant, $merge, 'conversation', r.id FROM conversation r WHERE r.tenant = $tenant AND r.ticket_id = $from;

-- name: merge_move_talks_of_ticket (merge id, from id, to id, at time_ms) exec
UPDATE conversation SET ticket_id = $to, version = version + 1, updated_at = $at WHERE conversation.tenant = $tenant AND ticket_id = $from
   AND id IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'conversation');

-- Tickets that a customer's parting would tear from those that they are merged with: what one person wrote would be another's to read.
-- name: merge_torn_tickets (merge id) many
SELECT m.id AS id:id FROM merge_part p JOIN merge m ON m.tenant = p.tenant AND m.record = 'ticket' AND m.loser_id = p.object_id
 WHERE p.tenant = $tenant AND m.tenant = $tenant AND p.merge_id = $merge AND p.part = 'ticket' AND m.undone_at = 0
   AND NOT EXISTS (SELECT o.object_id FROM merge_part o WHERE o.tenant = $tenant AND o.merge_id = $merge AND o.part = 'ticket' AND o.object_id = m.winner_id)
UNION ALL
SELECT n.id AS id:id FROM merge_part q JOIN merge n ON n.tenant = q.tenant AND n.record = 'ticket' AND n.winner_id = q.object_id
 WHERE q.tenant = $tenant AND n.tenant = $tenant AND q.merge_id = $merge AND q.part = 'ticket' AND n.undone_at = 0
   AND NOT EXISTS (SELECT r.object_id FROM merge_part r WHERE r.tenant = $tenant AND r.merge_id = $merge AND r.part = 'ticket' AND r.object_id = n.loser_id)
 LIMIT 1;

-- Others who share a phone, a mail address or a name with a customer, by how much they share; neither archived nor merged.
-- name: customer_likely_same (customer id, most i64) many
SELECT o.object_id, count(*) AS shared:i64
  FROM lookup m JOIN lookup o ON o.tenant = m.tenant AND o.kind = m.kind AND o.hash = m.hash AND o.object = m.object
  JOIN customer c ON c.tenant = o.tenant AND c.id = o.object_id
 WHERE m.tenant = $tenant AND o.tenant = $tenant AND c.tenant = $tenant AND m.object = 'customer' AND m.object_id = $customer
   AND m.kind <> 'phone_last4' AND o.object_id <> $customer AND c.archived_at = 0
   AND NOT EXISTS (SELECT d.other_id FROM told_apart d WHERE d.tenant = $tenant AND d.record = 'customer' AND d.object_id = m.object_id AND d.other_id = o.object_id)
 GROUP BY o.object_id ORDER BY shared DESC, o.object_id LIMIT $most;

-- A customer's other tickets that may be about the same matter: open, or of the same device; newest first.
-- name: ticket_likely_same (customer id, ticket id, device ref, most i64) many
SELECT t.* FROM ticket t
 WHERE t.tenant = $tenant AND t.customer_id = $customer AND t.id <> $ticket AND t.archived_at = 0
   AND (t.state NOT IN ('closed', 'cancelled') OR (t.device_id = $device AND t.device_id > 0))
   AND NOT EXISTS (SELECT d.other_id FROM told_apart d WHERE d.tenant = $tenant AND d.record = 'ticket' AND d.object_id = $ticket AND d.other_id = t.id)
 ORDER BY t.created_at DESC, t.id DESC LIMIT $most;

-- name: merge_note_calls (merge id, from id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT r.tenant, $merge, 'phone_call', r.id FROM phone_call r WHERE r.tenant = $tenant AND r.customer_id = $from;

-- name: merge_move_calls (merge id, from id, to id, at time_ms) exec
UPDATE phone_call SET customer_id = $to, version = version + 1, updated_at = $at WHERE phone_call.tenant = $tenant AND customer_id = $from
   AND id IN (SELECT p.object_id FROM merge_part p WHERE p.tenant = $tenant AND p.merge_id = $merge AND p.part = 'phone_call');
