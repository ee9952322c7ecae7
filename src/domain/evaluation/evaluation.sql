-- name: lines_of_set (set id, after ref, most i64) many hot
SELECT l.* FROM question_line l WHERE l.tenant = $tenant AND l.set_id = $set AND l.id > $after AND l.archived_at = 0 ORDER BY l.id LIMIT $most;

-- name: lines_count (set id) one
SELECT count(*) AS n:i64 FROM question_line l WHERE l.tenant = $tenant AND l.set_id = $set AND l.archived_at = 0;

-- name: last_answer (evaluation id) many hot
SELECT a.line_id FROM evaluation_answer a WHERE a.tenant = $tenant AND a.evaluation_id = $evaluation ORDER BY a.line_id DESC LIMIT 1;

-- With the words of the question as they are now; a line that went for good is not told.
-- name: answers_of (evaluation id, after ref, most i64) many
SELECT a.line_id, a.expected, a.given, a.place, a.decision, a.confidence, a.was, a.was_place, a.was_decision, a.was_confidence, l.question
  FROM evaluation_answer a JOIN question_line l ON (l.tenant, l.id) = (a.tenant, a.line_id)
 WHERE a.tenant = $tenant AND l.tenant = $tenant AND a.evaluation_id = $evaluation AND a.line_id > $after ORDER BY a.line_id LIMIT $most;

-- name: answers_counted (evaluation id) many
SELECT a.expected, a.place, a.decision, a.was_place, a.was_decision FROM evaluation_answer a WHERE a.tenant = $tenant AND a.evaluation_id = $evaluation;

-- name: evaluation_progress (id id, done count) exec
UPDATE evaluation SET done = $done WHERE tenant = $tenant AND id = $id;

-- name: evaluations_running (set id) many hot
SELECT e.id FROM evaluation e WHERE e.tenant = $tenant AND e.set_id = $set AND e.state = 'running' AND e.archived_at = 0;

-- Of drafts; one a company at a time.
-- name: drafts_running () many hot
SELECT e.id FROM evaluation e WHERE e.tenant = $tenant AND e.state = 'running' AND e.article_id > 0 AND e.archived_at = 0;

-- name: evaluation_answers_drop (evaluation id) exec
DELETE FROM evaluation_answer WHERE tenant = $tenant AND evaluation_id = $evaluation;

-- Answers of which the customer said that they were right.
-- name: turns_solved (since time_ms, most i64) many
SELECT t.question, t.article FROM bot_turn t
 WHERE t.tenant = $tenant AND t.created_at >= $since AND t.verdict = 'solved' AND t.did = 'answer' AND t.article <> '' AND t.archived_at = 0
 ORDER BY t.created_at DESC, t.id DESC LIMIT $most;

-- What customers said of answers, by weeks behind `since` and what answered.
-- name: turns_judged (since time_ms) many
SELECT CAST((t.created_at - $since) / 604800000 AS bigint) AS week:i64, t.article, t.verdict, count(*) AS n:i64 FROM bot_turn t
 WHERE t.tenant = $tenant AND t.created_at >= $since AND t.verdict IN ('solved', 'unsolved') AND t.archived_at = 0
 GROUP BY CAST((t.created_at - $since) / 604800000 AS bigint), t.article, t.verdict;

-- Trials of what is in force that ended, the newest first.
-- name: trials_since (since time_ms, most i64) many
SELECT e.set_id, e.created_at, e.sums FROM evaluation e
 WHERE e.tenant = $tenant AND e.created_at >= $since AND e.state = 'done' AND e.article_id = 0 AND e.archived_at = 0 ORDER BY e.created_at DESC, e.id DESC LIMIT $most;

