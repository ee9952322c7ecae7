-- A document is found by its lane and number, which every document has had an index for: a second one by company and number cost
-- each write of the index a page, and let PostgreSQL choose it for questions that the primary key answers.
DROP INDEX search_doc_by_doc;

-- only postgresql
-- Words gather in a short list that is merged into the index at once: one pass over the common words for some hundred documents
-- instead of one each. A question reads the list too, so it stays short.
ALTER INDEX search_text_0_by_words SET (fastupdate = on, gin_pending_list_limit = 256);
ALTER INDEX search_text_1_by_words SET (fastupdate = on, gin_pending_list_limit = 256);
-- end
