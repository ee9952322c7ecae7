-- What the wall sums over open work stands in queue_entry alone, and in one index, so that no sum reads a ticket.
ALTER TABLE queue_entry ADD COLUMN critical flag NOT NULL DEFAULT 0;
ALTER TABLE queue_entry ADD COLUMN waits_since time_ms NOT NULL DEFAULT 0;             -- filed then and nobody has answered yet; 0: somebody has, or it waits for its customer

UPDATE queue_entry SET critical = 1
 WHERE EXISTS (SELECT 1 FROM ticket t WHERE t.tenant = queue_entry.tenant AND t.id = queue_entry.ticket_id AND t.grade = 'critical');
UPDATE queue_entry SET waits_since = (SELECT t.created_at FROM ticket t WHERE t.tenant = queue_entry.tenant AND t.id = queue_entry.ticket_id)
 WHERE EXISTS (SELECT 1 FROM ticket t WHERE t.tenant = queue_entry.tenant AND t.id = queue_entry.ticket_id AND t.first_response_at = 0 AND t.state <> 'waiting_customer');

CREATE INDEX queue_entry_sums ON queue_entry (tenant, owner_id, team_id, region_id, product_id, due_at, since, waits_since, critical, ticket_id);