-- Left to a person, not understood, asked back in vain, of no help, or put right by an agent: what no gap has yet.
-- name: turns_in_vain (since time_ms, most i64) many
SELECT t.id, t.question, t.did, t.verdict, t.created_at FROM bot_turn t
 WHERE t.tenant = $tenant AND t.created_at >= $since AND t.archived_at = 0 AND t.question <> ''
   AND (t.did = 'sorry' OR t.verdict IN ('unsolved', 'corrected') OR (t.did = 'hand_over' AND t.why IN ('HO-01', 'HO-11', 'HO-12'))
        OR (t.did = 'clarify' AND EXISTS (SELECT 1 FROM bot_turn n
              WHERE n.tenant = $tenant AND n.conversation_id = t.conversation_id AND n.no > t.no AND n.did IN ('sorry', 'hand_over'))))
   AND NOT EXISTS (SELECT 1 FROM gap_turn g WHERE g.tenant = $tenant AND g.turn_id = t.id)
 ORDER BY t.created_at, t.id LIMIT $most;

-- What new questions may be alike.
-- name: gaps_to_join (most i64) many
SELECT g.id, g.vector FROM gap g WHERE g.tenant = $tenant AND g.state <> 'added' ORDER BY g.last_at DESC, g.id DESC LIMIT $most;

-- name: gap_turn_put (turn id, gap id, at time_ms) exec
INSERT INTO gap_turn (tenant, turn_id, gap_id, at) VALUES ($tenant, $turn, $gap, $at) ON CONFLICT DO NOTHING;

-- Those that still have a question: who asked may be erased, or the time of it be over.
-- name: gaps_of_state (state code, before time_ms, before_id ref, most i64) many
SELECT g.* FROM gap g WHERE g.tenant = $tenant AND g.state = $state AND (g.last_at < $before OR (g.last_at = $before AND g.id < $before_id))
   AND EXISTS (SELECT 1 FROM gap_turn s JOIN bot_turn t ON (t.tenant, t.id) = (s.tenant, s.turn_id)
                WHERE s.tenant = $tenant AND t.tenant = $tenant AND s.gap_id = g.id AND t.question <> '' AND t.archived_at = 0)
 ORDER BY g.last_at DESC, g.id DESC LIMIT $most;

-- put_right: it did not help, and somebody answered herself.
-- name: gap_questions (gap id, user i64, most i64) many hot
SELECT t.question, t.conversation_id, t.article, t.created_at,
       CASE WHEN t.verdict = 'unsolved' AND EXISTS (SELECT 1 FROM message m WHERE m.tenant = $tenant AND m.conversation_id = t.conversation_id AND m.no > t.no AND m.actor_kind = $user
              AND m.visibility = 'public') THEN 1 ELSE 0 END AS put_right:i64
  FROM gap_turn s JOIN bot_turn t ON (t.tenant, t.id) = (s.tenant, s.turn_id)
 WHERE s.tenant = $tenant AND t.tenant = $tenant AND s.gap_id = $gap AND t.question <> '' AND t.archived_at = 0 ORDER BY s.at DESC, s.turn_id DESC LIMIT $most;

-- What agents took instead, for these questions or what was written behind them until the next one that the bot had; the most frequent first.
-- name: gap_chosen (gap id, most i64) many hot
SELECT m.guess AS article:code, count(*) AS n:i64
  FROM gap_turn s JOIN bot_turn t ON (t.tenant, t.id) = (s.tenant, s.turn_id)
  JOIN conversation_mark m ON m.tenant = t.tenant AND m.conversation_id = t.conversation_id AND m.no >= t.no
 WHERE s.tenant = $tenant AND t.tenant = $tenant AND m.tenant = $tenant AND s.gap_id = $gap AND t.question <> '' AND t.archived_at = 0
   AND m.what = 'answer' AND m.value = 'used' AND m.guess <> '' AND m.guess <> t.article
   AND NOT EXISTS (SELECT 1 FROM bot_turn n WHERE n.tenant = $tenant AND n.conversation_id = t.conversation_id AND n.no > t.no AND n.no <= m.no AND n.did IN ('answer', 'clarify', 'own', 'tree', 'flow', 'sorry', 'assist'))
 GROUP BY m.guess ORDER BY count(*) DESC, m.guess LIMIT $most;

