/* Preloaded, it lets allocations fail when a test says so, and counts what is alive.
 *
 * FAIL_MALLOC names a file that holds a struct control; the test maps it, too. Allocations are
 * numbered from 0; those from `first` up to, but not, `last` fail, until main() has returned. A start
 * makes a hundred thousand of them, most by a way that others came before; of each way `numbers`
 * has the first. Where `ours` is set only those count that the program asks for, itself or by way of
 * the C library. */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	DEPTH = 12, /* a way is the innermost so many calls */
	WAYS_MAX = 1 << 15,
	SEEN_MAX = 4 * WAYS_MAX,
};

struct control {
	_Atomic long first, last;
	_Atomic long ours;
	_Atomic long made;
	_Atomic long failed;
	_Atomic long blocks, bytes; /* alive */
	_Atomic long noting; /* 1: ways are noted */
	_Atomic long ways;
	long numbers[WAYS_MAX];
	_Atomic size_t seen[SEEN_MAX]; /* hashes of the ways */
};

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

struct image {
	uintptr_t begin, end;
};

static struct control *control;
static struct image images[2]; /* the program and the C library */
static _Thread_local bool inside; /* backtrace may allocate */

static int note_image(struct dl_phdr_info *info, size_t size, void *context)
{
	static const char library[] = "/libc.so.";
	bool program = info->dlpi_name[0] == '\0' && images[0].end == 0;
	(void)size;
	(void)context;
	if (!program && !strstr(info->dlpi_name, library))
		return 0;
	struct image *image = &images[program ? 0 : 1];
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		if (header->p_type != PT_LOAD || !(header->p_flags & PF_X))
			continue;
		image->begin = info->dlpi_addr + header->p_vaddr;
		image->end = image->begin + header->p_memsz;
	}
	return 0;
}

__attribute__((constructor)) static void start(void)
{
	const char *path = getenv("FAIL_MALLOC");
	int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	if (file < 0)
		return;
	void *page = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	void *frame;
	backtrace(&frame, 1); /* the first call loads a library */
	dl_iterate_phdr(note_image, NULL);
	if (page != MAP_FAILED)
		control = page;
}

static bool is_new(size_t hash)
{
	for (size_t at = hash % SEEN_MAX;; at = (at + 1) % SEEN_MAX) {
		size_t found = 0;
		if (atomic_compare_exchange_strong(&control->seen[at], &found, hash))
			return true;
		if (found == hash)
			return false;
	}
}

static void note_way(long number)
{
	void *frames[DEPTH];
	inside = true;
	int count = backtrace(frames, DEPTH);
	inside = false;
	size_t hash = 14695981039346656037U;
	for (int i = 0; i < count; i++)
		hash = (hash ^ (size_t)frames[i]) * 1099511628211U;
	if (control->ways >= WAYS_MAX || !is_new(hash | 1))
		return;
	long way = atomic_fetch_add(&control->ways, 1);
	if (way < WAYS_MAX)
		control->numbers[way] = number;
}

static bool is_ours(const void *caller)
{
	for (size_t i = 0; i < sizeof(images) / sizeof(images[0]); i++) {
		if ((uintptr_t)caller >= images[i].begin && (uintptr_t)caller < images[i].end)
			return true;
	}
	return false;
}

static bool fails(const void *caller)
{
	if (!control || inside || (control->ours && !is_ours(caller)))
		return false;
	long number = atomic_fetch_add(&control->made, 1);
	if (control->noting)
		note_way(number);
	if (number < atomic_load(&control->first) || number >= atomic_load(&control->last))
		return false;
	atomic_fetch_add(&control->failed, 1);
	errno = ENOMEM;
	return true;
}

static void *count(void *block, long sign)
{
	if (block && control) {
		atomic_fetch_add(&control->blocks, sign);
		atomic_fetch_add(&control->bytes, sign * (long)malloc_usable_size(block));
	}
	return block;
}

void *malloc(size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : count(__libc_malloc(size), 1);
}

void *calloc(size_t number, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : count(__libc_calloc(number, size), 1);
}

void *realloc(void *block, size_t size)
{
	if (fails(__builtin_return_address(0)))
		return NULL;
	count(block, -1);
	void *moved = __libc_realloc(block, size);
	count(moved ? moved : block, 1);
	return moved;
}

static void *align(const void *caller, size_t alignment, size_t size)
{
	return fails(caller) ? NULL : count(__libc_memalign(alignment, size), 1);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return align(__builtin_return_address(0), alignment, size);
}

int posix_memalign(void **ret_block, size_t alignment, size_t size)
{
	*ret_block = align(__builtin_return_address(0), alignment, size);
	return *ret_block ? 0 : ENOMEM;
}

void free(void *block)
{
	count(block, -1);
	__libc_free(block);
}

/* What is done after main() is the C library's and the profiler's. */
static int (*real_main)(int, char **, char **);

static int watched_main(int count, char **arguments, char **environment)
{
	int status = real_main(count, arguments, environment);
	if (control)
		atomic_store(&control->first, LONG_MAX);
	return status;
}

typedef int start_function(int (*)(int, char **, char **), int, char **, void (*)(void),
	void (*)(void), void (*)(void), void *);

start_function __libc_start_main;

int __libc_start_main(int (*main)(int, char **, char **), int count, char **arguments,
	void (*begin)(void), void (*end)(void), void (*end_loader)(void), void *stack_end)
{
	start_function *real = (start_function *)dlsym(RTLD_NEXT, "__libc_start_main");
	real_main = main;
	return real(watched_main, count, arguments, begin, end, end_loader, stack_end);
}
