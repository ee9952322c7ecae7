/* form: the report form that customers and staff see: what the pack says, with what the company has laid over it (docs/adr/0041-report-form.md).
 *
 * A form is JSON as the phone reads it (packs/NAME/form.json), and besides all that could be asked: scenes and questions of other packs,
 * questions and choices that the company has put away. Those carry "off": true. They are never asked, but tickets hold answers to them. */
#pragma once

#include <yyjson.h>

#include "core/pack/packs.h"
#include "core/record/record.h"
#include "net/route.h"

enum { FORM_MOST_FIELDS = 40, FORM_MOST_CHOICES = 40, FORM_MOST_SYMPTOMS = 40, FORM_MOST_PRODUCTS = 100, FORM_MOST_TEXT = 500, FORM_MOST_BYTES = 200000 };
#define FORM_SCENE_PATH "ticket.scene."         /* of labels of scenes, among the words of packs */
#define FORM_OWN "o_"           /* how names of the company's own questions, choices and symptoms begin */

struct form {
	const struct pack *pack;
	yyjson_val *scenes;     /* array */
	yyjson_val *symptoms;   /* by code of product */
};

/* The form in force with c's pack, or with another. A request holds it until its memory goes. */
int form_of(struct ctx *c, struct form *out) MUST_CHECK;
int form_of_pack(struct ctx *c, const struct pack *pack, struct form *out) MUST_CHECK;

static inline bool form_asks(yyjson_val *part) { return part && !yyjson_is_true(yyjson_obj_get(part, "off")); }
yyjson_val *form_scene(const struct form *f, const char *name);         /* off ones too; or NULL */
yyjson_val *form_part(yyjson_val *list, const char *key, const char *name);
/* Customers and staff report in scenes that are asked. Faults of the field "scene". */
int form_check_scene(struct ctx *c, const struct form *f, const char *scene) MUST_CHECK;
/* The grade of a symptom of the company's own; NULL: none of its own. */
const char *form_symptom_grade(const struct form *f, const char *code);
/* What is asked, as the phone gets it. */
yyjson_mut_val *form_asked(yyjson_mut_doc *doc, yyjson_val *list);
/* What the company calls a scene where that is not what the pack calls it; {NULL} elsewhere. */
struct label form_scene_label(const struct form *f, const char *name);
/* Words of the pack, with the company's names of scenes in them. */
const char *form_words(struct ctx *c, const struct form *f);

/* A customer's report, held against what the form asks. Whoever is in danger is refused nothing for what is missing. */
struct form_report {
	const char *scene, *product;    /* product: its code, or NULL */
	const char *text, *answers;
	size_t symptoms;
	bool device, when, proof, danger;
};
/* It has to be there: "device", "symptoms", "text", "times", "proof". */
bool form_needs(const struct form *f, const char *scene, const char *part);
int form_check_report(struct ctx *c, const struct form *f, const struct form_report *in) MUST_CHECK;

extern const struct record report_form_record;
extern const struct route form_routes[];
extern const size_t form_route_count;