-- The same ones.
-- name: gaps_counted (state code) one
SELECT count(*) AS n:i64 FROM gap g WHERE g.tenant = $tenant AND g.state = $state
   AND EXISTS (SELECT 1 FROM gap_turn s JOIN bot_turn t ON (t.tenant, t.id) = (s.tenant, s.turn_id)
                WHERE s.tenant = $tenant AND t.tenant = $tenant AND s.gap_id = g.id AND t.question <> '' AND t.archived_at = 0);

-- Questions that somebody gave an article.
-- name: gaps_given (since time_ms, most i64) many
SELECT t.question, g.article FROM gap g JOIN gap_turn s ON (s.tenant, s.gap_id) = (g.tenant, g.id) JOIN bot_turn t ON (t.tenant, t.id) = (s.tenant, s.turn_id)
 WHERE g.tenant = $tenant AND s.tenant = $tenant AND t.tenant = $tenant AND g.state = 'added' AND g.last_at >= $since AND t.question <> '' AND t.archived_at = 0
 ORDER BY g.last_at DESC, t.id DESC LIMIT $most;

-- name: article_days () many
SELECT a.id, a.code, a.title_zh, a.review_on, a.expires_on, a.told_for FROM article a
 WHERE a.tenant = $tenant AND a.archived_at = 0 AND a.state = 'published' AND (a.review_on > 0 OR a.expires_on > 0) ORDER BY a.code;

-- By itself: nobody works on an older version for it.
-- name: article_told (id id, day day) exec
UPDATE article SET told_for = $day WHERE tenant = $tenant AND id = $id;

-- name: last_editors (article id, kind i64) many
SELECT h.actor_id FROM change h JOIN user_account u ON (u.tenant, u.id) = (h.tenant, h.actor_id)
 WHERE h.tenant = $tenant AND u.tenant = $tenant AND h.object = 'article' AND h.object_id = $article AND h.actor_kind = $kind AND u.archived_at = 0
 ORDER BY h.version DESC LIMIT 1;

-- name: turns_told (article code, since time_ms, most i64) many
SELECT t.conversation_id, t.question, t.verdict, t.created_at FROM bot_turn t
 WHERE t.tenant = $tenant AND t.article = $article AND t.did <> 'assist' AND t.created_at >= $since AND t.archived_at = 0 ORDER BY t.created_at DESC, t.id DESC LIMIT $most;

-- Texts in which a code stands somewhere; whether it is the article is for the caller to see. Macros that somebody keeps for himself are his.
-- name: names_article (like text, user ref) many
SELECT 'template' AS kind:code, p.id AS id:id, p.name AS name:code, p.name_en AS name_en:code, p.text_zh || ' ' || p.text_en AS words:text
  FROM message_template p WHERE p.tenant = $tenant AND p.archived_at = 0 AND p.text_zh || ' ' || p.text_en LIKE $like
UNION ALL
SELECT 'macro', m.id, m.name, m.name_en, CAST(m.actions AS text)
  FROM macro m WHERE m.tenant = $tenant AND m.archived_at = 0 AND (m.audience <> 'mine' OR m.owner_id = $user) AND CAST(m.actions AS text) LIKE $like
UNION ALL
SELECT 'rule', r.id, r.name, r.name_en, CAST(r.actions AS text) FROM rule r WHERE r.tenant = $tenant AND r.archived_at = 0 AND CAST(r.actions AS text) LIKE $like
UNION ALL
SELECT 'flow', f.id, f.name, f.name_en, CAST(f.moves AS text) FROM company_flow f WHERE f.tenant = $tenant AND f.archived_at = 0 AND CAST(f.moves AS text) LIKE $like
UNION ALL
SELECT 'web_chat', w.id, w.title, w.title, w.greeting || ' ' || w.greeting_en FROM web_chat w WHERE w.tenant = $tenant AND w.archived_at = 0 AND w.greeting || ' ' || w.greeting_en LIKE $like
UNION ALL
SELECT 'wechat_account', g.id, g.title, g.title, g.greeting FROM wechat_account g WHERE g.tenant = $tenant AND g.archived_at = 0 AND g.greeting LIKE $like
ORDER BY 1, 3, 2;
