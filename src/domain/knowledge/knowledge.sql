-- What a company wrote, in the order of its entries.
-- name: knowledge_articles () many
SELECT a.* FROM article a WHERE a.tenant = $tenant AND a.archived_at = 0 ORDER BY a.code;

-- name: knowledge_phrasings () many
SELECT p.* FROM phrasing p WHERE p.tenant = $tenant AND p.archived_at = 0 ORDER BY p.article, p.created_at, p.id;

-- name: knowledge_products () many
SELECT p.code, p.name, p.name_en FROM product p WHERE p.tenant = $tenant AND p.archived_at = 0 ORDER BY p.created_at, p.id;

-- name: knowledge_models () many
SELECT m.code FROM model m WHERE m.tenant = $tenant AND m.archived_at = 0;

-- Put away or not: a code is given once.
-- name: article_by_code (code code) many hot
SELECT a.* FROM article a WHERE a.tenant = $tenant AND a.code = $code;

-- name: phrasings_of_article (article code) many
SELECT p.* FROM phrasing p WHERE p.tenant = $tenant AND p.article = $article ORDER BY p.created_at, p.id;

-- name: article_counts () many
SELECT n.* FROM article_count n WHERE n.tenant = $tenant;

-- name: article_count_of (article code) many hot
SELECT n.* FROM article_count n WHERE n.tenant = $tenant AND n.article = $article;

-- name: article_count_up (article code, used count, helpful count, unhelpful count) exec
INSERT INTO article_count (tenant, article, used, helpful, unhelpful) VALUES ($tenant, $article, $used, $helpful, $unhelpful)
ON CONFLICT (tenant, article) DO UPDATE SET used = article_count.used + excluded.used, helpful = article_count.helpful + excluded.helpful,
  unhelpful = article_count.unhelpful + excluded.unhelpful;

-- name: knowledge_synonyms_all () many
SELECT s.words FROM synonym s WHERE s.tenant = $tenant AND s.archived_at = 0 ORDER BY s.created_at, s.id;

-- name: knowledge_snippets () many
SELECT s.name, s.text_zh, s.text_en FROM snippet s WHERE s.tenant = $tenant AND s.archived_at = 0 ORDER BY s.name;

-- Articles that hold any, drafts too; which ones is for the caller to see.
-- name: snippet_users () many
SELECT a.code, a.title_zh, a.title_en, a.state, a.body_zh || ' ' || a.body_en || ' ' || a.cause_zh || ' ' || a.cause_en || ' ' || CAST(a.tree AS text) AS words:text
  FROM article a WHERE a.tenant = $tenant AND a.archived_at = 0
   AND a.body_zh || ' ' || a.body_en || ' ' || a.cause_zh || ' ' || a.cause_en || ' ' || CAST(a.tree AS text) LIKE '%{{snippet.%' ORDER BY a.code;
