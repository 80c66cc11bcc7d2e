#include "sandbox.h"

#include <linux/capability.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <udcg/base/log.h>
#include <unistd.h>

#include "sandbox_files.h"
#include "sandbox_system_calls.h"

/* Sanitizers look into /proc and trace their own threads. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) \
	|| __has_feature(thread_sanitizer)
#define OBSERVED true
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define OBSERVED true
#endif
#if !defined(OBSERVED)
#define OBSERVED false
#endif

static bool drop_capabilities(void)
{
	/* Ends where the kernel knows no such capability; needs one itself, so it comes first. */
	for (unsigned long capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0;)
		capability++;
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
	return syscall(SYS_capset, &header, none) == 0;
}

void sandbox_enter(const char *timeline, const char *database)
{
	if (OBSERVED) {
		log_event(LOG_INFO, "no sandbox: this build watches itself", NULL, 0);
		return;
	}
	bool privileges = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
	bool capabilities = drop_capabilities();
	int landlock = sandbox_restrict_files(timeline, database);
	bool calls = sandbox_restrict_system_calls();
	bool complete = privileges && capabilities && landlock > 0 && calls;
	log_event(complete ? LOG_INFO : LOG_WARNING, "sandbox",
		LOG_FIELDS({.name = "no_new_privileges", .number = privileges},
			{.name = "no_capabilities", .number = capabilities},
			{.name = "landlock", .number = landlock},
			{.name = "seccomp", .number = calls}));
}
