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

-- name: files_of_tickets (tickets id[]) many
SELECT f.ticket_id, f.file_id, f.comment_id, f.visibility, f.at FROM ticket_file f
 WHERE f.tenant = $tenant AND f.ticket_id IN ($tickets) ORDER BY f.at, f.file_id;

-- name: ratings_of_ticket (ticket id) many
SELECT r.* FROM ticket_rating r WHERE r.tenant = $tenant AND r.ticket_id = $ticket ORDER BY r.at DESC, r.id DESC LIMIT 20;

-- What is part of a ticket that goes for good.
-- name: ticket_files_drop (ticket id) exec
DELETE FROM ticket_file WHERE tenant = $tenant AND ticket_id = $ticket;

-- name: ticket_file_drop (ticket id, file id) exec
DELETE FROM ticket_file WHERE tenant = $tenant AND ticket_id = $ticket AND file_id = $file;

-- name: ticket_comments_drop (ticket id) exec
DELETE FROM ticket_comment WHERE tenant = $tenant AND ticket_id = $ticket;

-- name: ticket_ratings_drop (ticket id) exec
DELETE FROM ticket_rating WHERE tenant = $tenant AND ticket_id = $ticket;

-- name: ticket_comments_empty (ticket id) exec
UPDATE ticket_comment SET body = NULL, author = NULL WHERE tenant = $tenant AND ticket_id = $ticket;

-- name: ticket_ratings_empty (ticket id) exec
UPDATE ticket_rating SET body = NULL WHERE tenant = $tenant AND ticket_id = $ticket;

-- The tickets that nobody has written to for longest. live: open, used since, or emptied already. held: her other matters are open, its device is
-- under warranty, work or money waits, or it is of the demo.
-- name: tickets_still (before time_ms, after_at time_ms, after_id id, today day, most i64) many hot
SELECT t.id, t.updated_at,
       CASE WHEN t.state NOT IN ('closed', 'cancelled')
              OR EXISTS (SELECT e.id FROM erasure e WHERE e.tenant = $tenant AND e.object = 'ticket' AND e.object_id = t.id AND e.asked_at >= t.updated_at)
              OR EXISTS (SELECT g.id FROM erasure g WHERE g.tenant = $tenant AND g.object = 'customer' AND g.object_id = t.customer_id)
              OR EXISTS (SELECT v.no FROM event v WHERE v.tenant = $tenant AND v.object = 'ticket' AND v.object_id = t.id AND v.at >= $before) THEN 1 ELSE 0 END AS live:i64,
       CASE WHEN EXISTS (SELECT o.id FROM ticket o WHERE o.tenant = $tenant AND o.customer_id = t.customer_id AND o.state NOT IN ('closed', 'cancelled'))
              OR EXISTS (SELECT d.id FROM device d WHERE d.tenant = $tenant AND d.id = t.device_id AND d.warranty_until >= $today)
              OR EXISTS (SELECT k.id FROM task k WHERE k.tenant = $tenant AND k.ticket_id = t.id AND k.state = 'open' AND k.archived_at = 0)
              OR EXISTS (SELECT p.id FROM compensation p WHERE p.tenant = $tenant AND p.ticket_id = t.id AND p.state IN ('proposed', 'approved'))
              OR EXISTS (SELECT r.id FROM compensation_grant r WHERE r.tenant = $tenant AND r.ticket_id = t.id AND r.state <> 'done')
              OR EXISTS (SELECT m.place FROM demo_mark m WHERE m.tenant = $tenant AND m.object_id = t.id) THEN 1 ELSE 0 END AS held:i64
  FROM ticket t WHERE t.tenant = $tenant AND t.updated_at < $before AND (t.updated_at, t.id) > ($after_at, $after_id)
 ORDER BY t.updated_at, t.id LIMIT $most;

-- Its clocks were counted anew, the ticket itself is as it was.
-- name: ticket_due (id id, at time_ms) exec
UPDATE ticket SET next_due_at = $at WHERE tenant = $tenant AND id = $id;

