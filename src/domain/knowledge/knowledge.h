/* knowledge: what a company knows and tells: questions with their answers, articles, fault codes, fault trees (docs/adr/0047).
 *
 * The industry pack brings hundreds of entries as data. They are read from the pack at each use, like words and the report form; rows of
 * `article` and `phrasing` are only what the company wrote itself or said otherwise. Readers see both as one list, sorted by code. */
#pragma once

#include "core/record/record.h"
#include "engine/classify/classify.h"
#include "gen/schema.h"
#include "net/route.h"

struct yyjson_val;

extern const struct record article_record, phrasing_record, synonym_record;
extern const struct flow article_flow;
extern const struct choice article_kinds[], article_states[], article_topics[], article_dangers[], article_acts[];
extern const struct route knowledge_routes[];
extern const size_t knowledge_route_count;

enum { ARTICLE_TITLE_MOST = 200, ARTICLE_BODY_MOST = 8000, PHRASING_MOST = 200 };

enum article_kind { ARTICLE_FAQ, ARTICLE_TEXT, ARTICLE_FAULT_CODE, ARTICLE_FAULT_TREE, ARTICLE_KINDS };
enum article_state { ARTICLE_DRAFT, ARTICLE_REVIEW, ARTICLE_PUBLISHED, ARTICLE_RETIRED };
/* For whom it is; who edits sees drafts and what is not offered as well. */
enum article_audience { AUDIENCE_PUBLIC, AUDIENCE_CUSTOMER, AUDIENCE_STAFF, AUDIENCE_EDITOR };
#define ARTICLES_OF(kind) (1u << (kind))
#define ARTICLES_ALL ((1u << ARTICLE_KINDS) - 1)

/* How somebody asks for an article. */
struct article_phrasing {
	const char *text;
	int64_t id;                     /* of the company's row; 0: the pack's */
	bool off;                       /* the company wants it no more; it counts for nothing */
	bool mined;                     /* found in conversations, not written by an editor */
};

/* What is said under one code: the pack's words, or the company's where it has published or retired its own. English is "" where there is none. */
struct article_entry {
	const char *code;               /* "A01", "FR-012", "fridge-E1": unique in the company, never changed */
	enum article_kind kind;
	enum article_state state;
	enum article_audience audience;
	bool offered;                   /* the company has the product that it is about and, of a code of the pack, one of its models */
	const char *product;            /* code of a product, "" for all of them */
	const char *topic, *fault_code, *danger, *act, *source;         /* "" where there is none */
	const char *const *models;      /* codes of the models that it is about, NULL-ended; none: all */
	const char *const *see;         /* codes of entries that belong to it: the tree of a question, the question of a code */
	struct label title, cause, body;        /* cause: of fault codes */
	struct yyjson_val *tree;        /* of fault trees: {"start","nodes"}; read it by article_step() */
	const struct article_phrasing *phrasings;
	size_t phrasing_count;
	bool of_pack, changed;          /* the pack knows the code; it is the company's words that count */
	int64_t id, version;            /* the company's row, draft or not; 0: none */
	enum article_state row_state;   /* of that row, if there is one */
	bool expired;                   /* its last day is over: it answers nobody any more */
	int64_t review_on, expires_on;  /* day by which somebody should look at it again; 0: none */
	time_ms updated_at;
};

struct knowledge;

/* All that c's company knows, compiled once and shared until something of it changes; valid as long as c->arena. Whoever asks first after a change
 * pays for it, so ask in the pool, not in the writer. */
int knowledge_of(struct ctx *c, const struct knowledge **out) MUST_CHECK;
/* Moves on with each change: who derives something from all of it (a classifier, vectors) derives it again. */
int64_t knowledge_stamp(const struct knowledge *k);

/* Sorted by code; the entries of each answer are k's. */
const struct article_entry *knowledge_all(const struct knowledge *k, size_t *n);
const struct article_entry *knowledge_find(const struct knowledge *k, const char *code);       /* whatever its state; or NULL */
/* The first live entry of these kinds behind `after` (NULL or "": from the start), for one audience; NULL: there is none. A page is as many
 * calls as one likes: codes are keys. */
const struct article_entry *knowledge_next(const struct knowledge *k, const char *after, unsigned kinds, enum article_audience for_whom);
/* Published, about what the company offers, and meant for whoever asks: customers read what is public too, staff everything. */
bool article_is_live(const struct article_entry *e, enum article_audience for_whom);
/* What "E1" means on a product, or on a model where that is known: letters as people type them ("e-1", "Ｅ１"). product, model: NULL where not
 * known. The n best, live for `for_whom`: more than one where it means different things and nobody said on what. */
size_t knowledge_fault_codes(struct arena *a, const struct knowledge *k, const char *product, const char *model, const char *code,
                             enum article_audience for_whom, const struct article_entry **out, size_t room);

const char *label_text(const struct label *l, enum lang lang);          /* the Chinese one where there is no English */
struct knowledge_products_row;
/* NULL: there is none of that code. */
const char *product_called(const struct knowledge_products_row *products, size_t n, const char *code, enum lang lang);

struct file_info;
/* Whether it holds this uploaded picture, video or file and its words show it: then whoever may read it may have the file. */
bool article_shows_file(struct ctx *c, const struct article_entry *e, int64_t id);
/* All of those, asked for at once. */
int article_files(struct ctx *c, const struct article_entry *e, struct file_info **out, size_t *n) MUST_CHECK;
/* A text for where no file can be shown, such as a message of the bot: the words of each stand in its place. */
const char *article_said(struct arena *a, const char *text);
/* How engine/markdown shows it, at this address. */
struct markdown_file;
void article_file_as(const struct file_info *info, const char *url, struct markdown_file *out);

