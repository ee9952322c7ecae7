-- The open ticket of a device, newest first: shown instead of a second one.
-- name: open_tickets_of_device (device id, scene code) many hot
SELECT t.id, t.customer_id FROM ticket t
 WHERE t.tenant = $tenant AND t.device_id = $device AND t.scene = $scene AND t.state <> 'closed' AND t.state <> 'cancelled' AND t.archived_at = 0
 ORDER BY t.created_at DESC, t.id DESC LIMIT 20;

-- name: tickets_of_customer (customer id) many hot
SELECT t.* FROM ticket t WHERE t.tenant = $tenant AND t.customer_id = $customer AND t.archived_at = 0
 ORDER BY t.created_at DESC, t.id DESC LIMIT 50;

-- name: comments_of_tickets (tickets id[]) many hot
SELECT k.* FROM ticket_comment k WHERE k.tenant = $tenant AND k.ticket_id IN ($tickets) ORDER BY k.ticket_id, k.at, k.id;

-- name: comments_of_ticket (ticket id) many
SELECT k.* FROM ticket_comment k WHERE k.tenant = $tenant AND k.ticket_id = $ticket ORDER BY k.at, k.id;

-- name: files_of_ticket (ticket id) many
SELECT f.file_id, f.comment_id, f.visibility, f.at FROM ticket_file f
 WHERE f.tenant = $tenant AND f.ticket_id = $ticket ORDER BY f.at, f.file_id;

-- name: ratings_of_ticket (ticket id) many
SELECT r.* FROM ticket_rating r WHERE r.tenant = $tenant AND r.ticket_id = $ticket ORDER BY r.at DESC, r.id DESC LIMIT 20;

-- Its clocks were counted anew, the ticket itself is as it was.
-- name: ticket_due (id id, at time_ms) exec
UPDATE ticket SET next_due_at = $at WHERE tenant = $tenant AND id = $id;
