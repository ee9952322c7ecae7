/* The order of what is looked at: danger, who is there, what she wants of us, and only then her question. */
#include "domain/bot/bot_plan.h"

static struct bot_plan hand_over(const char *why)
{
	return (struct bot_plan){ .did = BOT_HAND_OVER, .why = why };
}

static struct bot_plan plain(enum bot_did did)
{
	return (struct bot_plan){ .did = did, .why = "" };
}

/* Who is to have a person whatever she asks. False: nobody of those. */
static bool person_first(const struct bot_heard *h, struct bot_plan *out)
{
	const char *why = NULL;
	if (h->says & SAYS_PERSON)
		why = h->pending == PENDING_PERSON ? h->asked_why : "HO-02";
	else if (h->late)
		why = "HO-05";
	else if (h->says & SAYS_MINOR)
		why = "HO-10";
	else if (h->says & SAYS_ELDERLY)
		why = "HO-09";
	else if (h->visits >= BOT_VISITS_MANY && (h->says & (SAYS_ANGRY | SAYS_COMPLAINT | SAYS_UNSOLVED)))
		why = "HO-08";
	if (why)
		*out = hand_over(why);
	return why != NULL;
}

/* What is asked first: whether she wants a person for it. */
static struct bot_plan ask_person(const char *why)
{
	return (struct bot_plan){ .did = BOT_ASK, .why = why };
}

/* An answer to what the bot asked. False: it is none, and the message is one like any other. */
static bool answers(const struct bot_heard *h, struct bot_plan *out)
{
	bool yes = h->says & SAYS_YES, no = h->says & SAYS_NO;
	switch (h->pending) {
	case PENDING_PERSON:
		*out = yes ? hand_over(h->asked_why) : plain(BOT_GREET);
		return yes || no;
	case PENDING_BACK:
		*out = plain(yes ? BOT_BACK : BOT_ASK);
		return true;
	case PENDING_SOLVED:
		*out = h->says & SAYS_UNSOLVED ? ask_person("HO-01") : plain(BOT_SOLVED);
		return h->says & (SAYS_SOLVED | SAYS_UNSOLVED) || yes || ((h->says & SAYS_THANKS) && !no);
	case PENDING_TREE:
		*out = plain(BOT_TREE);
		return h->named;
	default:
		return false;
	}
}

static struct bot_plan not_understood(const struct bot_heard *h)
{
	return h->misses + 1 >= BOT_MISSES_MOST ? hand_over("HO-01") : plain(BOT_SORRY);
}

/* What is told of the customer's own things, rather than by an article. */
static bool is_own(const char *act)
{
	return text_equal(act, "warranty") || text_equal(act, "progress") || text_equal(act, "order");
}

/* A topic of safety (HO-03): a drip by itself is none, its article says when it becomes one. */
static bool is_safety(const struct article_entry *e)
{
	static const char *const grave[] = { "gas", "shock", "smoke", "fire" };
	for (size_t i = 0; i < sizeof(grave) / sizeof(grave[0]); i++)
		if (text_equal(e->danger, grave[i]))
			return true;
	return text_equal(e->topic, "safety");
}

/* Of an order that she names: unless she surely asks something else. */
static bool is_of_order(const struct bot_heard *h)
{
	bool another = h->decision && h->decision->kind == CLASSIFY_ANSWER && h->article && !is_own(h->article->act) && !text_equal(h->article->topic, "order");
	return h->order != NULL && !another;
}

static struct bot_plan question(const struct bot_heard *h)
{
	const struct classify_decision *d = h->decision;
	if (is_of_order(h))
		return plain(BOT_OWN);
	if (h->own_code && (!d || d->kind == CLASSIFY_UNKNOWN || d->kind == CLASSIFY_CLARIFY))
		return plain(BOT_ANSWER);
	if (!d)
		return hand_over("HO-11");
	if (d->kind == CLASSIFY_CLARIFY)
		return plain(BOT_CLARIFY);
	if (d->kind == CLASSIFY_UNKNOWN)
		return d->inside > 0.5 ? hand_over("HO-11") : not_understood(h);
	if (!h->article)
		return hand_over("HO-11");
	if (text_equal(h->article->act, "person"))
		return hand_over("HO-02");
	if (text_equal(h->article->act, "complain"))
		return ask_person("HO-07");
	if (h->rare)
		return hand_over("HO-12");
	struct bot_plan plan = plain(is_own(h->article->act) ? BOT_OWN : BOT_ANSWER);
	if (is_safety(h->article)) {
		plan.did = BOT_HAND_OVER;       /* with its answer */
		plan.why = "HO-03";
	}
	return plan;
}

/* A complaint and anger go before it: she is asked, and the flow waits. */
static bool is_flow(const struct bot_heard *h)
{
	return h->flow != FLOW_NONE && h->flow != FLOW_ASIDE && !(h->says & (SAYS_COMPLAINT | SAYS_ANGRY));
}

struct bot_plan bot_plan_of(const struct bot_heard *h)
{
	struct bot_plan plan;
	if (h->danger)
		return (struct bot_plan){ .did = BOT_HAND_OVER, .why = "HO-04", .say_safety = true, .critical = true };
	if (person_first(h, &plan))
		return plan;
	if (h->flow == FLOW_LOST)
		return hand_over("HO-01");
	if (is_flow(h))
		return plain(BOT_FLOW);
	if (answers(h, &plan))
		return plan;
	if (h->says & SAYS_COMPLAINT)
		return ask_person("HO-07");
	if (h->says & SAYS_ANGRY)
		return ask_person("HO-06");
	if (h->says & SAYS_MONEY)
		return hand_over("HO-20");
	if ((h->says & SAYS_UNSOLVED) && (!h->decision || h->decision->kind == CLASSIFY_UNKNOWN))
		return ask_person("HO-01");
	if (h->says & SAYS_HELLO)
		return plain(BOT_GREET);
	if (h->says & (SAYS_THANKS | SAYS_SOLVED))
		return plain(BOT_SOLVED);
	plan = question(h);
	plan.money = plan.did == BOT_ANSWER && h->article && (text_equal(h->article->act, "return") || text_equal(h->article->topic, "order") || text_equal(h->article->topic, "warranty"));
	return plan;
}