/* Looks after the days of review and expiry; added when an article with one is written. */
#define KNOWLEDGE_REVIEW_JOB "knowledge.review"
/* Writer: readers compile anew from this transaction on, and what is asked is learned again soon. By whoever changes an entry, or when one expires. */
int knowledge_changed(struct ctx *c) MUST_CHECK;

/* Understanding: by what the pack taught and what the company says otherwise, as far as that has been learned yet (docs/adr/0056). Where
 * nothing understands questions (services->understanding NULL) nobody may ask. */
void knowledge_decide(struct ctx *c, const struct knowledge *k, const struct classify_ask *ask, struct classify_decision *out);
bool knowledge_is_learned(struct ctx *c, const struct knowledge *k);    /* all that is said now */
void knowledge_learn(struct ctx *c);     /* in the background, if there is something: nobody need wait for a question */
const char *knowledge_version(struct ctx *c, const struct knowledge *k);        /* of what is asked, in short letters */

/* A draft beside what is in force (docs/adr/0061). In a reader; both live as long as c->arena, and nobody else sees either. */
struct knowledge_trial {
	const struct knowledge *now;    /* what is in force */
	const struct knowledge *then;   /* with the draft published; NULL: it is no draft any more */
	const char *sign;               /* of the draft and its phrasings, in short letters */
};
int knowledge_trial(struct ctx *c, int64_t draft, struct knowledge_trial *out) MUST_CHECK;
void knowledge_trial_learn(struct ctx *c, const struct knowledge_trial *t);    /* in the background, apart from what customers are answered by */
void knowledge_trial_over(struct ctx *c);       /* what was learned for a draft of the company is forgotten */

/* Vectors of questions that are about to be decided, from an endpoint where the company has one (docs/adr/0060). knowledge_decide() finds them in memory, or does
 * without. A plan of nothing is NULL. */
struct embedding_plan;
enum { KNOWLEDGE_VECTORS_MOST = 40, KNOWLEDGE_VECTOR_MS = 1500 };       /* so long one question waits at most */
/* In a reader. texts: as they were written; redacted: the same by model_redact(), for whoever asks knows names that we do not. In c->arena. */
int knowledge_vectors_plan(struct ctx *c, const char *const *texts, const char *const *redacted, size_t n, struct embedding_plan **out) MUST_CHECK;
/* In the pool, without a transaction; takes timeout_ms at most (0: as long as the account allows). Never fails. */
void knowledge_vectors_ask(struct ctx *c, const struct embedding_plan *plan, unsigned timeout_ms, int64_t conversation_id, int64_t no);

/* Fault trees ----------------------------------------------------------------------------------------------------------- */

enum { TREE_MOST_NODES = 60, TREE_MOST_CHOICES = 8, TREE_SAY_MOST = 100, TREE_TELL_MOST = 1000 };

struct tree_choice {
	struct label say;
	const char *go;
};
/* One node: it asks and has choices, or it tells and ends. */
struct tree_step {
	const char *name;
	struct label ask, hint, tell;
	const char *end;                /* NULL: it asks. "solved", "report" or "stop" (danger: nothing more is to be tried) */
	struct tree_choice choices[TREE_MOST_CHOICES];
	size_t choice_count;
};
/* node NULL: where it starts. False: there is no such node. */
bool article_step(const struct article_entry *e, const char *node, struct tree_step *out);

/* Not published yet: written on, or in review. */
struct article;
bool article_is_draft(const struct article *a);
/* Its title; of a fault code with the code. */
const char *article_called(struct arena *a, const struct article_entry *e, enum lang lang);

/* Search ---------------------------------------------------------------------------------------------------------------- */

struct article_hit {
	const struct article_entry *entry;
	double score;
};
int article_hit_better(const void *a, const void *b);   /* for qsort: best first, alike ones by their code */
/* Best first, among entries live for `for_whom`, by words of title, phrasings, codes and text; the last word may be unfinished. */
size_t knowledge_search(struct ctx *c, const struct knowledge *k, const char *words, unsigned kinds, const char *product,
                        enum article_audience for_whom, struct article_hit *out, size_t room);

/* The company's thesaurus: NULL-ended lists of words that mean the same, folded. Search knows it already. */
const char *const *const *knowledge_synonyms(const struct knowledge *k, size_t *n);

/* Safety ---------------------------------------------------------------------------------------------------------------- */

/* What danger sounds like, of the company's pack: whoever says one of `words`, and none of `nots` in their place, is told `text` at once. */
struct safety_rule {
	const char *danger;             /* "smoke", "gas" … as in article_dangers */
	const char *const *words, *const *nots;
	struct label text;
	const char *source;
};
const struct safety_rule *knowledge_safety(const struct knowledge *k, size_t *n);

/* Counts ---------------------------------------------------------------------------------------------------------------- */

/* Writer: the article was used in an answer, or somebody found it helpful or not. Of a code that there is. */
enum article_use { ARTICLE_USED, ARTICLE_HELPFUL, ARTICLE_UNHELPFUL };
int article_counted(struct ctx *c, const char *code, enum article_use what) MUST_CHECK;

/* Writer: a phrasing found in a conversation, already without what tells of a person. Known ones are left as they are: *id is 0 then. */
int phrasing_mined(struct ctx *c, const char *code, const char *text, int64_t *id) MUST_CHECK;
