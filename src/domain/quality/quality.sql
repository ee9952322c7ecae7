-- Quality inspection: rules, results, and what an inspection has to know beside the messages.

-- name: quality_rules_on () many
SELECT r.* FROM quality_rule r WHERE r.tenant = $tenant AND r.state = 'on' AND r.archived_at = 0 ORDER BY r.place, r.id LIMIT 200;

-- The results of a conversation, the newest first.
-- name: qualities_of (conversation id) many hot
SELECT q.* FROM quality q WHERE q.tenant = $tenant AND q.conversation_id = $conversation ORDER BY q.round DESC, q.id DESC LIMIT 50;

-- name: quality_findings_of (quality id) many hot
SELECT f.* FROM quality_finding f WHERE f.tenant = $tenant AND f.quality_id = $quality ORDER BY f.no;

-- name: quality_verdict (quality id, no count, verdict code) exec
UPDATE quality_finding SET verdict = $verdict WHERE tenant = $tenant AND quality_id = $quality AND no = $no;

-- name: quality_findings_drop (quality id) exec
DELETE FROM quality_finding WHERE tenant = $tenant AND quality_id = $quality;

-- What became of a conversation beside its messages: answers of the bot, hand-overs, tickets.
-- name: quality_events (conversation id) many hot
SELECT e.kind, e.at, e.actor_kind, e.actor_id, e.data FROM event e
 WHERE e.tenant = $tenant AND e.object = 'conversation' AND e.object_id = $conversation
   AND e.kind IN ('conversation.answered', 'conversation.assign', 'conversation.enqueue', 'conversation.route', 'conversation.ticketed')
 ORDER BY e.no LIMIT 1000;

-- When something was put down to be done for the customer, from then on.
-- name: quality_tasks (customer id, from_at time_ms) many
SELECT t.created_at FROM task t WHERE t.tenant = $tenant AND t.customer_id = $customer AND t.created_at >= $from_at ORDER BY t.due_at, t.id LIMIT 200;

-- The same on her ticket.
-- name: quality_ticket_tasks (ticket id, from_at time_ms) many
SELECT t.created_at FROM task t WHERE t.tenant = $tenant AND t.ticket_id = $ticket AND t.created_at >= $from_at ORDER BY t.due_at, t.id LIMIT 200;

-- name: quality_tickets (customer id, from_at time_ms) many
SELECT t.created_at FROM ticket t WHERE t.tenant = $tenant AND t.customer_id = $customer AND t.created_at >= $from_at ORDER BY t.created_at LIMIT 200;

-- Of one agent, the newest first.
-- name: qualities_of_agent (agent id, after time_ms, after_id id, most i64) many hot
SELECT q.* FROM quality q WHERE q.tenant = $tenant AND q.agent_id = $agent AND q.state <> 'replaced' AND q.archived_at = 0
   AND (q.closed_at < $after OR (q.closed_at = $after AND q.id < $after_id)) ORDER BY q.closed_at DESC, q.id DESC LIMIT $most;

-- What ended in a time and nobody has looked at, for drawing.
-- name: qualities_to_draw (from_at time_ms, to_at time_ms) many
SELECT q.id, q.agent_id, q.state, q.drawn_for FROM quality q
 WHERE q.tenant = $tenant AND q.closed_at >= $from_at AND q.closed_at < $to_at AND q.state <> 'replaced' AND q.archived_at = 0 AND q.agent_id <> 0 ORDER BY q.id LIMIT 100000;

-- Sums of a time by everything that is asked for; by days (daily 1) only where that is, for they are many.
-- name: quality_sums (from_at time_ms, to_at time_ms, shift i64, daily i64) many
SELECT q.agent_id, q.team_id, q.region_id, q.channel, CASE WHEN $daily = 1 THEN (q.closed_at + $shift) / 86400000 ELSE 0 END AS day:day, count(*) AS n:i64, CAST(sum(q.compliant) AS bigint) AS compliant:i64,
       CAST(sum(q.score) AS bigint) AS score:i64, CAST(sum(q.fatal) AS bigint) AS fatal:i64, CAST(sum(CASE WHEN q.reviewed_by <> 0 THEN 1 ELSE 0 END) AS bigint) AS reviewed:i64
  FROM quality q
 WHERE q.tenant = $tenant AND q.closed_at >= $from_at AND q.closed_at < $to_at AND q.state <> 'replaced' AND q.archived_at = 0
 GROUP BY q.agent_id, q.team_id, q.region_id, q.channel, CASE WHEN $daily = 1 THEN (q.closed_at + $shift) / 86400000 ELSE 0 END LIMIT 100000;

-- The same of findings: how often a rule was broken, and in how many results.
-- name: quality_rule_sums (from_at time_ms, to_at time_ms) many
SELECT b.rule_id AS rule_id:ref, b.agent_id AS agent_id:ref, b.team_id AS team_id:ref, b.region_id AS region_id:ref, b.channel AS channel:code, CAST(sum(b.n) AS bigint) AS n:i64, count(*) AS results:i64
  FROM (SELECT f.quality_id, f.rule_id, q.agent_id, q.team_id, q.region_id, q.channel, count(*) AS n FROM quality q JOIN quality_finding f ON (f.tenant, f.quality_id) = (q.tenant, q.id)
         WHERE q.tenant = $tenant AND f.tenant = $tenant AND q.closed_at >= $from_at AND q.closed_at < $to_at AND q.state <> 'replaced' AND q.archived_at = 0 AND f.verdict NOT IN ('false', 'unsure')
         GROUP BY f.quality_id, f.rule_id, q.agent_id, q.team_id, q.region_id, q.channel) b
 GROUP BY b.rule_id, b.agent_id, b.team_id, b.region_id, b.channel LIMIT 100000;
