-- Splits lie in table merge with record 'split': the new ticket is the winner, it took parts over; the loser is where they lay before.
-- What a ticket was split from.
-- name: split_of (ticket id) many
SELECT m.* FROM merge m WHERE m.tenant = $tenant AND m.record = 'split' AND m.winner_id = $ticket ORDER BY m.at DESC, m.id DESC LIMIT 1;

-- What was split off a ticket, newest first; also what was taken back.
-- name: splits_from (ticket id) many
SELECT m.* FROM merge m WHERE m.tenant = $tenant AND m.record = 'split' AND m.loser_id = $ticket ORDER BY m.at DESC, m.id DESC LIMIT 50;

-- name: split_comments (from id, to id, ids id[]) exec
UPDATE ticket_comment SET ticket_id = $to WHERE tenant = $tenant AND ticket_id = $from AND id IN ($ids);

-- name: split_files_of_comments (from id, to id, ids id[]) exec
UPDATE ticket_file SET ticket_id = $to WHERE tenant = $tenant AND ticket_id = $from AND comment_id IN ($ids);

-- name: split_files (from id, to id, ids id[]) exec
UPDATE ticket_file SET ticket_id = $to WHERE tenant = $tenant AND ticket_id = $from AND comment_id = 0 AND file_id IN ($ids);

-- Whatever lies with a ticket is held by it, and what no longer does is not.
-- name: split_hold_files (ticket id) exec
INSERT INTO file_use (tenant, file_id, object, object_id)
SELECT f.tenant, f.file_id, 'ticket', f.ticket_id FROM ticket_file f WHERE f.tenant = $tenant AND f.ticket_id = $ticket
    ON CONFLICT DO NOTHING;

-- name: split_let_files_go (from id, to id) exec
DELETE FROM file_use WHERE file_use.tenant = $tenant AND object = 'ticket' AND object_id = $from
   AND file_id IN (SELECT f.file_id FROM ticket_file f WHERE f.tenant = $tenant AND f.ticket_id = $to);

-- name: split_tasks (from id, to id, at time_ms, ids id[]) exec
UPDATE task SET ticket_id = $to, version = version + 1, updated_at = $at WHERE tenant = $tenant AND ticket_id = $from AND id IN ($ids);

-- name: split_tasks_there (ticket id, ids id[]) many
SELECT t.id FROM task t WHERE t.tenant = $tenant AND t.ticket_id = $ticket AND t.id IN ($ids);

-- Should its customer come back out of a merge, the new ticket goes along with the one that it came from.
-- name: split_follow_customer (customer id, ticket id, fresh id) exec
INSERT INTO merge_part (tenant, merge_id, part, object_id)
SELECT p.tenant, p.merge_id, 'ticket', $fresh FROM merge m JOIN merge_part p ON p.tenant = m.tenant AND p.merge_id = m.id
 WHERE m.tenant = $tenant AND p.tenant = $tenant AND m.record = 'customer' AND m.winner_id = $customer AND m.undone_at = 0 AND p.part = 'ticket' AND p.object_id = $ticket;

-- Back: all that lies there, also what came in between. The same file twice stays where it is, and is held by both.
-- name: split_comments_back (from id, to id) exec
UPDATE ticket_comment SET ticket_id = $to WHERE tenant = $tenant AND ticket_id = $from;

-- name: split_files_back (from id, to id) exec
UPDATE ticket_file SET ticket_id = $to WHERE ticket_file.tenant = $tenant AND ticket_id = $from
   AND file_id NOT IN (SELECT f.file_id FROM ticket_file f WHERE f.tenant = $tenant AND f.ticket_id = $to);

-- name: split_tasks_back (from id, to id, at time_ms) exec
UPDATE task SET ticket_id = $to, version = version + 1, updated_at = $at WHERE tenant = $tenant AND ticket_id = $from;

-- name: split_proofs_back (from id, to id) exec
UPDATE purchase_proof SET ticket_id = $to, version = version + 1 WHERE tenant = $tenant AND ticket_id = $from;

-- name: split_plans_back (from id, to id, at time_ms) exec
UPDATE compensation SET ticket_id = $to, version = version + 1, updated_at = $at WHERE tenant = $tenant AND ticket_id = $from;

-- name: split_grants_back (from id, to id) exec
UPDATE compensation_grant SET ticket_id = $to, version = version + 1 WHERE tenant = $tenant AND ticket_id = $from;

-- name: split_talks_back (from id, to id, at time_ms) exec
UPDATE conversation SET ticket_id = $to, version = version + 1, updated_at = $at WHERE tenant = $tenant AND ticket_id = $from;

-- name: split_watchers_back (from id, to id) exec
INSERT INTO watcher (tenant, object, object_id, user_id, at)
SELECT w.tenant, w.object, $to, w.user_id, w.at FROM watcher w WHERE w.tenant = $tenant AND w.object = 'ticket' AND w.object_id = $from
    ON CONFLICT DO NOTHING;
