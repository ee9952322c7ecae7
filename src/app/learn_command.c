/* anxin learn: makes PACK.knowledge of a pack's questions. The build runs it; a server only maps what comes of it. */
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "core/understand/understand_learn.h"

/* learn FOLDER MODEL CACHE OUT [FILE…]; "-" for a model or cache that there is not. */
int command_learn(const struct app_options *options, int argc, char **argv)
{
	ARENA_SCOPED a = arena_new();
	struct understand_result result;
	if (argc < 4) {
		fputs("anxin learn FOLDER MODEL|- CACHE|- OUT [FILE…]\n", stderr);
		return 2;
	}
	const struct understand_course course = {
		.folder = argv[0], .model = strcmp(argv[1], "-") ? argv[1] : NULL, .cache = strcmp(argv[2], "-") ? argv[2] : NULL, .out = argv[3],
		.also = (const char *const *)argv + 4, .also_count = (size_t)argc - 4,
	};
	int r = understand_learn(a, &course, &result);
	if (r < 0) {
		fprintf(stderr, "anxin: %s: %s%s%s\n", course.folder, error_name(r), result.fault ? ": " : "", result.fault ? result.fault : "");
		return 1;
	}
	if (result.found)
		printf("%s is as it was\n", course.out);
	else
		printf("%s: %zu questions in %zu phrasings, %zu of other things; %zu texts were new\n", course.out, result.questions, result.phrasings,
		       result.outside, result.embedded);
	return 0;
}