-- How much each of these people has to do, when they last got something, done or not (the end of the index, once a state), and whether they know
-- the product.
-- name: assign_candidates (users id[], product ref) many
SELECT u.id, (SELECT count(*) FROM ticket t WHERE t.tenant = $tenant AND t.owner_id = u.id AND t.state IN ('new', 'accepted', 'working', 'waiting_customer')) AS open:i64,
       (SELECT CAST(coalesce(max(given.at), 0) AS bigint) FROM (
          SELECT max(l1.created_at) AS at FROM ticket l1 WHERE l1.tenant = $tenant AND l1.owner_id = u.id AND l1.state = 'new'
          UNION ALL SELECT max(l2.created_at) AS at FROM ticket l2 WHERE l2.tenant = $tenant AND l2.owner_id = u.id AND l2.state = 'accepted'
          UNION ALL SELECT max(l3.created_at) AS at FROM ticket l3 WHERE l3.tenant = $tenant AND l3.owner_id = u.id AND l3.state = 'working'
          UNION ALL SELECT max(l4.created_at) AS at FROM ticket l4 WHERE l4.tenant = $tenant AND l4.owner_id = u.id AND l4.state = 'waiting_customer'
          UNION ALL SELECT max(l5.created_at) AS at FROM ticket l5 WHERE l5.tenant = $tenant AND l5.owner_id = u.id AND l5.state = 'resolved'
          UNION ALL SELECT max(l6.created_at) AS at FROM ticket l6 WHERE l6.tenant = $tenant AND l6.owner_id = u.id AND l6.state = 'closed') AS given) AS last_at:i64,
       (SELECT count(*) FROM user_skill s WHERE s.tenant = $tenant AND s.user_id = u.id AND s.product_id = $product AND s.archived_at = 0) AS skilled:i64
  FROM user_account u WHERE u.tenant = $tenant AND u.id IN ($users) AND u.archived_at = 0 ORDER BY u.id LIMIT 500;

-- name: last_agent_of (customer id, besides id) many
SELECT t.owner_id, u.team_id FROM ticket t JOIN user_account u ON (u.tenant, u.id) = (t.tenant, t.owner_id)
 WHERE t.tenant = $tenant AND t.customer_id = $customer AND t.id <> $besides AND u.archived_at = 0 ORDER BY t.created_at DESC, t.id DESC LIMIT 1;

-- name: teams_of_region (region id) many
SELECT t.id FROM team t WHERE t.tenant = $tenant AND t.region_id = $region AND t.archived_at = 0 ORDER BY t.created_at, t.id LIMIT 50;

-- The ticket that had this number in that system; two systems may have used the same.
-- name: ticket_of_old_no (old_no code, source code) many hot
SELECT t.id FROM ticket t WHERE t.tenant = $tenant AND t.old_no = $old_no AND t.old_source = $source ORDER BY t.id LIMIT 1;

-- name: past_comment_of_no (old_no code, source code) many hot
SELECT k.id, k.ticket_id, k.visibility, k.at FROM ticket_comment k WHERE k.tenant = $tenant AND k.old_no = $old_no AND k.old_no <> '' AND k.old_source = $source ORDER BY k.id LIMIT 1;

-- name: past_comment_by_id (id id) many hot
SELECT k.ticket_id FROM ticket_comment k WHERE k.tenant = $tenant AND k.id = $id AND k.is_past = 1;

-- name: files_of_comment (ticket id, comment ref) many
SELECT f.file_id FROM ticket_file f WHERE f.tenant = $tenant AND f.ticket_id = $ticket AND f.comment_id = $comment ORDER BY f.file_id LIMIT 1;

-- Remarks and files that a ticket has.
-- name: ticket_hangs_on (ticket id, again id) many
SELECT k.id AS id:id FROM ticket_comment k WHERE k.tenant = $tenant AND k.ticket_id = $ticket
UNION ALL SELECT f.file_id FROM ticket_file f WHERE f.tenant = $tenant AND f.ticket_id = $again LIMIT 1;

-- Those without a number of their own are told apart by ticket, time, author and words.
-- name: past_comments_at (ticket id, at time_ms) many hot
SELECT k.* FROM ticket_comment k WHERE k.tenant = $tenant AND k.ticket_id = $ticket AND k.at = $at AND k.is_past = 1 ORDER BY k.id;

