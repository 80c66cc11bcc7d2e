/* A target is refused with a reason, or reads the same after its parts were encoded again. */
#include <assert.h>

#include <udcg/api/target.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void write_target(struct strbuf *buffer, const struct target *target)
{
	strbuf_append_text(buffer, "/?");
	for (size_t i = 0; i < target->argument_count; i++) {
		const struct argument *argument = &target->arguments[i];
		if (i > 0)
			strbuf_append_char(buffer, '&');
		target_append_encoded(buffer, argument->name);
		for (size_t j = 0; j < argument->value_count; j++) {
			strbuf_append_char(buffer, j == 0 ? '=' : ',');
			target_append_encoded(buffer, argument->values[j]);
		}
	}
}

static void check_arguments(const struct target *target, const struct target *again)
{
	assert(target->argument_count == again->argument_count);
	for (size_t i = 0; i < target->argument_count; i++) {
		const struct argument *a = &target->arguments[i], *b = &again->arguments[i];
		assert(!b->fault && bytes_equal(a->name, b->name));
		assert(a->value_count == b->value_count);
		for (size_t j = 0; j < a->value_count; j++)
			assert(bytes_equal(a->values[j], b->values[j]));
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena arena = {0};
	struct target target = {0}, again = {0};
	const char *detail = NULL;
	struct bytes raw = {.data = (const char *)data, .length = size};

	enum target_status status = target_parse(raw, &arena, &target, &detail);
	assert(status != TARGET_BAD || (detail && *detail));
	if (status == TARGET_OK) {
		assert(target.path.length > 0 && target.path.data[0] == '/');
		_cleanup_strbuf_ struct strbuf buffer = {0};
		write_target(&buffer, &target);
		status = target_parse(strbuf_bytes(&buffer), &arena, &again, &detail);
		assert(status == TARGET_OK);
		if (target.argument_count > 0)
			check_arguments(&target, &again);
	}
	arena_free(&arena);
	return 0;
}
