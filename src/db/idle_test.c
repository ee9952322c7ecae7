/* A thread gets back the connection it knows, another thread any, nobody one that is in use. */
#include "base/test.h"

#include "db/idle.h"

static int places[3];

static struct db_conn *connection(int i)
{
	return (struct db_conn *)&places[i];
}

static void *give_the_last(void *arg)
{
	idle_give(arg, connection(2));
	return NULL;
}

static void nobody_gets_one_from_an_empty_stack(void **state)
{
	struct idle s = { 0 };
	assert_null(idle_take(&s));
	idle_give(&s, connection(0));
	assert_ptr_equal(idle_take(&s), connection(0));
	assert_null(idle_take(&s));
}

static void a_thread_gets_back_what_it_used_last(void **state)
{
	struct idle s = { 0 };
	pthread_t other;
	idle_give(&s, connection(0));
	idle_give(&s, connection(1));
	assert_int_equal(pthread_create(&other, NULL, give_the_last, &s), 0);
	assert_int_equal(pthread_join(other, NULL), 0);
	assert_ptr_equal(idle_take(&s), connection(1));
	assert_ptr_equal(idle_take(&s), connection(0));
	assert_ptr_equal(idle_take(&s), connection(2));        /* rather a stranger's than none */
	assert_null(idle_take(&s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_gets_one_from_an_empty_stack),
		cmocka_unit_test(a_thread_gets_back_what_it_used_last),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