-- name: past_files_of (ticket id) many hot
SELECT f.file_id, f.old_path FROM ticket_file f WHERE f.tenant = $tenant AND f.ticket_id = $ticket AND f.old_path IS NOT NULL ORDER BY f.file_id;

-- Repairs that a device was reported for in a span of time.
-- name: repairs_after (device ref, since time_ms, until time_ms) many hot
SELECT t.id, t.symptoms FROM ticket t WHERE t.tenant = $tenant AND t.device_id = $device AND t.created_at > $since AND t.created_at <= $until
   AND t.scene = 'repair' AND t.state <> 'cancelled' AND t.archived_at = 0 ORDER BY t.created_at, t.id LIMIT 50;

-- Repairs of the devices of some tickets that were done before these were reported.
-- name: repairs_before (tickets id[], span i64, most i64) many hot
SELECT DISTINCT p.id FROM ticket t JOIN ticket p ON p.tenant = t.tenant AND p.device_id = t.device_id AND p.created_at < t.created_at AND p.created_at > t.created_at - $span
 WHERE t.tenant = $tenant AND t.id IN ($tickets) AND t.device_id > 0 AND t.scene = 'repair' AND p.scene = 'repair' AND p.solved_at > 0 ORDER BY p.id LIMIT $most;

-- What a customer has and has had: devices, and tickets since an instant.
-- name: customer_value (customer id, since time_ms, today day) one
SELECT (SELECT count(*) FROM device d WHERE d.tenant = $tenant AND d.customer_id = $customer AND d.archived_at = 0) AS devices:i64,
       (SELECT count(*) FROM device e WHERE e.tenant = $tenant AND e.customer_id = $customer AND e.archived_at = 0 AND e.warranty_until >= $today) AS under_warranty:i64,
       count(*) AS tickets:i64,
       CAST(coalesce(sum(CASE WHEN t.state NOT IN ('closed', 'cancelled') THEN 1 ELSE 0 END), 0) AS bigint) AS open:i64,
       CAST(coalesce(sum(CASE WHEN t.scene = 'complaint' THEN 1 ELSE 0 END), 0) AS bigint) AS complaints:i64,
       CAST(coalesce(sum(CASE WHEN t.reopen_count > 0 THEN 1 ELSE 0 END), 0) AS bigint) AS reopened:i64,
       CAST(coalesce(sum(CASE WHEN t.rating <> '' THEN 1 ELSE 0 END), 0) AS bigint) AS rated:i64,
       CAST(coalesce(sum(CASE WHEN t.rating IN ('satisfied', 'mostly') THEN 1 ELSE 0 END), 0) AS bigint) AS satisfied:i64,
       CAST(coalesce((SELECT sum(g.amount_fen) FROM ticket k JOIN compensation_grant g ON g.tenant = k.tenant AND g.ticket_id = k.id
                       WHERE k.tenant = $tenant AND k.customer_id = $customer AND k.created_at >= $since), 0) AS bigint) AS compensation_fen:i64
  FROM ticket t WHERE t.tenant = $tenant AND t.customer_id = $customer AND t.created_at >= $since AND t.archived_at = 0;

-- Until when its solution is promised.
-- name: solution_due (ticket id) many
SELECT s.due_at FROM service_clock s
 WHERE s.tenant = $tenant AND s.object = 'ticket' AND s.object_id = $ticket AND s.measure IN ('solution', 'closed_loop') AND s.state = 'running' ORDER BY s.due_at LIMIT 1;

-- name: tickets_of_customers (customers id[], most i64) many
SELECT t.id FROM ticket t WHERE t.tenant = $tenant AND t.customer_id IN ($customers) ORDER BY t.created_at DESC, t.id DESC LIMIT $most;

-- What faults are named after; one that was put away, too: tickets are counted by it.
-- name: fault_products () many
SELECT p.id, p.code, p.name, p.name_en FROM product p WHERE p.tenant = $tenant ORDER BY p.id LIMIT 1000;
