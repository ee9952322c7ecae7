-- What other plans of these tickets come to: those that wait, are approved or were carried out.
-- name: plans_sum (tickets id[], besides ref) one
SELECT CAST(coalesce(sum(p.total_fen), 0) AS bigint) AS fen:i64 FROM compensation p
 WHERE p.tenant = $tenant AND p.ticket_id IN ($tickets) AND p.id <> $besides AND p.state IN ('proposed', 'approved', 'granted');

-- What a person has approved alone since an instant.
-- name: plans_alone_sum (user id, since time_ms, besides ref) one
SELECT CAST(coalesce(sum(p.total_fen), 0) AS bigint) AS fen:i64 FROM compensation p
 WHERE p.tenant = $tenant AND p.decided_by = $user AND p.decided_at >= $since AND p.alone = 1 AND p.id <> $besides AND p.state IN ('approved', 'granted');

-- What was given on a ticket, in the order of giving.
-- name: grants_of_tickets (tickets id[]) many
SELECT g.* FROM compensation_grant g WHERE g.tenant = $tenant AND g.ticket_id IN ($tickets) ORDER BY g.created_at, g.id LIMIT 50;
