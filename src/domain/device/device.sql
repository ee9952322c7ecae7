-- Proofs of purchase that nobody judged in time.
-- name: proofs_past (before time_ms, most count) many
SELECT p.* FROM purchase_proof p WHERE p.tenant = $tenant AND p.verdict = 'waiting' AND p.created_at < $before
 ORDER BY p.created_at, p.id LIMIT $most;

-- Proofs that came with a ticket, whether its device was known or not.
-- name: proofs_of_ticket (ticket id) many hot
SELECT p.* FROM purchase_proof p WHERE p.tenant = $tenant AND p.ticket_id = $ticket ORDER BY p.id LIMIT 50;
